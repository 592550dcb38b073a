import { acf, anovaLm, describe, fOneway, OLS } from '../src/index.ts';

/** A data set of linear regression with certified values, of test/fixtures/make_nist.py. */
export interface LinearSet {
  y: number[];
  x: number[][];
  degree: number;
  intercept: boolean;
  params: number[];
  bse: number[];
  residualDeviation: number;
  rsquared: number;
}

/** A data set of one-way analysis of variance. */
export interface AnovaSet {
  f: number;
  fOfDoubles: number;
  rsquared: number;
  residualDeviation: number;
  groups?: number[][];
  centers?: string[];
  replicates?: number;
}

/** What is certified of a list of numbers; the last is the autocorrelation of lag 1. */
interface Summary {
  mean: number;
  std: number;
  lag1: number;
}

/** A data set of univariate summaries: the numbers, or a center with pairs as in the analyses of variance. */
export interface UnivariateSet extends Summary {
  ofDoubles: Summary;
  y?: number[];
  center?: string;
  replicates?: number;
}

export interface Certified {
  linear: Record<string, LinearSet>;
  anova: Record<string, AnovaSet>;
  univariate: Record<string, UnivariateSet>;
}

/** How many digits agree, in the worst place: -log₁₀ of the relative error, at most 15; of the error itself where 0 is certified. */
export function digitsOf(ours: ArrayLike<number>, certified: ArrayLike<number>): number {
  let least = 15;
  for (let i = 0; i < certified.length; i++) {
    const error = Math.abs(ours[i]! - certified[i]!) / (certified[i] === 0 ? 1 : Math.abs(certified[i]!));
    least = Math.min(least, error === 0 ? 15 : -Math.log10(error));
  }
  return Number.isNaN(least) ? 0 : Math.max(0, least);
}

/** The digits of a regression on raw columns: coefficients, standard errors, residual standard deviation, R². */
export function linearDigits({
  y,
  x,
  degree,
  intercept,
  params,
  bse,
  residualDeviation,
  rsquared,
}: LinearSet): number[] {
  const data = Object.fromEntries([['y', y], ...x.map((column, j) => [`x${j + 1}`, column])]);
  const columns = x.map((_, j) => `x${j + 1}`);
  const terms = degree === 1 ? columns : Array.from({ length: degree }, (_, p) => (p === 0 ? 'x1' : `I(x1**${p + 1})`));
  const model = new OLS().fit(`y ~ ${terms.join(' + ')}${intercept ? '' : ' - 1'}`, data);
  return [
    digitsOf(model.params, params),
    digitsOf(model.bse, bse),
    digitsOf([Math.sqrt(model.mseResid)], [residualDeviation]),
    digitsOf([model.rsquared], [rsquared]),
  ];
}

/** The cells of a set: given, or a center and then pairs of .1 below and above it, each read from its decimal digits. */
export function cellsOf({
  groups,
  centers,
  replicates,
}: Pick<AnovaSet, 'groups' | 'centers' | 'replicates'>): number[][] {
  if (groups !== undefined) return groups;
  return centers!.map((center) => {
    const [whole, tenths] = center.split('.') as [string, string];
    const shifted = (by: number) => Number(`${whole}.${Number(tenths) + by}`);
    return Array.from({ length: replicates! }, (_, i) => (i === 0 ? Number(center) : shifted(i % 2 === 1 ? -1 : 1)));
  });
}

/** The digits of F by `fOneway` and by `anovaLm` of a category, of R² and of the residual standard deviation; and of F beside what the doubles allow. */
export function anovaDigits(set: AnovaSet): { digits: number[]; ofDoubles: number[] } {
  const cells = cellsOf(set);
  const data = { y: cells.flat(), g: cells.flatMap((cell, i) => cell.map(() => `g${i + 1}`)) };
  const model = new OLS().fit('y ~ g', data);
  const test = fOneway(cells).statistic;
  const table = anovaLm(model).rows[0]!.fvalue;
  return {
    digits: [
      digitsOf([test], [set.f]),
      digitsOf([table], [set.f]),
      digitsOf([model.rsquared], [set.rsquared]),
      digitsOf([Math.sqrt(model.mseResid)], [set.residualDeviation]),
    ],
    ofDoubles: [digitsOf([test], [set.fOfDoubles]), digitsOf([table], [set.fOfDoubles])],
  };
}

/** The digits of the mean and the standard deviation of `describe`, and of the autocorrelation of `acf`; and beside what the doubles allow. */
export function univariateDigits(set: UnivariateSet): { digits: number[]; ofDoubles: number[] } {
  const { y, center, replicates, ofDoubles } = set;
  const values = y ?? cellsOf({ centers: [center!], replicates: replicates! })[0]!;
  const { mean, std } = describe({ y: Float64Array.from(values) }).numeric.y!;
  const lag1 = acf(values, { nlags: 1 })[1]!;
  const against = (certified: Summary) => [
    digitsOf([mean], [certified.mean]),
    digitsOf([std], [certified.std]),
    digitsOf([lag1], [certified.lag1]),
  ];
  return { digits: against(set), ofDoubles: against(ofDoubles) };
}

/** The three tables in Markdown, with whole digits that are certain. */
export function digitsTables({ linear, anova, univariate }: Certified): string {
  const text = (digits: number) => String(Math.floor(digits + 1e-9));
  const rows = (sets: [string, number[]][]) =>
    sets.map(([name, digits]) => `| ${name} | ${digits.map(text).join(' | ')} |`);
  return [
    '| linear regression | coefficients | standard errors | residual SD | R² |',
    '| --- | --- | --- | --- | --- |',
    ...rows(Object.entries(linear).map(([name, set]) => [name, linearDigits(set)])),
    '',
    '| one-way analysis of variance | F (`fOneway`) | F (`anovaLm`) | R² | residual SD |',
    '| --- | --- | --- | --- | --- |',
    ...rows(Object.entries(anova).map(([name, set]) => [name, anovaDigits(set).digits])),
    '',
    '| univariate summary | mean | standard deviation | autocorrelation of lag 1 |',
    '| --- | --- | --- | --- |',
    ...rows(Object.entries(univariate).map(([name, set]) => [name, univariateDigits(set).digits])),
  ].join('\n');
}
