import { checkOneOf, counted, refused, ShapeError } from '@maru-ml/base';
import { checkSharedOptions, SHARED_TREE_OPTIONS, type SharedTreeOptions, type SharedTreeSettings } from './options.ts';

/** The options that trees of classes and of numbers share. */
export interface TreeOptions extends SharedTreeOptions {
  /** Try all thresholds, or one at random in each column; 'best'. */
  splitter?: 'best' | 'random';
  /** The columns whose numbers are only names of categories; []. */
  categoricalFeatures?: readonly number[];
}

/** The options with their defaults. */
export type TreeSettings = SharedTreeSettings &
  Readonly<Required<Pick<TreeOptions, 'splitter' | 'categoricalFeatures'>>>;

/** Their names. */
export const TREE_OPTIONS: readonly (keyof TreeOptions)[] = /* @__PURE__ */ (
  ['splitter'] as (keyof TreeOptions)[]
).concat(SHARED_TREE_OPTIONS, 'categoricalFeatures');

/**
 * Checks the options that trees of classes and of numbers share and fills in their defaults.
 * @throws OptionError for options that have no meaning
 */
export function checkTreeOptions(owner: string, options: TreeOptions): TreeSettings {
  const { splitter = 'best', categoricalFeatures } = options;
  checkOneOf(owner, 'splitter', splitter, ['best', 'random']);
  const shared = checkSharedOptions(owner, options);
  return { splitter, ...shared, categoricalFeatures: checkCategoricalFeatures(owner, categoricalFeatures) };
}

/** Checks the option `categoricalFeatures`, whose default is that there are none. @throws OptionError */
export function checkCategoricalFeatures(owner: string, columns: unknown = []): readonly number[] {
  const list: unknown[] | null =
    Array.isArray(columns) || ArrayBuffer.isView(columns) ? Array.from(columns as []) : null;
  const good = list?.every((j) => Number.isInteger(j) && (j as number) >= 0) && new Set(list).size === list.length;
  if (good) return Object.freeze(list as number[]);
  throw refused(owner, 'categoricalFeatures', 'different places of columns, from 0', columns);
}

/** 1 for the columns of categories [d]; null if there are none. @throws ShapeError if x has no such column */
export function categoricalOf(
  owner: string,
  categoricalFeatures: readonly number[],
  columns: number,
): Uint8Array | null {
  if (categoricalFeatures.length === 0) return null;
  const categorical = new Uint8Array(columns);
  for (const j of categoricalFeatures) {
    if (j >= columns) {
      const has = `x has ${counted(columns, 'column')}`;
      throw new ShapeError(`${owner}: categoricalFeatures names column ${j} (the first is 0), but ${has}`);
    }
    categorical[j] = 1;
  }
  return categorical;
}
