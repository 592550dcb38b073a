import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataError, OptionError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type MnistSources, readCifar10, readIdx, readMnist } from '../src/index.ts';
import { fromBase64, reference, sha256, tables } from './reference.ts';

/** A folder of the tests, made when one needs it. */
let made: Promise<string> | undefined;
function newFolder(): Promise<string> {
  made ??= mkdtemp(join(tmpdir(), 'maru-images-'));
  return made;
}
afterAll(async () => {
  if (made !== undefined) await rm(await made, { recursive: true });
});

/** An IDX file of bytes. */
function idx(shape: number[], data: ArrayLike<number>, type = 8): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, type);
  header.setUint8(3, shape.length);
  for (const [axis, n] of shape.entries()) header.setUint32(4 + 4 * axis, n);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...Array.from(data)]);
}

/** Three pictures of 2 x 2 to train with and one to test with. */
const small: MnistSources = {
  trainImages: idx([3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]),
  trainLabels: idx([3], [5, 0, 4]),
  testImages: idx([1, 2, 2], [9, 9, 9, 9]),
  testLabels: idx([1], [7]),
};

/** A batch of CIFAR-10: a label and 3072 pixels, all of them the number of the picture. */
function cifar(labels: number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * 3073);
  for (const [i, label] of labels.entries()) bytes.fill(i + 1, i * 3073, (i + 1) * 3073)[i * 3073] = label;
  return bytes;
}

describe('worked by hand', () => {
  test('readIdx: a 2 x 3 file of 16-bit numbers', async () => {
    const bytes = idx([2, 3], [0, 1, 255, 255, 1, 0, 0, 0, 128, 0, 127, 255], 11);
    expect(await readIdx(bytes)).toEqual({ data: Int16Array.of(1, -1, 256, 0, -32768, 32767), shape: [2, 3] });
  });

  test('readMnist: pictures and labels of both parts', async () => {
    const { train, test } = await readMnist(small);
    expect(train.x).toEqual({ data: Uint8Array.of(0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8), shape: [3, 4] });
    expect(train.y).toEqual(Int32Array.of(5, 0, 4));
    expect(train.imageShape).toEqual([1, 2, 2]);
    expect(train.targetNames.join()).toBe('0,1,2,3,4,5,6,7,8,9');
    expect([test.x.shape, test.y]).toEqual([[1, 4], Int32Array.of(7)]);
  });

  test('scaled gives float32 numbers from 0 to 1, limit the first pictures', async () => {
    const { train, test } = await readMnist(small, { scaled: true, limit: 1 });
    expect(train.x).toEqual({ data: Float32Array.of(0, 0.2, 0.4, 1), shape: [1, 4] });
    expect([train.y.length, test.y.length]).toEqual([1, 1]);
  });

  test('readMnist finds the four files in a folder, gzipped or not, under both of their names', {
    tags: ['node'],
  }, async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(small.trainImages as Uint8Array));
    await writeFile(join(folder, 'train-labels.idx1-ubyte'), small.trainLabels as Uint8Array);
    await writeFile(join(folder, 't10k-images-idx3-ubyte'), small.testImages as Uint8Array);
    await writeFile(join(folder, 't10k-labels.idx1-ubyte.gz'), gzipSync(small.testLabels as Uint8Array));
    const wanted = await readMnist(small);
    expect(await readMnist(folder)).toEqual(wanted);
    expect(await readMnist(`${folder}/`)).toEqual(wanted);
    expect(await readMnist(new URL(`file://${folder}/`))).toEqual(wanted);
  });

  test('readMnist takes other classes, such as letters', async () => {
    const letters = { ...small, trainLabels: idx([3], [0, 1, 2]), testLabels: idx([1], [1]) };
    const { train } = await readMnist(letters, { targetNames: ['a', 'b', 'c'] });
    expect(Array.from(train.y, (label) => train.targetNames[label])).toEqual(['a', 'b', 'c']);
  });

  test('readCifar10: records of a label and three planes', async () => {
    const { train, test } = await readCifar10({ train: [cifar([6, 9]), cifar([0])], test: cifar([3]) });
    expect(train.x.shape).toEqual([3, 3072]);
    expect([0, 3071, 3072, 6144].map((i) => train.x.data[i])).toEqual([1, 1, 2, 1]);
    expect(Array.from(train.y, (label) => train.targetNames[label])).toEqual(['frog', 'truck', 'airplane']);
    expect([train.imageShape, test.y]).toEqual([[3, 32, 32], Int32Array.of(3)]);
  });

  test('readCifar10 finds the batches of a folder; limit counts over all of them', { tags: ['node'] }, async () => {
    const folder = await newFolder();
    const cifarFolder = join(folder, 'cifar');
    await mkdir(cifarFolder);
    await writeFile(join(cifarFolder, 'data_batch_1.bin.gz'), gzipSync(cifar([6, 9])));
    await writeFile(join(cifarFolder, 'data_batch_2.bin'), cifar([0, 1]));
    await writeFile(join(cifarFolder, 'test_batch.bin'), cifar([3]));
    expect((await readCifar10(cifarFolder)).train.y).toEqual(Int32Array.of(6, 9, 0, 1));
    const { train, test } = await readCifar10(cifarFolder, { limit: 3, scaled: true });
    expect([train.y, train.x.shape, test.y]).toEqual([Int32Array.of(6, 9, 0), [3, 3072], Int32Array.of(3)]);
    expect(train.x.data[0]).toBe(Math.fround(1 / 255));
  });
});

