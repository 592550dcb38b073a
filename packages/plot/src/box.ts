import { checkBoolean, checkKnown, checkNumber, DataError, OptionError, show } from '@maru-ml/base';
import { leftOut } from './axes.ts';
import { isNumbers, type Numbers, quantile, readNumbers } from './data.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';
import { HALO, INK } from './theme.ts';

export interface BoxOptions extends AxesOptions {
  /** Boxes lie, which leaves room for long names; false. */
  horizontal?: boolean;
  /** Whiskers reach the farthest value within this many times the box's length; points beyond are drawn; 1.5. */
  whiskers?: number;
}

/**
 * The spread of values, of one group or several by name: a box from the lower to the upper quartile with the median in it, whiskers to the
 * farthest value that is near enough, and the points beyond.
 *
 * Values that are not finite are left out, and the plot says how many.
 *
 * J. Tukey: Exploratory Data Analysis. Addison-Wesley, 1977.
 *
 * @throws DataError if a group has no finite value, OptionError
 */
export function box(values: Numbers | Readonly<Record<string, Numbers>>, options: BoxOptions = {}): VegaLiteSpec {
  const owner = 'box';
  checkKnown(owner, options, [...AXES_OPTIONS, 'horizontal', 'whiskers']);
  const horizontal = checkBoolean(owner, 'horizontal', options.horizontal ?? false);
  const whiskers = checkNumber(owner, 'whiskers', options.whiskers ?? 1.5, { min: 0 });
  if (typeof values !== 'object' || values === null) {
    throw new OptionError(`${owner}: values must be numbers, or several of them by names, got ${show(values)}`);
  }
  const named = isNumbers(values) ? { values } : values;
  const names = Object.keys(named);
  if (names.length === 0) throw new DataError(`${owner}: values must have at least one group, got none`);
  let [kept, total] = [0, 0];
  const boxes = names.map((name) => {
    const all = readNumbers(owner, name, named[name]);
    const finite = Float64Array.from(all.filter(Number.isFinite)).sort();
    leftOut(owner, name, finite.length, all.length, false);
    kept += finite.length;
    total += all.length;
    return fiveNumbers(name, finite, whiskers);
  });
  const notes = leftOut(owner, 'values', kept, total, false, 'value');
  const size = sizeOf(owner, options, horizontal ? { width: 230, height: Math.max(60, names.length * 34) } : undefined);
  const [nameAxis, valueAxis] = horizontal ? (['y', 'x'] as const) : (['x', 'y'] as const);
  const nameLabel = textOf(owner, `${nameAxis}Label`, options[`${nameAxis}Label`], '');
  const valueLabel = textOf(owner, `${valueAxis}Label`, options[`${valueAxis}Label`], 'value');
  const title = textOf(owner, 'title', options.title, nameLabel === '' ? valueLabel : `${valueLabel} by ${nameLabel}`);
  const value = (field: string) => ({
    [valueAxis]: { field, type: 'quantitative', title: valueLabel, scale: { zero: false, padding: 4 } },
  });
  const span = (from: string, to: string) => ({ ...value(from), [`${valueAxis}2`]: { field: to } });
  const thickness = Math.min(36, (0.6 * (horizontal ? size.height : size.width)) / names.length);
  return makeSpec(title, notes, size, {
    data: { values: boxes.map(({ outliers: _, ...numbers }) => numbers) },
    encoding: {
      [nameAxis]: {
        ...{ field: 'name', type: 'nominal', title: nameLabel === '' ? null : nameLabel, sort: null },
        ...{ scale: { domain: names }, axis: { grid: false, labelAngle: 0 } },
      },
    },
    layer: [
      { mark: { type: 'rule', color: INK }, encoding: span('low', 'high') },
      { mark: { type: 'bar', size: thickness, opacity: 0.75 }, encoding: span('q1', 'q3') },
      { mark: { type: 'tick', color: HALO, size: thickness, thickness: 2 }, encoding: value('median') },
      {
        data: { values: boxes.flatMap(({ name, outliers }) => outliers.map((outlier) => ({ name, outlier }))) },
        mark: { type: 'point', filled: false, size: 18, color: INK, opacity: 0.7 },
        encoding: value('outlier'),
      },
    ],
  });
}

function fiveNumbers(name: string, ascending: Float64Array, whiskers: number) {
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((q) => quantile(ascending, q)) as [number, number, number];
  const reach = whiskers * (q3 - q1);
  const near = ascending.filter((value) => value >= q1 - reach && value <= q3 + reach);
  return {
    ...{ name, q1, median, q3, low: Math.min(q1, near[0] ?? q1), high: Math.max(q3, near.at(-1) ?? q3) },
    outliers: Array.from(ascending.filter((value) => value < q1 - reach || value > q3 + reach)),
  };
}
