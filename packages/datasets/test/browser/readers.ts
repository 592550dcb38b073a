import { makeMoons, readBytes, readCsv, readIdx, writeCsv } from '../../src/index.ts';
import { iris } from '../../src/iris.ts';

const KOREAN = Uint8Array.of(0xc0, 0xcc, 10, 0x8c, 0x63, 10, 0xb8, 0xb6, 10);

/** What the readers, a data set and a generator give; the same in Node and in browsers. */
export async function run(): Promise<unknown> {
  const idx = Uint8Array.of(0, 0, 11, 1, 0, 0, 0, 2, 1, 0, 255, 255);
  const zipped = new Response(new Blob([idx]).stream().pipeThrough(new CompressionStream('gzip')));
  const bytes = new Uint8Array(await zipped.arrayBuffer());
  const message = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'no error',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  return {
    idx: Array.from((await readIdx(bytes)).data),
    cut: await message(readIdx(bytes.subarray(0, -9))),
    file: await readCsv(new File(['a;b\n1;x\n;'], 'table.csv'), { separator: ';' }),
    ragged: await message(readCsv(new File(['a,b\n1'], 'table.csv'))),
    korean: await readCsv(KOREAN, { encoding: 'euc-kr' }),
    latin: await readCsv(Uint8Array.of(97, 10, 0x96, 10), { encoding: 'cp1252' }),
    latinFails: await message(readCsv(Uint8Array.of(97, 10, 0x96, 10))),
    iris: Array.from(iris().x.data.subarray(0, 4)),
    moons: Array.from(makeMoons({ nSamples: 5, noise: 0.1, seed: 1 }).x.data),
  };
}

/** What only a page can do: paths relative to it, no cache, no files to write. */
export async function runInPage(): Promise<unknown> {
  const failure = await writeCsv('a.csv', { a: ['x'] }).catch((error: Error) => `${error.name}: ${error.message}`);
  const missing = await readBytes('/none.csv').catch((error: Error) => `${error.name}: ${error.message}`);
  return { table: await readCsv('/table.csv', { cache: 'ignored' }), failure, missing };
}
