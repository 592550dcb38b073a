import { GLM, Logit, MNLogit, OLS, Probit, WLS } from '../src/index.ts';

interface Input {
  readonly name: string;
  readonly x: number[][];
  readonly y: number[];
}

const line = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Noise without a pattern, the same everywhere. */
const noise = (i: number) => ((i * 7919 + 13) % 101) / 101 - 0.5;
/** Zeros and ones that no line separates. */
const coin = (i: number) => (noise(3 * i + 1) > 0 ? 1 : 0);

/** Inputs that give no plain answer. y is zeros and ones, so that all estimators take it; a constant is put before x. */
export const INPUTS: readonly Input[] = [
  { name: '0 rows', x: [], y: [] },
  { name: '1 row, 1 column', x: [[2]], y: [1] },
  { name: '2 rows, 1 column', x: [[1], [2]], y: [0, 1] },
  { name: '20 rows, 1 column', x: line(20).map((i) => [noise(i)]), y: line(20).map(coin) },
  {
    name: 'more columns than rows',
    x: line(4).map((i) => line(6).map((j) => noise(17 * i * i + 5 * j * j * j))),
    y: [0, 1, 1, 0],
  },
  { name: 'a duplicate column', x: line(20).map((i) => [noise(i), noise(i)]), y: line(20).map(coin) },
  {
    name: 'a column that is a sum of others',
    x: line(20).map((i) => [noise(i), noise(i + 40), noise(i) + noise(i + 40)]),
    y: line(20).map(coin),
  },
  { name: 'a column of zeros', x: line(20).map((i) => [noise(i), 0]), y: line(20).map(coin) },
  { name: 'a constant column beside the constant', x: line(20).map((i) => [noise(i), 5]), y: line(20).map(coin) },
  {
    name: 'ill-conditioned columns (powers of 10 to 10.1)',
    x: line(20).map((i) => line(3).map((p) => (10 + 0.1 * noise(i)) ** (p + 1))),
    y: line(20).map(coin),
  },
  { name: 'columns of size 10⁻¹⁰⁰', x: line(20).map((i) => [noise(i) * 1e-100]), y: line(20).map(coin) },
  { name: 'columns of size 10²⁰⁰', x: line(20).map((i) => [noise(i) * 1e200]), y: line(20).map(coin) },
  { name: 'a constant response', x: line(20).map((i) => [noise(i)]), y: line(20).map(() => 1) },
  { name: 'a response that a column separates', x: line(20).map((i) => [i]), y: line(20).map((i) => (i < 10 ? 0 : 1)) },
  {
    name: 'a negative response',
    x: line(20).map((i) => [noise(i)]),
    y: line(20).map((i) => (i === 3 ? -1 : 1 + coin(i))),
  },
  { name: 'a missing value in x', x: line(20).map((i) => [i === 3 ? Number.NaN : noise(i)]), y: line(20).map(coin) },
  {
    name: 'a missing value in y',
    x: line(20).map((i) => [noise(i)]),
    y: line(20).map((i) => (i === 3 ? Number.NaN : coin(i))),
  },
];

interface AnyModel {
  readonly params: ArrayLike<number> | { readonly data: ArrayLike<number> };
  readonly warnings?: readonly string[];
  readonly rank?: number;
  readonly converged?: boolean;
}

/** What an estimator answers: an error's sentence, or 'an answer' with what the model warns of. */
export function answerOf(
  fit: (x: number[][], y: number[]) => AnyModel,
  { x, y }: Input,
): { text: string; model: AnyModel | null } {
  try {
    const model = fit(x, y);
    const warnings = model.warnings ?? [];
    return { text: warnings.length === 0 ? 'an answer' : `an answer, and warns: ${warnings.join('; ')}`, model };
  } catch (error) {
    const { name, message } = error as Error;
    return { text: `${name}: ${message}`, model: null };
  }
}

/** The estimators under their names. */
export const ESTIMATORS: readonly [string, (x: number[][], y: number[]) => AnyModel][] = [
  ['OLS', (x, y) => new OLS({ addConstant: true }).fit(x, y)],
  ['WLS', (x, y) => new WLS({ addConstant: true }).fit(x, y, { sampleWeight: y.map((_, i) => 1 + (i % 3)) })],
  ['GLM (binomial)', (x, y) => new GLM({ family: 'binomial', addConstant: true }).fit(x, y)],
  ['GLM (poisson)', (x, y) => new GLM({ family: 'poisson', addConstant: true }).fit(x, y)],
  ['GLM (gamma)', (x, y) => new GLM({ family: 'gamma', link: 'log', addConstant: true }).fit(x, y)],
  ['Logit', (x, y) => new Logit({ addConstant: true }).fit(x, y)],
  ['Probit', (x, y) => new Probit({ addConstant: true }).fit(x, y)],
  ['MNLogit', (x, y) => new MNLogit({ addConstant: true }).fit(x, y)],
];

/** The table of inputs and estimators in Markdown; equal answers stand once. */
export function answersTable(): string {
  const lines = ['| input | estimator | answer |', '| --- | --- | --- |'];
  for (const input of INPUTS) {
    const byAnswer = new Map<string, string[]>();
    for (const [name, fit] of ESTIMATORS) {
      const text = answerOf(fit, input).text.replace(/^(\w+Error): \w+: /, '$1: ');
      byAnswer.set(text, [...(byAnswer.get(text) ?? []), name]);
    }
    for (const [text, names] of byAnswer)
      lines.push(`| ${input.name} | ${names.join(', ')} | ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`);
  }
  return lines.join('\n');
}
