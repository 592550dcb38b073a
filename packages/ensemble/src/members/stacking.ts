import { checkBoolean, checkInteger, checkKnown, checkOneOf, DataError, type Fits, ShapeError } from '@maru-ml/base';
import {
  answerSteps,
  type Classifier,
  type ClassifierModel,
  type Matrix,
  type Regressor,
  type RegressorModel,
  Table,
} from '@maru-ml/tensor';
import { takeAt } from '../take-rows.ts';
import { counted } from '../text.ts';
import { type Named, rowsOf, someRows } from './members.ts';
import { fitted, type MemberModel } from './plan.ts';

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
export type Columns = (model: MemberModel, rows: Rows) => Table;

type Rows = ReturnType<typeof rowsOf>;

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
): Fits<{ models: M[]; parts: Table[] }> {
  const count = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const models: M[] = [];
  const parts: Table[] = [];
  const Targets = y.constructor as typeof Int32Array;
  for (const estimator of Object.values(estimators)) {
    let part = new Table(new Float64Array(0), 0, 0);
    for (let fold = 0; fold < count; fold++) {
      const all = folds.map((_, i) => i);
      const rest = all.filter((i) => folds[i] !== fold);
      const x = rowsOf(someRows(matrix, rest));
      const sampleWeight = weights === null ? null : takeAt(weights, rest);
      yield;
      const model = yield* fitted<M>({ estimator, x, y: Targets.from(rest, (i) => y[i]!), sampleWeight });
      const places = all.filter((i) => folds[i] === fold);
      const held = rowsOf(someRows(matrix, places));
      const answers = yield* answerSteps(held, places.length, (rows: Rows) => columnsOf(model, rows));
      const [, width] = answers.shape;
      if (fold === 0) part = new Table(new Float64Array(matrix.rows * width), matrix.rows, width);
      for (const [at, place] of places.entries()) {
        for (let c = 0; c < width; c++) part.data[place * width + c] = answers.data[at * width + c]!;
      }
    }
    parts.push(part);
    models.push(yield* fitted<M>({ estimator, x: rowsOf(matrix), y, sampleWeight: weights }));
  }
  return { models, parts };
}

/** Columns side by side, those of x last if they are wanted. */
export function beside(parts: readonly Table[], matrix: Matrix, passthrough: boolean): Matrix {
  const all = passthrough ? [...parts, new Table(matrix.data, matrix.rows, matrix.columns)] : parts;
  const columns = all.reduce((sum, { shape }) => sum + shape[1], 0);
  const data = new Float64Array(matrix.rows * columns);
  let from = 0;
  for (const { data: part, shape } of all) {
    const [, width] = shape;
    for (let i = 0; i < matrix.rows; i++) {
      for (let c = 0; c < width; c++) data[i * columns + from + c] = part[i * width + c]!;
    }
    from += width;
  }
  return { data, rows: matrix.rows, columns };
}

/** What a regressor says: one column. */
export function predictionsOf(model: MemberModel, rows: Rows): Table {
  return new Table((model as RegressorModel).predict(rows), rows.shape[0], 1);
}

/** What a classifier says by a method: of two classes one column, that of the second. */
export function classColumns(k: number, method: Exclude<StackMethod, 'auto'>): Columns {
  return (member, rows) => {
    const model = member as ClassifierModel<number>;
    const [n] = rows.shape;
    if (method === 'predict') return new Table(Float64Array.from(model.predict(rows)), n, 1);
    const answer = method === 'predictProba' ? model.predictProba!(rows) : model.decisionFunction!(rows);
    if (!('data' in answer)) return new Table(answer, n, 1);
    if (k > 2) return answer;
    return new Table(
      Float64Array.from({ length: n }, (_, i) => answer.data[2 * i + 1]!),
      n,
      1,
    );
  };
}
