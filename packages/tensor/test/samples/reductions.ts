import {
  cumprod,
  cumsum,
  dot,
  inner,
  logSoftmax,
  logSumExp,
  max,
  median,
  min,
  norm,
  outer,
  prod,
  quantile,
  softmax,
  std,
  variance,
} from '../../src/index.ts';
import type { Draw, Sample, ValueOptions } from '../draw.ts';

/** What makes one number of many, and scans. */
export const reductions = {
  prod: [
    reduction(prod),
    // One zero, and several: the products of the others are worked out in another way.
    (draw) => {
      const shape = draw.shape(1, 3);
      const axes = draw.axes(shape);
      return { inputs: [withZeros(draw, shape)], f: (x) => prod(x, axes) };
    },
  ],
  max: reduction(max, { distinct: true }),
  min: reduction(min, { distinct: true }),
  variance: spread(variance),
  std: spread(std),
  logSumExp: reduction(logSumExp),
  norm: (draw) => {
    const p = draw.pick([2, 1, 2, 3, 1.5, 4, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    const shape = draw.shape(1, 3);
    const axes = draw.axes(shape);
    const keepDims = draw.chance();
    // Distinct in size too, and away from 0.
    return { inputs: [draw.values(shape, { low: 0.3, distinct: true })], f: (x) => norm(x, p, axes, { keepDims }) };
  },
  median: statistic(median),
  quantile: (draw) => {
    const q = draw.pick([0.5, 0.25, [0, 0.3, 1], draw.uniform(0, 1)]);
    return statistic((x, axis, options) => quantile(x, q, axis, options))(draw);
  },
  cumsum: scan(cumsum, (draw, shape) => draw.values(shape)),
  cumprod: [scan(cumprod, (draw, shape) => draw.values(shape, { avoid: [0] })), scan(cumprod, withZeros)],
  softmax: scan(softmax, (draw, shape) => draw.values(shape)),
  logSoftmax: scan(logSoftmax, (draw, shape) => draw.values(shape)),
  dot: (draw) => {
    const shape = draw.shape(1, 1);
    return { inputs: [draw.values(shape), draw.values(shape)], f: dot };
  },
  inner: (draw) => {
    const k = draw.integer(1, 4);
    const [a, b] = [draw.shape(0, 2), draw.shape(0, 1)];
    return { inputs: [draw.values([...a, k]), draw.values([...b, k])], f: inner };
  },
  outer: (draw) => ({ inputs: [draw.values(draw.shape(1, 1)), draw.values(draw.shape(1, 1))], f: outer }),
} satisfies Record<string, Sample | readonly Sample[]>;

function reduction(f: typeof max, options?: ValueOptions): Sample {
  return (draw) => {
    const shape = draw.shape();
    const axes = draw.axes(shape);
    const keepDims = draw.chance();
    return { inputs: [draw.values(shape, options)], f: (x) => f(x, axes, { keepDims }) };
  };
}

/** Variances of at least two elements. */
function spread(f: typeof variance): Sample {
  return (draw) => {
    const shape = draw.shape(1, 3).map((n) => Math.max(2, n));
    const axes = draw.chance(0.3) ? undefined : draw.axis(shape);
    const [keepDims, correction] = [draw.chance(), draw.pick([0, 1])];
    return { inputs: [draw.values(shape, { distinct: true })], f: (x) => f(x, axes, { keepDims, correction }) };
  };
}

function statistic(f: typeof median): Sample {
  return (draw) => {
    const shape = draw.shape(0, 3);
    const axis = shape.length === 0 || draw.chance(0.3) ? undefined : draw.axis(shape);
    const keepDims = draw.chance();
    return { inputs: [draw.values(shape, { distinct: true })], f: (x) => f(x, axis, { keepDims }) };
  };
}

function scan(f: typeof cumsum, values: (draw: Draw, shape: number[]) => ReturnType<Draw['values']>): Sample {
  return (draw) => {
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    return { inputs: [values(draw, shape)], f: (x) => f(x, axis) };
  };
}

function withZeros(draw: Draw, shape: readonly number[]): ReturnType<Draw['values']> {
  const data = draw.values(shape, { avoid: [0] }).toTypedArray();
  for (let count = draw.integer(1, 2); count > 0; count--) data[draw.integer(0, data.length - 1)] = 0;
  return draw.given(data, shape);
}