describe('reference: NumPy', () => {
  test.each(reference.idx)('an IDX file of type $type', async ({ shape, values, base64, gzip }) => {
    const { data, shape: came } = await readIdx(fromBase64(base64));
    expect([came, Array.from(data)]).toEqual([shape, values]);
    expect(await readIdx(fromBase64(gzip))).toEqual({ data, shape });
  });

  test('readMnist: pictures and labels of both parts, as bytes and scaled', async () => {
    const { train, test } = tables.mnist;
    const sources = {
      trainImages: fromBase64(train.images),
      trainLabels: fromBase64(train.labels),
      testImages: fromBase64(test.images),
      testLabels: fromBase64(test.labels),
    };
    const bytes = await readMnist(sources);
    const scaled = await readMnist(sources, { scaled: true });
    for (const part of ['train', 'test'] as const) {
      const { x, y, scaled: wanted } = tables.mnist[part];
      expect(Array.from(bytes[part].x.data)).toEqual(x.flat());
      expect(Array.from(bytes[part].y)).toEqual(y);
      expectClose(scaled[part].x.data, wanted.flat(), { rtol: 1e-7 });
    }
  });

  test('readCifar10: labels, and every pixel by its checksum', async () => {
    const [first, second] = tables.cifar;
    const { train, test } = await readCifar10({ train: fromBase64(first!.gzip), test: fromBase64(second!.gzip) });
    for (const [part, { y, sha256: wanted, mean }] of [
      [train, first!],
      [test, second!],
    ] as const) {
      const pixels = Uint8Array.from(part.x.data);
      expect(Array.from(part.y)).toEqual(y);
      expect(await sha256(pixels)).toBe(wanted);
      expectClose(pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length, mean, { rtol: 1e-12 });
    }
  });
});

describe('laws', () => {
  test('a file of any shape comes back; one byte less or more is refused', async () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shapes, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), async (shape, stream) => {
        const length = shape.reduce((product, n) => product * n, 1);
        const values = Array.from({ length }, () => stream.next().value);
        const bytes = idx(shape, values);
        expect(await readIdx(bytes)).toEqual({ data: Uint8Array.from(values), shape });
        await expect(readIdx(bytes.subarray(0, -1))).rejects.toBeInstanceOf(DataError);
        await expect(readIdx(Uint8Array.from([...bytes, 0]))).rejects.toBeInstanceOf(DataError);
      }),
      { numRuns: 50 },
    );
  });
});

