import { checkInteger, checkKnown, DataError, OptionError, show } from '@maru-ml/base';
import { makeSpec, textOf, type VegaLiteSpec } from './spec.ts';

export interface GridOptions {
  /** Plots side by side; 2. */
  columns?: number;
  /** Stands above all; none. */
  title?: string;
}

/**
 * Several plots in one, row by row, each with its own axes and legend. (In a page that narrow screens read, separate drawings that wrap
 * are better than one that shrinks.)
 *
 * @throws DataError if there is no plot, OptionError
 */
export function grid(specs: readonly VegaLiteSpec[], options: GridOptions = {}): VegaLiteSpec {
  const owner = 'grid';
  checkKnown(owner, options, ['columns', 'title']);
  if (!Array.isArray(specs)) throw new OptionError(`${owner}: specs must be an array of plots, got ${show(specs)}`);
  if (specs.length === 0) throw new DataError(`${owner}: specs must have at least one plot, got none`);
  const columns = checkInteger(owner, 'columns', options.columns ?? 2, { min: 1 });
  const wrong = specs.findIndex((spec) => typeof spec !== 'object' || spec === null || Array.isArray(spec));
  if (wrong >= 0) throw new OptionError(`${owner}: specs[${wrong}] must be a plot, got ${show(specs[wrong])}`);
  return makeSpec(textOf(owner, 'title', options.title, ''), [], null, {
    columns: Math.min(columns, specs.length),
    spacing: 24,
    // The schema is named once, for all.
    concat: specs.map(({ $schema: _, ...spec }) => spec),
    resolve: { scale: { color: 'independent', size: 'independent', shape: 'independent', fill: 'independent' } },
  });
}
