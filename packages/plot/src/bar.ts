import { checkBoolean, checkKnown, DataError, OptionError } from '@maru-ml/base';
import { colorEncoding, leftOut } from './axes.ts';
import { isNumbers, type Numbers, readAsMany, shortNumber } from './data.ts';
import { checkDifferent, type Labels, readLabels } from './labels.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';
import { INK } from './theme.ts';

export interface BarOptions extends AxesOptions {
  /** Bars run to the right, which leaves room for long names; false. */
  horizontal?: boolean;
  /** The bars of a name stand on each other instead of side by side; false. */
  stacked?: boolean;
  /** [n], half the length of an error bar on each bar, such as a standard error; for a single set of bars; none. */
  errors?: Numbers;
  /** Writes each value at the end of its bar; false. */
  print?: boolean;
  /** What the sets of bars are, above the legend; nothing. */
  legend?: string;
}

/**
 * A bar for each name, in the order given, or several side by side.
 *
 * A value that is not finite leaves its place empty, and the plot says how many did.
 *
 * @throws ShapeError if there are not as many values as names, DataError if there is no value, OptionError
 *
 * @example
 * ```ts
 * import { bar } from '@maru-ml/plot';
 *
 * bar(['SGD', 'Adam'], [0.91, 0.96], { yLabel: 'accuracy', print: true });
 * bar(['SGD', 'Adam'], { train: [0.93, 0.99], test: [0.91, 0.96] }, { yLabel: 'accuracy' });
 * ```
 */
export function bar(
  names: Labels,
  values: Numbers | Readonly<Record<string, Numbers>>,
  options: BarOptions = {},
): VegaLiteSpec {
  const owner = 'bar';
  checkKnown(owner, options, [...AXES_OPTIONS, 'horizontal', 'stacked', 'errors', 'print', 'legend']);
  const horizontal = checkBoolean(owner, 'horizontal', options.horizontal ?? false);
  const stacked = checkBoolean(owner, 'stacked', options.stacked ?? false);
  const print = checkBoolean(owner, 'print', options.print ?? false);
  const { labels } = readLabels(owner, 'names', names);
  checkDifferent(owner, 'names', labels);
  const sets = readSets(owner, values, labels.length);
  const several = sets.length > 1;
  const errors =
    options.errors === undefined ? null : readAsMany(owner, 'errors', options.errors, 'names', labels.length);
  if (errors !== null && several) {
    throw new OptionError(`${owner}: errors must belong to a single set of bars, got ${sets.length} sets`);
  }

  const rows = sets.flatMap(({ set, numbers }) =>
    numbers.flatMap((value, i) =>
      Number.isFinite(value)
        ? [
            {
              ...{ name: labels[i]!, value },
              ...(print && { text: shortNumber(value, 4) }),
              ...(several && { set }),
              ...(errors && Number.isFinite(errors[i]) && { low: value - errors[i]!, high: value + errors[i]! }),
            },
          ]
        : [],
    ),
  );
  const notes = leftOut(owner, 'values', rows.length, labels.length * sets.length, false, 'value');
  // Bars of a constant thickness read better than a plot of a constant height.
  const own = horizontal
    ? { width: 230, height: Math.max(60, labels.length * (several && !stacked ? 34 : 22)) }
    : undefined;
  const size = sizeOf(owner, options, own);
  const [nameAxis, valueAxis] = horizontal ? (['y', 'x'] as const) : (['x', 'y'] as const);
  const nameLabel = textOf(owner, `${nameAxis}Label`, options[`${nameAxis}Label`], '');
  const valueLabel = textOf(owner, `${valueAxis}Label`, options[`${valueAxis}Label`], 'value');
  const title = textOf(owner, 'title', options.title, nameLabel === '' ? valueLabel : `${valueLabel} by ${nameLabel}`);
  const setNames = sets.map(({ set }) => set);
  const offset = { field: 'set', type: 'nominal', scale: { domain: setNames } };
  const value = { field: 'value', type: 'quantitative', title: valueLabel };
  const label = { align: horizontal ? 'left' : 'center', baseline: horizontal ? 'middle' : 'bottom' };
  return makeSpec(title, notes, size, {
    data: { values: rows },
    encoding: {
      [nameAxis]: {
        ...{ field: 'name', type: 'nominal', title: nameLabel === '' ? null : nameLabel },
        ...{
          sort: null,
          scale: { domain: labels },
          axis: { grid: false, labelOverlap: false, ...(!horizontal && { labelAngle: tilt(labels, size.width) }) },
        },
      },
      ...(several && !stacked && { [`${nameAxis}Offset`]: offset }),
    },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          [valueAxis]: { ...value, ...(several && { stack: stacked ? 'zero' : null }) },
          ...(several && {
            color: colorEncoding('set', setNames, size.width, textOf(owner, 'legend', options.legend, '')),
          }),
        },
      },
      ...(errors
        ? [
            {
              mark: { type: 'rule', color: INK, strokeWidth: 1.5 },
              encoding: { [valueAxis]: { ...value, field: 'low' }, [`${valueAxis}2`]: { field: 'high' } },
            },
          ]
        : []),
      ...(print && !stacked
        ? [
            {
              mark: { type: 'text', ...label, dx: horizontal ? 4 : 0, dy: horizontal ? 0 : -3 },
              encoding: { [valueAxis]: value, text: { field: 'text', type: 'nominal' } },
            },
          ]
        : []),
    ],
  });
}

function readSets(owner: string, values: Numbers | Readonly<Record<string, Numbers>>, n: number) {
  if (isNumbers(values)) return [{ set: 'value', numbers: readAsMany(owner, 'values', values, 'names', n) }];
  const sets = Object.entries(values);
  if (sets.length === 0) throw new DataError(`${owner}: values must have at least one set of bars, got none`);
  return sets.map(([set, numbers]) => ({ set, numbers: readAsMany(owner, `values.${set}`, numbers, 'names', n) }));
}

/** Names that do not fit side by side are tilted. */
function tilt(labels: readonly string[], width: number): number {
  const longest = Math.max(...labels.map((label) => label.length));
  return longest * 6.5 > width / labels.length ? -40 : 0;
}
