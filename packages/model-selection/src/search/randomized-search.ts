import { checkInteger, checkKnown, checkSeed, randomFrom, readable, type Seed } from '@maru-ml/base';
import type { Fitted, Step, StepInput } from '../pipeline/types.ts';
import { printOptions } from '../splits/split.ts';
import type { TargetsOf } from '../validation/fits.ts';
import {
  checkSearch,
  SEARCH_OPTIONS,
  type SearchFitAsyncOptions,
  type SearchFitOptions,
  type SearchOptions,
} from './options.ts';
import { checkDistributions, type Distribution, type Distributions, type DrawnOf, drawnPoints } from './parameters.ts';
import { type Factory, runSearch, runSearchAsync, type Search } from './search.ts';
import type { SearchModel } from './search-result.ts';

export interface RandomizedSearchOptions<M = never> extends SearchOptions<M> {
  /** How many candidates are drawn; 10. */
  nIter?: number;
  /** What they are drawn with; the next child of the default stream. */
  seed?: Seed;
}

/**
 * Tries candidates that are drawn from distributions by cross-validation and fits the best to all rows. Made by `randomizedSearch`.
 * With more than two or three parameters it finds better candidates than a grid of as many fits, since every draw tries a new
 * value of each (J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012).
 */
export class RandomizedSearch<P, E extends Step = Step> {
  readonly options: Readonly<{ distributions: unknown; nIter: number; seed: Seed | undefined } & SearchOptions>;
  readonly #search: Search;

  /** @internal */
  constructor(factory: Factory, distributions: unknown, options: RandomizedSearchOptions) {
    const owner = 'RandomizedSearch';
    checkKnown(owner, options, [...SEARCH_OPTIONS, 'nIter', 'seed']);
    const { nIter = 10, seed, ...rest } = options;
    checkInteger(owner, 'nIter', nIter, { min: 1 });
    if (seed !== undefined) checkSeed(owner, seed);
    checkDistributions(owner, distributions);
    const search = checkSearch(owner, factory, rest as SearchOptions);
    this.options = Object.freeze({ distributions, nIter, seed, ...search });
    const points = () => drawnPoints(owner, distributions, nIter, randomFrom(seed));
    this.#search = { owner, factory, options: search, points };
    readable(this);
  }

  /** As `GridSearch.fit`. */
  fit(x: StepInput<E>, y: TargetsOf<E>, options: SearchFitOptions = {}): SearchModel<P, Fitted<E>> {
    return runSearch(this.#search, x, y, options) as unknown as SearchModel<P, Fitted<E>>;
  }

  /** As `GridSearch.fitAsync`. */
  async fitAsync(
    x: StepInput<E>,
    y: TargetsOf<E>,
    options: SearchFitAsyncOptions = {},
  ): Promise<SearchModel<P, Fitted<E>>> {
    return (await runSearchAsync(this.#search, x, y, options)) as unknown as SearchModel<P, Fitted<E>>;
  }

  toString(): string {
    const { nIter, seed, refit } = this.options;
    return printOptions('RandomizedSearch', { nIter, seed, refit });
  }
}

/**
 * A search over candidates that are drawn, by a function that makes the estimator of one, or the URL of a module as for
 * `gridSearch`:
 *
 *   const search = randomizedSearch((p) => new SVC(p), { C: { logUniform: [0.01, 100] }, kernel: ['rbf', 'linear'] }, { nIter: 20, seed: 0 });
 *
 * A function needs the type of its argument, `(random: Random) => …`, as the factory's type is made from what it gives.
 * If every parameter has a list, combinations are drawn without repetition.
 *
 * @param distributions for each parameter a list, `{ uniform: [a, b] }`, `{ logUniform: [a, b] }`, `{ integer: [a, b] }` or a function
 * of a `Random`; or several such sets
 * @throws OptionError for what is no distribution, or options that do not fit together
 */
export function randomizedSearch<const D extends Distributions | readonly Distributions[], E extends Step>(
  factory: (params: DrawnOf<D>) => E,
  distributions: D,
  options?: RandomizedSearchOptions<Fitted<E>>,
): RandomizedSearch<DrawnOf<D>, E>;
export function randomizedSearch<F extends (params: never) => Step = (params: Record<string, unknown>) => Step>(
  factory: string | URL,
  distributions: DistributionsFor<Parameters<F>[0]> | readonly DistributionsFor<Parameters<F>[0]>[],
  options?: RandomizedSearchOptions<Fitted<ReturnType<F>>>,
): RandomizedSearch<Parameters<F>[0], ReturnType<F>>;
export function randomizedSearch(
  factory: Factory,
  distributions: unknown,
  options: RandomizedSearchOptions = {},
): RandomizedSearch<unknown> {
  return new RandomizedSearch(factory, distributions, options);
}

/** Distributions for the parameters of a factory. */
export type DistributionsFor<P> = { readonly [K in keyof P]?: Distribution };
