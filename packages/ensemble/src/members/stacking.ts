import { checkBoolean, checkInteger, checkKnown, checkOneOf, DataError, ShapeError } from '@maru-ml/base';
import type { Classifier, ClassifierModel, Matrix, Regressor, RegressorModel } from '@maru-ml/tensor';
import { takeAt } from '../take-rows.ts';
import { counted } from '../text.ts';
import { inBlocks, type Named, rowsOf, someRows } from './members.ts';
import { fitted, type MemberModel, type Plan } from './plan.ts';

/** The options that `StackingClassifier` and `StackingRegressor` share. */
export interface StackingOptions {
  /** In how many folds the rows are predicted by models that were not fitted with them; 5. */
  cv?: number;
  /** Whether the final estimator sees the columns of x as well; false. */
  passthrough?: boolean;
}

/** What of a classifier the final estimator sees. */
export type StackMethod = 'auto' | 'predictProba' | 'decisionFunction' | 'predict';

/** Checks them. @throws OptionError */
export function checkStacking(
  owner: string,
  options: StackingOptions & { stackMethod?: StackMethod },
  more: readonly string[],
): Readonly<Required<StackingOptions>> & { readonly stackMethod: StackMethod } {
  checkKnown(owner, options, ['cv', 'passthrough', ...more]);
  const { cv = 5, passthrough = false, stackMethod = 'auto' } = options;
  checkInteger(owner, 'cv', cv, { min: 2 });
  checkBoolean(owner, 'passthrough', passthrough);
  checkOneOf(owner, 'stackMethod', stackMethod, ['auto', 'predictProba', 'decisionFunction', 'predict']);
  return { cv, passthrough, stackMethod };
}

/**
 * The fold of each row [n]: rows in a row (KFold), or for classes in their order so that each fold has its share of every class
 * (StratifiedKFold), without shuffling, as in scikit-learn.
 * @throws ShapeError for more folds than rows, DataError for a class of fewer rows than folds
 */
export function foldsOf(owner: string, n: number, cv: number, codes: Int32Array | null, k: number): Int32Array {
  if (cv > n) throw new ShapeError(`${owner}: cv is ${cv}, but x has ${counted(n, 'row')}`);
  if (codes === null) {
    // The first n mod cv folds have a row more.
    const [size, more] = [Math.floor(n / cv), n % cv];
    const split = more * (size + 1);
    return Int32Array.from({ length: n }, (_, i) =>
      i < split ? Math.floor(i / (size + 1)) : more + Math.floor((i - split) / size),
    );
  }
  const counts = new Int32Array(k);
  for (const code of codes) counts[code]! += 1;
  const least = counts.indexOf(Math.min(...counts));
  if (counts[least]! < cv) {
    throw new DataError(
      `${owner}: cv is ${cv}, but the class at place ${least} has ${counted(counts[least]!, 'row')}; lower cv`,
    );
  }
  // Classes by their first row; sorted rows are dealt to the folds in turn.
  const order = [...new Set(codes)];
  const room = Array.from({ length: k }, () => new Int32Array(cv));
  let place = 0;
  for (const code of order) for (let i = 0; i < counts[code]!; i++, place++) room[code]![place % cv]! += 1;
  const next = new Int32Array(k);
  return codes.map((code) => {
    while (room[code]![next[code]!] === 0) next[code]! += 1;
    room[code]![next[code]!]! -= 1;
    return next[code]!;
  });
}

/** What each estimator makes of rows, as columns. */
export type Columns = (model: MemberModel, matrix: Matrix) => { data: ArrayLike<number>; width: number };

/**
 * Fits every estimator to all but each fold in turn and keeps what it says of that fold, then to all rows.
 * @returns the models of all rows, and the columns that the final estimator is fitted to
 */
export function* fitFolds<M extends MemberModel>(
  estimators: Named<Classifier | Regressor>,
  matrix: Matrix,
  y: Int32Array | Float64Array,
  weights: Float64Array | null,
  folds: Int32Array,
  columnsOf: Columns,
): Plan<{ models: M[]; parts: { data: Float64Array; width: number }[] }> {
  const count = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const models: M[] = [];
  const parts: { data: Float64Array; width: number }[] = [];
  const Targets = y.constructor as typeof Int32Array;
  for (const estimator of Object.values(estimators)) {
    let part = { data: new Float64Array(0), width: 0 };
    for (let fold = 0; fold < count; fold++) {
      const all = folds.map((_, i) => i);
      const rest = all.filter((i) => folds[i] !== fold);
      const x = rowsOf(someRows(matrix, rest));
      const sampleWeight = weights === null ? null : takeAt(weights, rest);
      yield;
      const model = yield* fitted<M>({ estimator, x, y: Targets.from(rest, (i) => y[i]!), sampleWeight });
      const places = all.filter((i) => folds[i] === fold);
      yield* inBlocks(someRows(matrix, places), (block, from) => {
        const { data, width } = columnsOf(model, block);
        if (part.width === 0) part = { data: new Float64Array(matrix.rows * width), width };
        for (let at = 0; at < block.rows; at++) {
          for (let c = 0; c < width; c++) part.data[places[from + at]! * width + c] = data[at * width + c]!;
        }
      });
    }
    parts.push(part);
    models.push(yield* fitted<M>({ estimator, x: rowsOf(matrix), y, sampleWeight: weights }));
  }
  return { models, parts };
}

/** Columns side by side, those of x last if they are wanted. */
export function beside(
  parts: readonly { data: ArrayLike<number>; width: number }[],
  matrix: Matrix,
  passthrough: boolean,
): Matrix {
  const all = passthrough ? [...parts, { data: matrix.data, width: matrix.columns }] : parts;
  const columns = all.reduce((sum, { width }) => sum + width, 0);
  const data = new Float64Array(matrix.rows * columns);
  let from = 0;
  for (const { data: part, width } of all) {
    for (let i = 0; i < matrix.rows; i++) {
      for (let c = 0; c < width; c++) data[i * columns + from + c] = part[i * width + c]!;
    }
    from += width;
  }
  return { data, rows: matrix.rows, columns };
}

/** What a regressor says: one column. */
export function predictionsOf(model: MemberModel, matrix: Matrix): { data: ArrayLike<number>; width: number } {
  return { data: (model as RegressorModel).predict(rowsOf(matrix)), width: 1 };
}

/** What a classifier says by a method: of two classes one column, that of the second. */
export function classColumns(k: number, method: Exclude<StackMethod, 'auto'>): Columns {
  return (member, matrix) => {
    const model = member as ClassifierModel<number>;
    const rows = rowsOf(matrix);
    if (method === 'predict') return { data: model.predict(rows), width: 1 };
    const answer = method === 'predictProba' ? model.predictProba!(rows) : model.decisionFunction!(rows);
    if (!('data' in answer)) return { data: answer, width: 1 };
    if (k > 2) return { data: answer.data, width: k };
    return { data: Float64Array.from({ length: matrix.rows }, (_, i) => answer.data[2 * i + 1]!), width: 1 };
  };
}
