import { DataError, Random } from '@maru-ml/base';
import { describe, expect, test } from 'vitest';
import { readCifar10, readCsv, readIdx, readMnist } from '../src/index.ts';
import { gzip } from './reference.ts';

/** Valid files, and whether what a reader makes of one is whole. */
const FILES: { name: string; bytes: Uint8Array; read: (bytes: Uint8Array) => Promise<boolean> }[] = [
  {
    name: 'IDX',
    bytes: Uint8Array.of(0, 0, 13, 2, 0, 0, 0, 3, 0, 0, 0, 2, ...Array.from({ length: 24 }, (_, i) => i * 7)),
    read: async (bytes) => {
      const { data, shape } = await readIdx(bytes);
      return data.length === shape.reduce((product, n) => product * n, 1);
    },
  },
  {
    name: 'IDX in gzip',
    bytes: await gzip(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
    read: async (bytes) => {
      const { data, shape } = await readIdx(bytes);
      return data.length === shape.reduce((product, n) => product * n, 1);
    },
  },
  {
    name: 'MNIST labels',
    bytes: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 4, 3, 0, 9, 7),
    read: async (bytes) => {
      const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4);
      const part = { trainImages: images, trainLabels: bytes, testImages: images, testLabels: bytes };
      const { train } = await readMnist(part);
      return train.y.length === 4 && train.y.every((label) => label < 10);
    },
  },
  {
    name: 'CIFAR-10',
    bytes: Uint8Array.from({ length: 3073 * 2 }, (_, i) => (i % 3073 === 0 ? 7 : i)),
    read: async (bytes) => {
      const { train } = await readCifar10({ train: bytes, test: new Uint8Array(3073) });
      return train.x.data.length === train.y.length * 3072 && train.y.every((label) => label < 10);
    },
  },
  {
    name: 'CSV',
    bytes: new TextEncoder().encode('a,"b ""x""",c\r\n1,"x,\ny",true\n2.5e3,한글,false\n,"",true\n'),
    read: async (bytes) => {
      const lengths = Object.values(await readCsv(bytes)).map((column) => column.length);
      return lengths.length > 0 && lengths.every((length) => length === lengths[0]);
    },
  },
  {
    name: 'CSV in EUC-KR',
    bytes: Uint8Array.of(0xc0, 0xcc, 44, 98, 10, 0xb8, 0xb6, 0xb7, 0xe7, 44, 49, 10, 0x8c, 0x63, 44, 50),
    read: async (bytes) => {
      const lengths = Object.values(await readCsv(bytes, { encoding: 'euc-kr' })).map((column) => column.length);
      return lengths.length > 0 && lengths.every((length) => length === lengths[0]);
    },
  },
];

/** One to three changes: a bit, a byte, a cut, bytes put in or taken out, an end doubled. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let list = Array.from(bytes);
  for (let change = random.integer(3); change >= 0; change--) {
    const at = random.integer(list.length + 1);
    switch (random.integer(6)) {
      case 0:
        if (at < list.length) list[at]! ^= 1 << random.integer(8);
        break;
      case 1:
        if (at < list.length) list[at] = [0, 255, 34, 10, random.integer(256)][random.integer(5)]!;
        break;
      case 2:
        list = list.slice(0, at);
        break;
      case 3:
        list.splice(at, 0, ...Array.from({ length: 1 + random.integer(4) }, () => random.integer(256)));
        break;
      case 4:
        list.splice(at, 1 + random.integer(4));
        break;
      default:
        list = list.concat(list.slice(at));
    }
  }
  return Uint8Array.from(list);
}

describe('2,000 mutations of each valid file: a DataError in one sentence, or a whole result', () => {
  test.each(FILES)('$name', async ({ bytes, read }) => {
    const random = new Random(20260101);
    expect(await read(bytes)).toBe(true);
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      const changed = mutated(bytes, random);
      try {
        expect(await read(changed)).toBe(true);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        expect(error.message).toMatch(/^read\w+: [^\n]+$/);
        refused++;
      }
    }
    // Both ends have to be seen, or the mutations test nothing.
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(2000);
  });
});
