import { checkBoolean, checkKnown, checkOneOf, OptionError, show } from '@maru-ml/base';
import { checkInfrequent, type InfrequentOptions } from './infrequent.ts';
import type { GivenCategories } from './vocabulary.ts';

export interface OneHotEncoderOptions<S extends boolean = boolean> extends InfrequentOptions {
  /** The categories of each column, or 'auto' for those that fit finds; 'auto'. */
  categories?: 'auto' | GivenCategories;
  /** The category of each column that gets no column: none, the first, the first of two, or a value for each column; null. */
  drop?: null | 'first' | 'ifBinary' | readonly (string | number | boolean | null)[];
  /** Answer with sparse rows; true. */
  sparseOutput?: S;
  /** What to do with unknown values: an error, zeros, or the column of the rare ones, zeros if there is none; 'error'. */
  handleUnknown?: 'error' | 'ignore' | 'infrequentIfExist';
}

/** The options with their defaults. */
export type OneHotEncoderSettings = Readonly<Required<OneHotEncoderOptions>>;

/** @throws OptionError for options that have no meaning */
export function checkOneHotOptions(owner: string, options: OneHotEncoderOptions): OneHotEncoderSettings {
  const known = ['categories', 'drop', 'sparseOutput', 'handleUnknown', 'minFrequency', 'maxCategories'];
  checkKnown(owner, options, known);
  const { categories = 'auto', drop = null, sparseOutput = true, handleUnknown = 'error' } = options;
  if (drop !== null && !Array.isArray(drop) && drop !== 'first' && drop !== 'ifBinary') {
    throw new OptionError(
      `${owner}: drop must be null, 'first', 'ifBinary' or a value for each column, got ${show(drop)}`,
    );
  }
  checkBoolean(owner, 'sparseOutput', sparseOutput);
  checkOneOf(owner, 'handleUnknown', handleUnknown, ['error', 'ignore', 'infrequentIfExist']);
  return Object.freeze({
    categories: checkCategories(owner, categories),
    drop: Array.isArray(drop) ? Object.freeze([...drop]) : (drop as OneHotEncoderSettings['drop']),
    sparseOutput,
    handleUnknown,
    ...checkInfrequent(owner, options),
  });
}

/** 'auto', or the lists frozen. @throws OptionError for anything else */
export function checkCategories(owner: string, categories: unknown): 'auto' | GivenCategories {
  if (categories === 'auto') return 'auto';
  if (Array.isArray(categories) && categories.every((list) => Array.isArray(list))) {
    return Object.freeze(categories.map((list) => Object.freeze([...list])));
  }
  throw new OptionError(
    `${owner}: categories must be 'auto' or a list of values for each column, got ${show(categories)}`,
  );
}
