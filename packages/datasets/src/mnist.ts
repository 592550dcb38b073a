import { checkBoolean, checkInteger, checkKnown, DataError, OptionError, show } from '@maru-ml/base';
import { parseIdx } from './idx.ts';
import { type ImageDataset, type ImageOptions, type ImageSplits, unitScale } from './images.ts';
import { type OpenFile, open, openFirst, SOURCE_OPTIONS, type Source, type SourceOptions } from './source.ts';

/** The four files of MNIST, where they are not in one folder under their own names. */
export interface MnistSources {
  trainImages: Source;
  trainLabels: Source;
  testImages: Source;
  testLabels: Source;
}

export interface MnistOptions extends ImageOptions, Omit<SourceOptions, 'sha256'> {
  /** SHA-256 of the files by their part: `{ trainImages: '440f...' }`; not checked. */
  sha256?: Partial<Record<keyof MnistSources, string>>;
  /** Names of the classes, in the order of the labels; '0' to '9'. */
  targetNames?: readonly string[];
}

const FILES: Readonly<Record<keyof MnistSources, readonly string[]>> = {
  trainImages: ['train-images-idx3-ubyte', 'train-images.idx3-ubyte'],
  trainLabels: ['train-labels-idx1-ubyte', 'train-labels.idx1-ubyte'],
  testImages: ['t10k-images-idx3-ubyte', 't10k-images.idx3-ubyte'],
  testLabels: ['t10k-labels-idx1-ubyte', 't10k-labels.idx1-ubyte'],
};

const DIGITS: readonly string[] = Array.from('0123456789');

/**
 * Reads MNIST, or a set of its form such as Fashion-MNIST: pictures of 28 x 28 bytes with a label each. `source` is the folder (or
 * the URL of one) with the four IDX files, gzipped or not, or the four files themselves.
 *
 * @returns 60,000 pictures to train with and 10,000 to test with, `x` [n, 784]
 * @throws DataError, naming the file and the byte, if a file is missing, truncated, mislabelled or does not fit its twin
 */
export function readMnist(
  source: string | URL | MnistSources,
  options: MnistOptions & { scaled: true },
): Promise<ImageSplits<Float32Array>>;
export function readMnist(
  source: string | URL | MnistSources,
  options?: MnistOptions & { scaled?: false },
): Promise<ImageSplits<Uint8Array>>;
export function readMnist(source: string | URL | MnistSources, options?: MnistOptions): Promise<ImageSplits>;
export async function readMnist(source: string | URL | MnistSources, options: MnistOptions = {}): Promise<ImageSplits> {
  checkKnown('readMnist', options, [...SOURCE_OPTIONS, 'scaled', 'limit', 'targetNames']);
  const { scaled = false, limit = Number.MAX_SAFE_INTEGER, targetNames = DIGITS, sha256 = {}, ...rest } = options;
  checkBoolean('readMnist', 'scaled', scaled);
  checkInteger('readMnist', 'limit', limit, { min: 1 });
  checkKnown('readMnist', sha256, Object.keys(FILES));
  if (!Array.isArray(targetNames) || !targetNames.every((name) => typeof name === 'string')) {
    throw new OptionError(`readMnist: targetNames must be an array of strings, got ${show(targetNames)}`);
  }
  const file = (part: keyof MnistSources): Promise<OpenFile> =>
    openPart(source, part, { ...rest, sha256: sha256[part] });
  const split = async (images: keyof MnistSources, labels: keyof MnistSources): Promise<ImageDataset> =>
    pair(await file(images), await file(labels), { scaled, limit, targetNames });
  const [train, test] = [await split('trainImages', 'trainLabels'), await split('testImages', 'testLabels')];
  const [[, ...size], [, ...wanted]] = [test.imageShape, train.imageShape];
  if (size.join() !== wanted.join()) {
    throw new DataError(
      `readMnist: the pictures to test with are [${size.join(', ')}], but those to train with are [${wanted.join(', ')}]`,
    );
  }
  return { train, test };
}

async function openPart(
  source: string | URL | MnistSources,
  part: keyof MnistSources,
  options: SourceOptions,
): Promise<OpenFile> {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    if (source?.[part] === undefined)
      throw new OptionError(`readMnist: ${part} must be a path, a URL or bytes, got ${show(source?.[part])}`);
    return open('readMnist', source[part], options, part);
  }
  const folder = String(source).replace(/\/$/, '');
  const names = FILES[part].flatMap((name) => [`${name}.gz`, name]);
  const found = await openFirst(
    'readMnist',
    names.map((name) => `${folder}/${name}`),
    options,
  );
  if (found === undefined) throw new DataError(`readMnist: there is no ${names[1]} or ${names[0]} in ${folder}`);
  return found;
}

/** Pictures and their labels, checked against each other. */
function pair(
  imageFile: OpenFile,
  labelFile: OpenFile,
  { scaled, limit, targetNames }: { scaled: boolean; limit: number; targetNames: readonly string[] },
): ImageDataset {
  const images = bytesOf(imageFile, 3, 'pictures [n, height, width]');
  const labels = bytesOf(labelFile, 1, 'labels [n]');
  const [count, height, width] = images.shape as [number, number, number];
  if (labels.shape[0] !== count) {
    throw new DataError(
      `readMnist: ${labelFile.name} has ${labels.shape[0]} labels, but ${imageFile.name} has ${count} pictures`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= targetNames.length);
  if (wrong >= 0) {
    throw new DataError(
      `readMnist: ${labelFile.name} has the label ${labels.data[wrong]} at byte ${8 + wrong}, wanted 0 to ${targetNames.length - 1}`,
    );
  }
  const n = Math.min(count, limit);
  const size = height * width;
  const bytes = images.data.subarray(0, n * size);
  return {
    x: { data: scaled ? unitScale(bytes) : bytes.slice(), shape: [n, size] },
    y: Int32Array.from(labels.data.subarray(0, n)),
    targetNames,
    imageShape: [1, height, width],
  };
}

function bytesOf(file: OpenFile, axes: number, wanted: string): { data: Uint8Array; shape: readonly number[] } {
  const { data, shape } = parseIdx('readMnist', file);
  if (data instanceof Uint8Array && shape.length === axes) return { data, shape };
  throw new DataError(
    `readMnist: ${file.name} must hold bytes of ${wanted}, but its header (bytes 2 and 3) says ${data.constructor.name} with ${shape.length} axes`,
  );
}
