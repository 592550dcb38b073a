import { gzipSync } from 'node:zlib';
import { readCifar10, readCsv, readIdx, readMnist } from '@maru-ml/datasets';
import type { Columns } from '@maru-ml/tensor';
import { mutateBytes } from '@maru-ml/tooling/testing/mutate';
import { type Reader, whole } from '../reader.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

const IDX = Uint8Array.of(0, 0, 13, 2, 0, 0, 0, 3, 0, 0, 0, 2, ...Array.from({ length: 24 }, (_, i) => i * 7));
const IDX_BYTES = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9);
const IMAGES = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4);
const LABELS = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 4, 3, 0, 9, 7);
const CIFAR = Uint8Array.from({ length: 3073 * 2 }, (_, i) => (i % 3073 === 0 ? 7 : i));
const CSV = text('a,"b ""x""",c\r\n1,"x,\ny",true\n2.5e3,한글,false\n,"",true\n');
const TSV = text('id\tname\tscore\n# a note\n9007199254740993\tKim\t0,5\n2\t\t1e3\n3\t"a\t\n"\t-inf\n');
const KOREAN = Uint8Array.of(0xc0, 0xcc, 44, 98, 10, 0xb8, 0xb6, 0xb7, 0xe7, 44, 49, 10, 0x8c, 0x63, 44, 50);

/** The readers of data sets. */
export const dataReaders: Reader[] = [
  bytesReader('idx', [IDX, IDX_BYTES], async (bytes) => wholeIdx(await readIdx(bytes))),
  bytesReader('gz', [gzipSync(IDX), gzipSync(IDX_BYTES)], async (bytes) => wholeIdx(await readIdx(bytes))),
  bytesReader('mnist', [LABELS, IMAGES], async (bytes) => {
    const isLabels = bytes[3] === 1;
    const [images, labels] = isLabels ? [IMAGES, bytes] : [bytes, LABELS];
    const files = { trainImages: images, trainLabels: labels, testImages: IMAGES, testLabels: LABELS };
    wholeImages((await readMnist(files)).train);
  }),
  bytesReader('cifar10', [CIFAR], async (bytes) => {
    wholeImages((await readCifar10({ train: bytes, test: new Uint8Array(3073) })).train);
  }),
  bytesReader('csv', [CSV], async (bytes) => wholeColumns(await readCsv(bytes))),
  bytesReader('csv-euc-kr', [KOREAN], async (bytes) => wholeColumns(await readCsv(bytes, { encoding: 'euc-kr' }))),
  bytesReader('tsv', [TSV, gzipSync(TSV)], async (bytes) => {
    wholeColumns(await readCsv(bytes, { separator: '\t', comment: '#', decimal: ',', trim: true, ragged: 'fill' }));
  }),
];

/** A reader of files that are given as bytes. */
function bytesReader(name: string, files: Uint8Array[], read: (bytes: Uint8Array) => unknown): Reader {
  return {
    name,
    draw(random, i) {
      const given = mutateBytes(files[i % files.length]!, random);
      return { given, run: () => read(given) };
    },
  };
}

function wholeIdx({ data, shape }: { data: ArrayLike<number>; shape: readonly number[] }): void {
  const size = shape.reduce((product, n) => product * n, 1);
  whole(data.length === size, `${data.length} numbers of shape [${shape}]`);
}

function wholeImages(images: { x: { data: ArrayLike<number>; shape: readonly number[] }; y: Int32Array }): void {
  const { x, y } = images;
  wholeIdx(x);
  whole(x.shape[0] === y.length, `${x.shape[0]} pictures with ${y.length} labels`);
  whole(
    y.every((label) => label >= 0 && label < 10),
    `a label of ${y}`,
  );
}

function wholeColumns(columns: Columns): void {
  const all = Object.values(columns);
  whole(all.length > 0, 'no columns');
  for (const column of all) {
    whole(column.length === all[0]!.length, `columns of ${all.map(({ length }) => length)} rows`);
    const good = (value: unknown) => value === null || typeof value === 'string' || typeof value === 'boolean';
    whole(column instanceof Float64Array || column.every(good), 'a column of another kind');
  }
}
