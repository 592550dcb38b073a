import { checkKnown, readable } from '@maru-ml/base';
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
import { type Grid, gridPoints, type ParamsOf } from './parameters.ts';
import { type Factory, runSearch, runSearchAsync, type Search } from './search.ts';
import type { SearchModel } from './search-result.ts';

/**
 * Tries every combination of parameters by cross-validation and fits the best to all rows. Made by `gridSearch`; it is an estimator
 * itself, so `crossValidate(gridSearch(…), x, y)` judges the whole procedure (nested cross-validation).
 *
 * Cost: the number of combinations × folds fits, and one more. Every fit starts with the default random stream of a fresh
 * program, so that the result is the same on any number of workers.
 */
export class GridSearch<P, E extends Step = Step> {
  readonly options: Readonly<{ grid: unknown } & SearchOptions>;
  readonly #search: Search;

  /** @internal */
  constructor(factory: Factory, grid: unknown, options: SearchOptions<never>) {
    checkKnown('GridSearch', options, SEARCH_OPTIONS);
    const points = gridPoints('GridSearch', grid);
    const checked = checkSearch('GridSearch', factory, options as SearchOptions);
    this.options = Object.freeze({ grid, ...checked });
    this.#search = { owner: 'GridSearch', factory, options: checked, points: () => points };
    readable(this);
  }

  /**
   * Runs it on the calling thread. Scores that go by name are loaded when they are needed, so here `scoring` must be functions, such as
   * `scorerOf('accuracy')`.
   * @param x the rows [n, d] @param y what to predict [n]; null for estimators that need nothing
   * @throws OptionError for a factory in a module or one that gives no estimator, what a fit throws (its class, with the candidate and the
   * fold in the message), DataError if every candidate failed; and as `crossValidate`
   */
  fit(x: StepInput<E>, y: TargetsOf<E>, options: SearchFitOptions = {}): SearchModel<P, Fitted<E>> {
    return runSearch(this.#search, x, y, options) as unknown as SearchModel<P, Fitted<E>>;
  }

  /**
   * Runs it in slices, or on `workers`.
   * @throws the same; TaskError if a worker died, the signal's reason if it is aborted
   */
  async fitAsync(
    x: StepInput<E>,
    y: TargetsOf<E>,
    options: SearchFitAsyncOptions = {},
  ): Promise<SearchModel<P, Fitted<E>>> {
    return (await runSearchAsync(this.#search, x, y, options)) as unknown as SearchModel<P, Fitted<E>>;
  }

  toString(): string {
    const { grid, scoring, refit } = this.options;
    const sizes = `${gridPoints('GridSearch', grid).length} candidates`;
    return printOptions('GridSearch', { grid: sizes, ...(scoring !== undefined && { scoring }), refit }).replace(
      /'/g,
      '',
    );
  }
}

/**
 * A search over all combinations of parameters, by a function that makes the estimator of one:
 *
 *   const search = gridSearch((p) => pipeline(new StandardScaler(), new SVC(p)), { C: [1, 10], kernel: ['rbf', 'linear'] });
 *   const result = await search.fitAsync(x, y);
 *   console.log(result); // a table; result.bestParams, result.bestModel.predict(…)
 *
 * On workers the function comes from a module that exports it as `estimator` (and, if it has scorers of its own, as `scoring`):
 *
 *   const url = new URL('./factory.js', import.meta.url);
 *   await gridSearch<typeof import('./factory.js').estimator>(url, { C: [1, 10] }).fitAsync(x, y, { workers: 4 });
 *
 * @param grid an array of values for each parameter, or several such grids
 * @throws OptionError for an empty grid, or options that do not fit together
 */
export function gridSearch<const G extends Grid | readonly Grid[], E extends Step>(
  factory: (params: ParamsOf<G>) => E,
  grid: G,
  options?: SearchOptions<Fitted<E>>,
): GridSearch<ParamsOf<G>, E>;
export function gridSearch<F extends (params: never) => Step = (params: Record<string, unknown>) => Step>(
  factory: string | URL,
  grid: GridFor<Parameters<F>[0]> | readonly GridFor<Parameters<F>[0]>[],
  options?: SearchOptions<Fitted<ReturnType<F>>>,
): GridSearch<Parameters<F>[0], ReturnType<F>>;
export function gridSearch(factory: Factory, grid: unknown, options: SearchOptions<never> = {}): GridSearch<unknown> {
  return new GridSearch(factory, grid, options);
}

/** Arrays of values for the parameters of a factory. */
export type GridFor<P> = { readonly [K in keyof P]?: readonly Exclude<P[K], undefined>[] };
