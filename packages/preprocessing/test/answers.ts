import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import * as P from '../src/index.ts';
import { LeastSquares } from './least-squares.ts';
import { dense } from './reference.ts';

interface Fitted {
  transform(x: never): unknown;
}
type Fit = (x: never) => Fitted;

const y = (x: readonly unknown[]) => x.map((_, i) => i % 2);

/** Every estimator with the options that suit tables of any numbers. */
const ESTIMATORS: Record<string, Fit> = {
  StandardScaler: (x) => new P.StandardScaler().fit(x),
  MinMaxScaler: (x) => new P.MinMaxScaler().fit(x),
  MaxAbsScaler: (x) => new P.MaxAbsScaler().fit(x),
  RobustScaler: (x) => new P.RobustScaler().fit(x),
  Normalizer: (x) => new P.Normalizer().fit(x),
  PowerTransformer: (x) => new P.PowerTransformer().fit(x),
  KBinsDiscretizer: (x) => new P.KBinsDiscretizer({ nBins: 2, encode: 'ordinal' }).fit(x),
  PolynomialFeatures: (x) => new P.PolynomialFeatures().fit(x),
  FunctionTransformer: (x) => new P.FunctionTransformer({ func: 'square' }).fit(x),
  OneHotEncoder: (x) => new P.OneHotEncoder({ handleUnknown: 'ignore' }).fit(x),
  OrdinalEncoder: (x) => new P.OrdinalEncoder().fit(x),
  SimpleImputer: (x) => new P.SimpleImputer().fit(x),
  VarianceThreshold: (x) => new P.VarianceThreshold().fit(x),
  SelectKBest: (x) => new P.SelectKBest({ k: 1 }).fit(x, y(x)),
  RFE: (x) => new P.RFE(new LeastSquares()).fit(x, y(x)),
  ColumnTransformer: (x) =>
    new P.ColumnTransformer([['scaled', new P.StandardScaler(), [0]]], { remainder: 'passthrough' }).fit(x),
};

const usual = [
  [1, 4],
  [2, 1],
  [4, 3],
  [3, 9],
];
const column = (values: number[]) => usual.map((row, i) => [row[0], values[i]]);
/** Unusual input: what is fitted and transformed; `later` is transformed by a model of usual rows. */
const INPUTS: Record<string, { x?: unknown; later?: unknown }> = {
  'NaN in a column': { x: column([4, Number.NaN, 3, 9]) },
  'a column of NaN': { x: column([Number.NaN, Number.NaN, Number.NaN, Number.NaN]) },
  'an infinity': { x: column([4, Number.POSITIVE_INFINITY, 3, 9]) },
  'a constant column': { x: column([0.1, 0.1, 0.1, 0.1]) },
  'two equal columns': { x: usual.map(([a]) => [a, a]) },
  'one row': { x: usual.slice(0, 1) },
  'no rows': { x: [] },
  'numbers of 1e308': { x: column([1e308, -1e308, 0, 5e307]) },
  'numbers of 1e-320': { x: column([1e-320, -1e-320, 0, 5e-321]) },
  '1e308 later': { later: [[1e308, 1]] },
  'NaN later': { later: [[Number.NaN, 1]] },
  'a column more later': { later: [[1, 2, 3]] },
};

/** What becomes of it: 'numbers', 'NaN' where some are, or the error. */
function answerOf(fit: Fit, { x = usual, later = x }: { x?: unknown; later?: unknown }): string {
  try {
    const rows = dense(fit(x as never).transform(later as never)).flat();
    if (rows.every(Number.isFinite)) return 'numbers';
    if (rows.every((value) => Number.isFinite(value) || Number.isNaN(value))) return 'NaN';
    return 'Infinity';
  } catch (error) {
    const known = [OptionError, ShapeError, DataError].some((Class) => error instanceof Class);
    if (!known) throw error;
    // The words without the one who says them, and without the numbers of columns that make answers differ.
    return (error as Error).message.replace(/^(ColumnTransformer: in part '\w+', )?\w+: /, '');
  }
}

/** The table of inputs by estimators in Markdown, with the errors as notes below. */
export function answersTable(): string {
  const notes: string[] = [];
  const head = ['', ...Object.keys(ESTIMATORS).map((name) => `\`${name}\``)];
  const rows = Object.entries(INPUTS).map(([name, input]) => [
    name,
    ...Object.values(ESTIMATORS).map((fit) => {
      const answer = answerOf(fit, input);
      if (answer === 'numbers') return '✓';
      if (answer === 'NaN') return 'NaN';
      if (!notes.includes(answer)) notes.push(answer);
      return `error ${notes.indexOf(answer) + 1}`;
    }),
  ]);
  const columns = head.map((_, j) => [head, ...rows].map((row) => row[j]!));
  const table = columns.map((cells, j) => (j === 0 ? ['', ...cells.slice(1)] : cells));
  const lines = [table[0]!, table[0]!.map(() => '---'), ...table.slice(1)].map((cells) => `| ${cells.join(' | ')} |`);
  return [...lines, '', ...notes.map((note, n) => `${n + 1}. ${note}`)].join('\n');
}
