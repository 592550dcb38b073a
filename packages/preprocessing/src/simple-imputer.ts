import {
  checkBoolean,
  checkKnown,
  checkOneOf,
  type FitAsyncOptions,
  type OnProgress,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import type { Columns, MatrixLike } from '@maru-ml/tensor';
import { type ColumnKind, columnName, columnSetSteps } from './columns.ts';
import { checkMissing, FittedSimpleImputer, type Missing, type SimpleImputerModel } from './imputer-model.ts';
import { findStatistic } from './imputer-statistics.ts';
import { printEstimator } from './print.ts';

export interface SimpleImputerOptions {
  /** What counts as missing: null for NaN and null, else this number or string; null. */
  missingValues?: Missing;
  /** What missing values become: the mean, the median or the most frequent value of their column, or `fillValue`; 'mean'. */
  strategy?: 'mean' | 'median' | 'mostFrequent' | 'constant';
  /** The value of 'constant'; 0 in columns of numbers, 'missing_value' in columns of strings. */
  fillValue?: number | string;
  /** Add a column of 0 and 1 for each column that had missing values when it was fitted, 1 where one is missing; false. */
  addIndicator?: boolean;
  /** Keep columns without any value, as 0 or `fillValue`; otherwise only 'constant' keeps them; false. */
  keepEmptyFeatures?: boolean;
}

/** The options with their defaults. */
export type SimpleImputerSettings = Readonly<
  Required<Omit<SimpleImputerOptions, 'fillValue'>> & { fillValue: number | string | undefined }
>;

/**
 * Fills in missing values, each column by itself, with the mean, the median, the most frequent value (the smallest of
 * several) or a constant. It takes matrices, and tables with named columns of numbers, strings and booleans, which come back as
 * such tables; booleans are never missing. A column without any value is left out unless `keepEmptyFeatures`. Options and results
 * are those of scikit-learn. O(n d), medians and most frequent values O(d n log n).
 */
export class SimpleImputer {
  readonly options: SimpleImputerSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: SimpleImputerOptions = {}) {
    this.options = checkImputerOptions('SimpleImputer', options);
    readable(this);
  }

  /**
   * Finds what to fill in for each column of `x`, a table with names or numbers [n, d].
   * @throws OptionError where a strategy does not suit a column of strings, DataError for infinite numbers or a mean that overflows
   */
  fit(x: MatrixLike | Columns, options: { onProgress?: OnProgress } = {}): SimpleImputerModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same, with pauses between columns. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | Columns,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<SimpleImputerModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator('SimpleImputer', this.options);
  }

  *#steps(x: MatrixLike | Columns, options: object, known: string[]): Steps<SimpleImputerModel> {
    checkKnown('SimpleImputer', options, known);
    const columns = checkMissing(yield* columnSetSteps('SimpleImputer', x), this.options.missingValues);
    yield;
    const { names, kinds, values } = columns;
    const statistics: (number | string | null)[] = [];
    const withMissing: number[] = [];
    for (const [j, kind] of kinds.entries()) {
      checkStrategy(this.options, kind, columnName(names, j));
      const { statistic, missing } = yield* findStatistic(this.options, kind, values[j]!, j);
      statistics.push(statistic);
      if (missing > 0) withMissing.push(j);
      yield;
    }
    const indicators = this.options.addIndicator ? withMissing : [];
    return new FittedSimpleImputer(this.options.missingValues, { names, kinds }, statistics, indicators);
  }
}

/** @throws OptionError for options that have no meaning */
export function checkImputerOptions(owner: string, options: SimpleImputerOptions): SimpleImputerSettings {
  const known = ['missingValues', 'strategy', 'fillValue', 'addIndicator', 'keepEmptyFeatures'];
  checkKnown(owner, options, known);
  const {
    missingValues = null,
    strategy = 'mean',
    fillValue,
    addIndicator = false,
    keepEmptyFeatures = false,
  } = options;
  if (missingValues !== null && typeof missingValues !== 'string' && !Number.isFinite(missingValues)) {
    throw new OptionError(
      `${owner}: missingValues must be null, a finite number or a string, got ${show(missingValues)}`,
    );
  }
  checkOneOf(owner, 'strategy', strategy, ['mean', 'median', 'mostFrequent', 'constant']);
  if (fillValue !== undefined && typeof fillValue !== 'string' && !Number.isFinite(fillValue)) {
    throw new OptionError(`${owner}: fillValue must be a finite number or a string, got ${show(fillValue)}`);
  }
  checkBoolean(owner, 'addIndicator', addIndicator);
  checkBoolean(owner, 'keepEmptyFeatures', keepEmptyFeatures);
  return Object.freeze({ missingValues, strategy, fillValue, addIndicator, keepEmptyFeatures });
}

/** Throws an `OptionError` where the strategy has nothing to fill in for this kind of column. */
function checkStrategy({ strategy, fillValue }: SimpleImputerSettings, kind: ColumnKind, column: string): void {
  if (kind === 'string' && (strategy === 'mean' || strategy === 'median')) {
    throw new OptionError(
      `SimpleImputer: ${column} of x holds strings, which have no ${strategy}; use strategy 'mostFrequent' or 'constant'`,
    );
  }
  if (kind === 'boolean' || strategy !== 'constant' || fillValue === undefined || typeof fillValue === kind) return;
  throw new OptionError(
    `SimpleImputer: fillValue must be a ${kind}, as ${column} of x holds ${kind}s, got ${show(fillValue)}`,
  );
}
