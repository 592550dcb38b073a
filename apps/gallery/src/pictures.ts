import { readBytes, readCifar10 } from '@maru-ml/datasets';
import { eveningScene, type Picture } from './scene.ts';
import type { Context } from './study.ts';

export type { Picture } from './scene.ts';

/** A drawn scene; with data a face and two photographs too. */
export async function colorPictures(context: Context): Promise<{ picture: Picture; name: string }[]> {
  const found: { picture: Picture; name: string }[] = [{ picture: eveningScene(), name: 'An evening at a lake' }];
  const faces = context.find('olivetti/faces-400x64x64.u8.gz');
  if (faces !== null) {
    const face = (await readBytes(faces)).subarray(0, 64 * 64);
    const data = Uint8ClampedArray.from({ length: 3 * 64 * 64 }, (_, i) => face[Math.floor(i / 3)]!);
    found.push({ picture: { data, shape: [64, 64, 3] }, name: 'A face (Olivetti)' });
  }
  const folder = context.find('cifar10-subset');
  if (folder !== null) {
    const { train } = await readCifar10(folder, { limit: 40 });
    for (const i of [4, 12]) {
      const pixels = train.x.data.subarray(i * 3072, (i + 1) * 3072);
      const data = Uint8ClampedArray.from({ length: 3072 }, (_, at) => pixels[(at % 3) * 1024 + Math.floor(at / 3)]!);
      found.push({ picture: { data, shape: [32, 32, 3] }, name: `CIFAR-10: ${train.targetNames[train.y[i]!]}` });
    }
  }
  if (found.length === 1) context.shrunk('Without --data only a drawn picture is segmented.');
  return found;
}