describe('bad files are refused by name and byte', () => {
  const huge = 0xffffffff;
  const refusals: [string, Uint8Array, string][] = [
    ['empty', new Uint8Array(0), 'the file ends at byte 0, within the header of an IDX file'],
    [
      'mislabelled',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0),
      'the file is no IDX file: it must begin with 00 00 and a type from 08 to 0e, but begins with 89 50 4e 47',
    ],
    [
      'of an unknown type',
      idx([1], [0], 10),
      'the file is no IDX file: it must begin with 00 00 and a type from 08 to 0e, but begins with 00 00 0a 01',
    ],
    [
      'of a wrong beginning',
      Uint8Array.of(0, 1, 8, 1, 0, 0, 0, 1, 5),
      'the file is no IDX file: it must begin with 00 00 and a type from 08 to 0e, but begins with 00 01 08 01',
    ],
    ['without axes', idx([], [1]), 'the file has 0 axes at byte 3, wanted at least 1'],
    [
      'cut in the header',
      idx([1, 1], []).subarray(0, 9),
      'the file ends at byte 9, but the lengths of its 2 axes go to byte 12',
    ],
    [
      'truncated',
      idx([2, 2], [1, 2, 3]),
      'the file ends at byte 15, but its header [2, 2] asks for 16 bytes; it is truncated',
    ],
    [
      'too long',
      idx([2], [1, 2, 3]),
      'the file ends at byte 11, but its header [2] asks for 10 bytes; something else follows',
    ],
    [
      'oversized',
      idx([huge, huge, huge], [1, 2, 3]),
      `the file ends at byte 19, but its header [${huge}, ${huge}, ${huge}] asks for ${16 + huge ** 3} bytes; it is truncated`,
    ],
  ];
  test.each(refusals)('an IDX file that is %s', async (_, bytes, message) => {
    await expectError(() => readIdx(bytes), DataError, `readIdx: ${message}`);
  });

  test('MNIST: labels for pictures, other counts, labels that no class has', async () => {
    await expectError(
      () => readMnist({ ...small, trainImages: small.trainLabels }),
      DataError,
      'readMnist: trainImages must hold bytes of pictures [n, height, width], but its header (bytes 2 and 3) says Uint8Array with 1 axes',
    );
    await expectError(
      () => readMnist({ ...small, trainLabels: idx([3], [1, 2, 3], 9) }),
      DataError,
      'readMnist: trainLabels must hold bytes of labels [n], but its header (bytes 2 and 3) says Int8Array with 1 axes',
    );
    await expectError(
      () => readMnist({ ...small, trainLabels: small.testLabels }),
      DataError,
      'readMnist: trainLabels has 1 labels, but trainImages has 3 pictures',
    );
    await expectError(
      () => readMnist({ ...small, trainLabels: idx([3], [0, 9, 10]) }),
      DataError,
      'readMnist: trainLabels has the label 10 at byte 10, wanted 0 to 9',
    );
    await expectError(
      () => readMnist({ ...small, testImages: idx([1, 1, 2], [9, 9]) }),
      DataError,
      'readMnist: the pictures to test with are [1, 2], but those to train with are [2, 2]',
    );
  });

  test('MNIST: a file is not there, or damaged', { tags: ['node'] }, async () => {
    const folder = await newFolder();
    const bare = join(folder, 'bare');
    await mkdir(bare);
    await expectError(
      () => readMnist(bare),
      DataError,
      `readMnist: there is no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in ${bare}`,
    );
    await expectError(
      () => readMnist({ trainImages: small.trainImages } as MnistSources),
      OptionError,
      'readMnist: trainLabels must be a path, a URL or bytes, got undefined',
    );
    const file = join(bare, 'train-images-idx3-ubyte.gz');
    await writeFile(file, gzipSync(small.trainImages as Uint8Array).subarray(0, -5));
    await expectError(
      () => readMnist(bare),
      DataError,
      `readMnist: ${file} is truncated or corrupt: its gzip data break off after 28 bytes of content`,
    );
  });

  test('CIFAR-10: cut, empty, a label above 9, no batch', { tags: ['node'] }, async () => {
    const folder = await newFolder();
    const test = cifar([3]);
    await expectError(
      () => readCifar10({ train: cifar([1, 2]).subarray(0, 5000), test }),
      DataError,
      'readCifar10: train[0] ends at byte 5000, within record 1 of 3073 bytes from byte 3073',
    );
    await expectError(
      () => readCifar10({ train: new Uint8Array(0), test }),
      DataError,
      'readCifar10: train[0] is empty',
    );
    await expectError(
      () => readCifar10({ train: cifar([1, 10]), test }),
      DataError,
      'readCifar10: train[0] has the label 10 in record 1 at byte 3073, wanted 0 to 9',
    );
    await expectError(
      () => readCifar10(join(folder, 'nowhere')),
      DataError,
      `readCifar10: there is no data_batch_1.bin (or .gz) in ${join(folder, 'nowhere')}`,
    );
    await expectError(
      () => readCifar10({ test } as never),
      OptionError,
      'readCifar10: the source must be a path, a URL or bytes, got undefined',
    );
  });

  test('options are checked', async () => {
    await expectError(
      () => readMnist(small, { scale: true } as object),
      OptionError,
      'readMnist: there is no option scale, only cache, sha256, maxBytes, signal, scaled, limit and targetNames',
    );
    await expectError(
      () => readCifar10({ train: [], test: cifar([1]) }),
      OptionError,
      'readCifar10: train must hold at least one batch, got []',
    );
    await expectError(
      () => readMnist(small, { targetNames: 'abc' as never }),
      OptionError,
      "readMnist: targetNames must be an array of strings, got 'abc'",
    );
    await expectError(
      () => readCifar10({ train: [], test: cifar([1]) }, { limit: 0 }),
      OptionError,
      'readCifar10: limit must be an integer ≥ 1, got 0',
    );
  });
});
