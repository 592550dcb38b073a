import { checkInteger, OptionError, type Random, show } from '@maru-ml/base';
import { exp, log } from '@maru-ml/kernels/scalar';

/** The values to try of each parameter. */
export type Grid = Readonly<Record<string, readonly unknown[]>>;

/** The parameters that a grid, or any of several grids, gives to the factory. */
export type ParamsOf<G> = G extends readonly (infer One)[] ? PointOf<One> : PointOf<G>;

type PointOf<G> = G extends unknown
  ? { -readonly [K in keyof G]: G[K] extends readonly (infer V)[] ? V : never }
  : never;

/**
 * What a parameter is drawn from: a list; a number from [a, b), evenly or evenly in its logarithm; an integer from a to b, both
 * of them included; or a function that draws it.
 */
export type Distribution =
  | readonly unknown[]
  | { readonly uniform: readonly [number, number] }
  | { readonly logUniform: readonly [number, number] }
  | { readonly integer: readonly [number, number] }
  | ((random: Random) => unknown);

/** What each parameter is drawn from. */
export type Distributions = Readonly<Record<string, Distribution>>;

/** The parameters that distributions give to the factory. */
export type DrawnOf<D> = D extends readonly (infer One)[] ? DrawOf<One> : DrawOf<D>;

type DrawOf<D> = D extends unknown
  ? {
      -readonly [K in keyof D]: D[K] extends readonly (infer V)[]
        ? V
        : D[K] extends (random: Random) => infer V
          ? V
          : number;
    }
  : never;

/** The values of the parameters of a candidate. */
export type Params = Readonly<Record<string, unknown>>;

/**
 * All combinations of a grid, in scikit-learn's order: the names in alphabetical order, the last changing fastest; several grids
 * one after the other.
 *
 * @throws OptionError for what is no grid, or one without a combination
 */
export function gridPoints(owner: string, grid: unknown): Params[] {
  return listOf(owner, 'grid', grid).flatMap((one) => {
    const names = Object.keys(one).sort();
    for (const name of names) {
      const values = one[name];
      if (Array.isArray(values) && values.length > 0) continue;
      throw new OptionError(
        `${owner}: grid.${name} must be an array of at least one value, got ${Array.isArray(values) ? 'an empty one' : show(values)}`,
      );
    }
    return productOf(names, one as Grid);
  });
}

/**
 * Draws `nIter` candidates. If all parameters have lists, they are drawn without repetition, and all combinations are taken if there are
 * not more; else each is drawn by itself. Of several sets of distributions one is drawn first.
 */
export function drawnPoints(owner: string, distributions: unknown, nIter: number, random: Random): Params[] {
  const sets = listOf(owner, 'distributions', distributions);
  if (sets.every((set) => Object.values(set).every(Array.isArray))) {
    const all = gridPoints(owner, sets);
    const count = Math.min(nIter, all.length);
    return Array.from(random.choose(all.length, count), (at) => all[at]!);
  }
  return Array.from({ length: nIter }, () => {
    const set = sets[sets.length === 1 ? 0 : random.integer(sets.length)]!;
    const names = Object.keys(set).sort();
    return Object.freeze(Object.fromEntries(names.map((name) => [name, draw(set[name] as Distribution, random)])));
  });
}

/** Parameters as they stand in errors and tables: `C: 10, kernel: 'rbf'`. */
export function showParams(params: Params): string {
  const shown = Object.entries(params).map(([name, value]) => `${name}: ${showValue(value)}`);
  return shown.length === 0 ? 'no parameters' : shown.join(', ');
}

/** @throws OptionError for what is no distribution */
export function checkDistributions(owner: string, distributions: unknown): void {
  for (const set of listOf(owner, 'distributions', distributions)) {
    for (const name of Object.keys(set)) checkDistribution(owner, name, set[name]);
  }
}

function showValue(value: unknown): string {
  // Drawn numbers have more digits than anyone reads.
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return show(value);
}

function listOf(owner: string, name: string, given: unknown): Record<string, unknown>[] {
  const sets = Array.isArray(given) ? given : [given];
  const good = sets.length > 0 && sets.every((set) => typeof set === 'object' && set !== null && !Array.isArray(set));
  if (good) return sets as Record<string, unknown>[];
  throw new OptionError(`${owner}: ${name} must be an object of parameters or an array of such, got ${show(given)}`);
}

function productOf(names: readonly string[], grid: Grid): Params[] {
  let points: Record<string, unknown>[] = [{}];
  for (const name of names)
    points = points.flatMap((point) => grid[name]!.map((value) => ({ ...point, [name]: value })));
  return points.map((point) => Object.freeze(point));
}

/** What the bounds of distributions must be. */
const BOUNDS = { uniform: 'numbers', logUniform: 'numbers > 0', integer: 'integers' } as const;

function checkDistribution(owner: string, name: string, given: unknown): void {
  if (typeof given === 'function') return;
  if (Array.isArray(given)) {
    if (given.length > 0) return;
    throw new OptionError(`${owner}: distributions.${name} must hold at least one value, got an empty array`);
  }
  const [kind, bounds] = Object.entries(Object(given) as object)[0] ?? [];
  const [low, high] = (Array.isArray(bounds) ? bounds : []) as [unknown, unknown];
  const where = `distributions.${name}`;
  if (kind === undefined || !Object.hasOwn(BOUNDS, kind)) {
    throw new OptionError(
      `${owner}: ${where} must be a list, { uniform: [a, b] }, { logUniform: [a, b] }, { integer: [a, b] } or a function, got ${show(given)}`,
    );
  }
  const finite = Number.isFinite(low) && Number.isFinite(high) && (low as number) <= (high as number);
  const good =
    finite &&
    (kind !== 'logUniform' || (low as number) > 0) &&
    (kind !== 'integer' || (Number.isSafeInteger(low) && Number.isSafeInteger(high)));
  if (!good) {
    throw new OptionError(
      `${owner}: ${where}.${kind} must be ${BOUNDS[kind as 'uniform']} [a, b] with a ≤ b, got ${show(bounds)}`,
    );
  }
  if (kind === 'integer')
    checkInteger(owner, `the number of integers of ${where}`, (high as number) - (low as number) + 1, { max: 2 ** 32 });
}

function draw(from: Distribution, random: Random): unknown {
  if (typeof from === 'function') return from(random);
  if (Array.isArray(from)) return from[random.integer(from.length)];
  if ('uniform' in from) return random.uniform(from.uniform[0], from.uniform[1]);
  if ('integer' in from) return from.integer[0] + random.integer(from.integer[1] - from.integer[0] + 1);
  const [low, high] = (from as { logUniform: readonly [number, number] }).logUniform;
  return Math.min(high, Math.max(low, exp(random.uniform(log(low), log(high)))));
}
