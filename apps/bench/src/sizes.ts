import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A size or time that stands alone, with its bound. */
export interface Single {
  title: string;
  value: number;
  unit: string;
  bound: number;
}

const run = promisify(execFile);
const here = fileURLToPath(new URL('..', import.meta.url));

/** Bundles (minified, gzip) and the time of importing `tensor`. */
export async function singles(): Promise<Single[]> {
  const core =
    "import { tensor } from '@maru-ml/tensor'; console.log(tensor([1, 2]).mul(2).matmul(tensor([3, 4])).sum().backward);";
  const kmeans =
    "import { KMeans } from '@maru-ml/cluster'; console.log(new KMeans({ nClusters: 2 }).fit([[1], [2]]).predict([[1]]));";
  return [
    { title: "bundle of tensor's core, gzip", value: (await bundle(core)) / 1024, unit: 'KB', bound: 15 },
    { title: 'bundle of k-means with all it uses, gzip', value: (await bundle(kmeans)) / 1024, unit: 'KB', bound: 15 },
    { title: 'importing tensor', value: await importTime(), unit: 'ms', bound: 30 },
  ];
}

async function bundle(code: string): Promise<number> {
  const { bundleSize } = (await import('@maru-ml/tooling/bundle-size')) as {
    bundleSize(code: string): Promise<{ gzip: number }>;
  };
  return (await bundleSize(code)).gzip;
}

/** The median of nine fresh processes, the time of an empty import taken off by measuring inside. */
async function importTime(): Promise<number> {
  const script = "const t = performance.now(); await import('@maru-ml/tensor'); console.log(performance.now() - t);";
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: here });
    times.push(Number(stdout));
  }
  return times.sort((a, b) => a - b)[4]!;
}
