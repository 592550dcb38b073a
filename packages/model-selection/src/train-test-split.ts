import {
  checkBoolean,
  checkKnown,
  checkSeed,
  DataError,
  OptionError,
  randomFrom,
  type Seed,
  ShapeError,
  show,
} from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { countRows, type RowsLike, type SelectedRows, takeItems, takeRows } from './rows.ts';
import { checkSizes, classesOf, groupsOf, partSizes, type SizeOptions } from './splits/split.ts';
import { drawParts } from './splits/stratified-shuffle-split.ts';

interface DrawOptions {
  /** Draw the rows; false: the first rows to fit with, the last to test with; true. */
  shuffle?: boolean;
  /** Keep the shares of the labels: those of y (true), or others [n]; false. */
  stratify?: boolean | ArrayLike<Label>;
  /** Rows of a group [n] stay together; sizes are then of groups; none. */
  groups?: ArrayLike<Label>;
  /** What the rows are drawn with; the next child of the default stream. */
  seed?: Seed;
}

export interface TrainTestSplitOptions extends SizeOptions, DrawOptions {}

export interface TrainValidationTestSplitOptions extends DrawOptions {
  /** The sizes of the three parts to each other; [5, 3, 2]. */
  ratio?: readonly [train: number, validation: number, test: number];
}

/** Two parts of the rows and their targets. */
export interface TrainTest<X, Y> {
  xTrain: SelectedRows<X>;
  xTest: SelectedRows<X>;
  yTrain: Y;
  yTest: Y;
  /** The places of the rows, for other lists of the same length. */
  train: Int32Array;
  test: Int32Array;
}

/** Three parts of the rows and their targets. */
export interface TrainValidationTest<X, Y> extends TrainTest<X, Y> {
  xValidation: SelectedRows<X>;
  yValidation: Y;
  validation: Int32Array;
}

/**
 * Divides rows and their targets into a part to fit with and one to test with (a quarter of the rows by default). Tensors and flat numbers
 * come back as tables, all else in the form that it came in; `train` and `test` are the places for further lists. O(n).
 *
 * @param x the rows: a matrix, sparse rows, named columns or a list
 * @param y what is to be predicted of each row [n]; undefined for none
 * @throws OptionError, ShapeError, DataError for options and sizes that do not fit together
 */
export function trainTestSplit<X extends RowsLike, Y extends ArrayLike<unknown> | undefined = undefined>(
  x: X,
  y?: Y,
  options: TrainTestSplitOptions = {},
): TrainTest<X, Y> {
  const owner = 'trainTestSplit';
  checkKnown(owner, options, ['testSize', 'trainSize', ...DRAWING]);
  const sizes = checkSizes(owner, options);
  const [train, test] = draw(owner, x, y, options, (n) => {
    const parts = partSizes(owner, sizes, n, 0.25);
    return [parts.train, parts.test];
  }) as [Int32Array, Int32Array];
  return { ...part(x, y, train, 'Train'), ...part(x, y, test, 'Test'), train, test } as TrainTest<X, Y>;
}

/**
 * Divides rows and their targets into a part to fit with, one to choose between models with, and one to test the chosen model
 * with, 5 : 3 : 2 by default. Otherwise as `trainTestSplit`. The test part is rounded up, then the validation part.
 */
export function trainValidationTestSplit<X extends RowsLike, Y extends ArrayLike<unknown> | undefined = undefined>(
  x: X,
  y?: Y,
  options: TrainValidationTestSplitOptions = {},
): TrainValidationTest<X, Y> {
  const owner = 'trainValidationTestSplit';
  checkKnown(owner, options, ['ratio', ...DRAWING]);
  const { ratio = [5, 3, 2] } = options;
  const good =
    Array.isArray(ratio) && ratio.length === 3 && ratio.every((size) => size > 0 && size < Number.POSITIVE_INFINITY);
  if (!good) throw new OptionError(`${owner}: ratio must be three numbers > 0, got ${show(ratio)}`);
  const [train, validation, test] = draw(owner, x, y, options, (n) => {
    const total = ratio[0] + ratio[1] + ratio[2];
    const last = roundUp((n * ratio[2]) / total);
    const middle = Math.min(roundUp((n * ratio[1]) / total), n - last - 1);
    if (middle < 1) throw new DataError(`${owner}: ${n} ${n === 1 ? 'row is' : 'rows are'} too few for three parts`);
    return [n - middle - last, middle, last];
  }) as [Int32Array, Int32Array, Int32Array];
  const parts = { ...part(x, y, train, 'Train'), ...part(x, y, validation, 'Validation'), ...part(x, y, test, 'Test') };
  return { ...parts, train, validation, test } as TrainValidationTest<X, Y>;
}

const DRAWING = ['shuffle', 'stratify', 'groups', 'seed'];

/** The places of the parts, of which each is drawn of the rows or of whole groups. */
function draw(
  owner: string,
  x: RowsLike,
  y: ArrayLike<unknown> | undefined,
  { shuffle = true, stratify = false, groups, seed }: DrawOptions,
  sizesOf: (n: number) => number[],
): Int32Array[] {
  const n = countRows(owner, x);
  if (n === 0) throw new DataError(`${owner}: x must have at least one row`);
  if (y !== undefined && typeof y?.length !== 'number')
    throw new OptionError(`${owner}: y must be an array, got ${show(y)}`);
  if (y !== undefined && y.length !== n) {
    throw new ShapeError(`${owner}: y has length ${y.length}, but x has ${n} ${n === 1 ? 'row' : 'rows'}`);
  }
  checkBoolean(owner, 'shuffle', shuffle);
  if (seed !== undefined) checkSeed(owner, seed);
  if (!shuffle && (stratify !== false || groups !== undefined || seed !== undefined)) {
    throw new OptionError(`${owner}: shuffle: false takes no stratify, groups or seed`);
  }
  if (stratify !== false && groups !== undefined) {
    throw new OptionError(`${owner}: stratify and groups cannot both be kept; use StratifiedGroupKFold`);
  }
  if (stratify !== false) {
    const labels = stratify === true ? (y as ArrayLike<Label> | undefined) : stratify;
    if (labels === undefined) throw new OptionError(`${owner}: stratify needs y, or give the labels themselves`);
    return drawParts(owner, classesOf(owner, labels, n), sizesOf(n), randomFrom(seed));
  }
  if (groups !== undefined) {
    const { codes, k } = groupsOf(owner, groups, n);
    const partOf = new Int32Array(k);
    const random = randomFrom(seed);
    for (const [p, members] of stretches(random.permutation(k), sizesOf(k)).entries()) {
      for (const group of members) partOf[group] = p;
    }
    const rows = random.permutation(n);
    return sizesOf(k).map((_, p) => rows.filter((row) => partOf[codes[row]!] === p));
  }
  const order = shuffle ? randomFrom(seed).permutation(n) : Int32Array.from({ length: n }, (_, i) => i);
  return stretches(order, sizesOf(n));
}

/** Stretches of these sizes, one behind the other. */
function stretches(order: Int32Array, sizes: number[]): Int32Array[] {
  let from = 0;
  return sizes.map((size) => {
    from += size;
    return order.slice(from - size, from);
  });
}

function part(x: RowsLike, y: ArrayLike<unknown> | undefined, rows: Int32Array, name: string): Record<string, unknown> {
  return { [`x${name}`]: takeRows(x, rows), [`y${name}`]: y === undefined ? undefined : takeItems(y, rows) };
}

/** Up, but for what rounding left: .3 · 10 is not 4. */
function roundUp(size: number): number {
  return Math.max(1, Math.ceil(size - 1e-9));
}
