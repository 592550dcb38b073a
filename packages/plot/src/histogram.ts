import { checkBoolean, checkInteger, checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import { colorEncoding, leftOut } from './axes.ts';
import { extent, isNumbers, type Numbers, quantile, readNumbers } from './data.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

export interface HistogramOptions extends AxesOptions {
  /** How many bins of equal width, their increasing edges, or a rule for their number: 'fd' (Freedman-Diaconis) or 'sturges'; 'fd'. */
  bins?: number | Numbers | 'fd' | 'sturges';
  /** Areas add up to 1 for each group, instead of counts; false. */
  density?: boolean;
  /** What the groups are, above the legend; nothing. */
  legend?: string;
}

/**
 * How often values fall into bins, for one group or several over each other. All groups share the bins, which hold their lower edge,
 * the last one also its upper.
 *
 * The rule of Freedman and Diaconis makes bins 2 IQR n^(-1/3) wide over the values of all groups; where the quartiles are equal, Sturges'
 * rule makes ⌈log₂ n⌉ + 1 of them. There are at most 200. Values that are not finite are left out, and the plot says how many.
 *
 * D. Freedman, P. Diaconis: On the histogram as a density estimator: L₂ theory. Z. Wahrscheinlichkeitstheorie 57, 1981.
 *
 * @throws DataError if a group has no value, OptionError
 */
export function histogram(
  values: Numbers | Readonly<Record<string, Numbers>>,
  options: HistogramOptions = {},
): VegaLiteSpec {
  const owner = 'histogram';
  checkKnown(owner, options, [...AXES_OPTIONS, 'bins', 'density', 'legend']);
  const density = checkBoolean(owner, 'density', options.density ?? false);
  const size = sizeOf(owner, options);
  if (typeof values !== 'object' || values === null) {
    throw new OptionError(`${owner}: values must be numbers, or several of them by names, got ${show(values)}`);
  }
  const named = isNumbers(values) ? { values } : values;
  const names = Object.keys(named);
  if (names.length === 0) throw new DataError(`${owner}: values must have at least one group, got none`);
  let total = 0;
  const groups = names.map((name) => {
    const all = readNumbers(owner, name, named[name]);
    const finite = all.filter(Number.isFinite);
    total += all.length;
    leftOut(owner, name, finite.length, all.length, false);
    return finite;
  });
  const pooled = groups.flat();
  const edges = readEdges(owner, options.bins ?? 'fd', pooled);
  const counts = groups.map((group) => countInBins(group, edges));
  const outside = pooled.length - counts.flat().reduce((sum, n) => sum + n, 0);
  const notes = leftOut(owner, 'values', pooled.length, total, false, 'value');
  if (outside > 0) notes.push(`${outside} of ${pooled.length} outside the bins`);

  const several = names.length > 1;
  const rows = counts.flatMap((group, g) =>
    group.map((n, i) => {
      const [low, high] = [edges[i]!, edges[i + 1]!];
      const height = density ? n / (groups[g]!.length * (high - low)) : n;
      return { low, high, [density ? 'density' : 'count']: height, ...(several && { group: names[g]! }) };
    }),
  );
  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'value');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, density ? 'density' : 'count');
  const title = textOf(owner, 'title', options.title, `Distribution of ${xLabel}`);
  return makeSpec(title, notes, size, {
    data: { values: rows },
    mark: { type: 'bar', opacity: several ? 0.55 : 1, binSpacing: several ? 0 : 1 },
    encoding: {
      x: {
        field: 'low',
        type: 'quantitative',
        bin: { binned: true },
        title: xLabel,
        axis: { grid: false, tickCount: 6 },
      },
      x2: { field: 'high' },
      y: {
        ...{ field: density ? 'density' : 'count', type: 'quantitative', title: yLabel, stack: null },
        ...(!density && { axis: { tickMinStep: 1 } }),
      },
      ...(several && {
        color: colorEncoding('group', names, size.width, textOf(owner, 'legend', options.legend, '')),
      }),
    },
  });
}

const MOST_BINS = 200;

function readEdges(owner: string, bins: number | Numbers | 'fd' | 'sturges', values: number[]): number[] {
  if (typeof bins === 'string') checkOneOf(owner, 'bins', bins, ['fd', 'sturges']);
  else if (typeof bins !== 'number') return checkEdges(owner, readNumbers(owner, 'bins', bins));
  const n =
    typeof bins === 'number' ? checkInteger(owner, 'bins', bins, { min: 1, max: 10_000 }) : ruleOf(bins, values);
  const [low, high] = extent(values);
  // A single value stands in the middle of a bin.
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  return Array.from({ length: n + 1 }, (_, i) => (i === n ? to : from + ((to - from) * i) / n));
}

function checkEdges(owner: string, edges: number[]): number[] {
  const wrong = edges.findIndex((edge, i) => !Number.isFinite(edge) || (i > 0 && !(edge > edges[i - 1]!)));
  if (edges.length < 2) throw new OptionError(`${owner}: bins must have two edges at least, got ${edges.length}`);
  if (wrong >= 0) {
    throw new OptionError(`${owner}: bins must be increasing edges, but bins[${wrong}] is ${edges[wrong]}`);
  }
  return edges;
}

function ruleOf(rule: 'fd' | 'sturges', values: number[]): number {
  const [low, high] = extent(values);
  if (low === high) return 1;
  const sorted = Float64Array.from(values).sort();
  const width = (2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25))) / Math.cbrt(values.length);
  const sturges = Math.ceil(Math.log2(values.length)) + 1;
  const n = rule === 'sturges' || width === 0 ? sturges : Math.ceil((high - low) / width);
  return Math.min(Math.max(n, 1), MOST_BINS);
}

function countInBins(values: number[], edges: number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    if (value < edges[0]! || value > edges.at(-1)!) continue;
    let [from, to] = [0, edges.length - 1];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (value >= edges[middle]!) from = middle;
      else to = middle;
    }
    counts[from]!++;
  }
  return counts;
}
