import { checkBoolean, checkInteger, checkKnown, DataError, OptionError } from '@maru-ml/base';
import { type ImageDataset, type ImageOptions, type ImageSplits, unitScale } from './images.ts';
import { type OpenFile, open, openFirst, SOURCE_OPTIONS, type Source, type SourceOptions } from './source.ts';

export interface Cifar10Sources {
  /** The training batches, in their order. */
  train: Source | readonly Source[];
  test: Source;
}

export interface Cifar10Options extends ImageOptions, Omit<SourceOptions, 'sha256'> {
  /** SHA-256 of the files: of the training batches in their order, and of the test batch; not checked. */
  sha256?: { train?: readonly string[]; test?: string };
}

const NAMES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/**
 * Reads CIFAR-10's binary version: records of a label and 32 x 32 pixels, all of them red, then green, then blue. `source` is the
 * folder (or the URL of one) with `data_batch_1.bin` and so on (as many as there are, up to 5) and `test_batch.bin`, gzipped or not, or
 * the files themselves.
 *
 * @returns the pictures to train and to test with, `x` [n, 3072]
 * @throws DataError, naming the file and the byte, if a file is missing, ends within a record or has a label above 9
 *
 * Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", University of Toronto, 2009.
 */
export function readCifar10(
  source: string | URL | Cifar10Sources,
  options: Cifar10Options & { scaled: true },
): Promise<ImageSplits<Float32Array>>;
export function readCifar10(
  source: string | URL | Cifar10Sources,
  options?: Cifar10Options & { scaled?: false },
): Promise<ImageSplits<Uint8Array>>;
export function readCifar10(source: string | URL | Cifar10Sources, options?: Cifar10Options): Promise<ImageSplits>;
export async function readCifar10(
  source: string | URL | Cifar10Sources,
  options: Cifar10Options = {},
): Promise<ImageSplits> {
  checkKnown('readCifar10', options, [...SOURCE_OPTIONS, 'scaled', 'limit']);
  const { scaled = false, limit = Number.MAX_SAFE_INTEGER, ...rest } = options;
  checkBoolean('readCifar10', 'scaled', scaled);
  checkInteger('readCifar10', 'limit', limit, { min: 1 });
  const files = await openAll(source, rest);
  return { train: decode(files.train, scaled, limit), test: decode([files.test], scaled, limit) };
}

async function openAll(
  source: string | URL | Cifar10Sources,
  { sha256 = {}, ...options }: Omit<Cifar10Options, keyof ImageOptions>,
): Promise<{ train: OpenFile[]; test: OpenFile }> {
  checkKnown('readCifar10', sha256, ['train', 'test']);
  const train: OpenFile[] = [];
  if (typeof source !== 'string' && !(source instanceof URL)) {
    const batches = Array.isArray(source.train) ? (source.train as readonly Source[]) : [source.train as Source];
    if (batches.length === 0) throw new OptionError('readCifar10: train must hold at least one batch, got []');
    for (const [i, batch] of batches.entries()) {
      train.push(await open('readCifar10', batch, { ...options, sha256: sha256.train?.[i] }, `train[${i}]`));
    }
    return { train, test: await open('readCifar10', source.test, { ...options, sha256: sha256.test }, 'test') };
  }
  const folder = String(source).replace(/\/$/, '');
  const find = (name: string, hash: string | undefined): Promise<OpenFile | undefined> =>
    openFirst('readCifar10', [`${folder}/${name}`, `${folder}/${name}.gz`], { ...options, sha256: hash });
  for (let i = 1; i <= 5; i++) {
    const batch = await find(`data_batch_${i}.bin`, sha256.train?.[i - 1]);
    if (batch === undefined) break;
    train.push(batch);
  }
  const test = await find('test_batch.bin', sha256.test);
  if (train.length > 0 && test !== undefined) return { train, test };
  throw new DataError(
    `readCifar10: there is no ${train.length === 0 ? 'data_batch_1.bin' : 'test_batch.bin'} (or .gz) in ${folder}`,
  );
}

/** Takes the records of all files apart, up to `limit` of them. */
function decode(files: readonly OpenFile[], scaled: boolean, limit: number): ImageDataset {
  for (const file of files) check(file);
  const total = files.reduce((sum, { bytes }) => sum + bytes.length / RECORD, 0);
  const n = Math.min(total, limit);
  const y = new Int32Array(n);
  const bytes = new Uint8Array(n * PIXELS);
  let row = 0;
  for (const file of files) {
    for (let at = 0; at < file.bytes.length && row < n; at += RECORD, row++) {
      y[row] = file.bytes[at]!;
      bytes.set(file.bytes.subarray(at + 1, at + RECORD), row * PIXELS);
    }
  }
  const data = scaled ? unitScale(bytes) : bytes;
  return { x: { data, shape: [n, PIXELS] }, y, targetNames: NAMES.slice(), imageShape: [3, 32, 32] };
}

function check({ name, bytes }: OpenFile): void {
  const records = Math.floor(bytes.length / RECORD);
  if (bytes.length === 0) throw new DataError(`readCifar10: ${name} is empty`);
  if (bytes.length !== records * RECORD) {
    throw new DataError(
      `readCifar10: ${name} ends at byte ${bytes.length}, within record ${records} of ${RECORD} bytes from byte ${records * RECORD}`,
    );
  }
  for (let i = 0; i < records; i++) {
    const label = bytes[i * RECORD]!;
    if (label > 9)
      throw new DataError(
        `readCifar10: ${name} has the label ${label} in record ${i} at byte ${i * RECORD}, wanted 0 to 9`,
      );
  }
}
