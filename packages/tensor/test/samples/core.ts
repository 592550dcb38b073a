import {
  add,
  broadcastTo,
  cast,
  customGrad,
  div,
  matmul,
  mean,
  mul,
  neg,
  pow,
  reshape,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from '../../src/index.ts';
import { broadcasting, type Draw, elementwise, type Sample } from '../draw.ts';

/** Arithmetic, shapes, sums and products of matrices. */
export const core = {
  add: broadcasting(add),
  sub: broadcasting(sub),
  mul: broadcasting(mul),
  div: broadcasting(div, {}, { low: 0.5, high: 3 }),
  neg: elementwise(neg),
  pow: [
    broadcasting(pow, { low: 0.3, high: 2 }, { low: -2, high: 3 }),
    elementwise((x) => pow(x, 3)),
    elementwise((x) => pow(x, 2)),
  ],
  cast: (draw) => {
    // Values that float32 rounds: their differences are right to its precision only.
    const f = (x: Tensor) => add(cast(x, x.dtype === 'float64' ? 'float32' : 'float64'), cast(x, 'float64'));
    return { inputs: [draw.values(draw.shape())], f, rtol: 1e-3 };
  },
  customGrad: elementwise(
    customGrad(
      (x: Tensor) => x.mul(x),
      (g, [x]) => x!.mul(2).mul(g),
    ),
  ),
  broadcastTo: (draw) => {
    const shape = draw.shape();
    const small = shape.map((n) => (draw.chance() ? 1 : n)).slice(draw.integer(0, shape.length));
    return { inputs: [draw.values(small)], f: (x) => broadcastTo(x, shape) };
  },
  reshape: (draw) => {
    const shape = draw.shape();
    const to = draw.chance() ? [-1] : shape.slice().reverse();
    return { inputs: [draw.values(shape)], f: (x) => reshape(x, to) };
  },
  transpose: (draw) => {
    const shape = draw.shape(0, 4);
    const order = draw.chance(0.3) ? undefined : Array.from(draw.random.permutation(shape.length));
    return { inputs: [draw.values(shape)], f: (x) => transpose(x, order) };
  },
  sum: reduction(sum),
  mean: reduction(mean),
  matmul: [matrices, batches],
  where: (draw) => {
    const [a, b] = draw.pair();
    const condition = draw.booleans(draw.chance() ? a : b);
    return { inputs: [draw.values(a), draw.values(b)], f: (x, y) => where(condition, x, y) };
  },
} satisfies Record<string, Sample | readonly Sample[]>;

function reduction(f: typeof sum): Sample {
  return (draw) => {
    const shape = draw.shape();
    const axes = draw.axes(shape);
    const keepDims = draw.chance();
    return { inputs: [draw.values(shape)], f: (x) => f(x, axes, { keepDims }) };
  };
}

/** Two matrices, each as it is or transposed; now and then a vector. */
function matrices(draw: Draw): ReturnType<Sample> {
  const [m, k] = draw.shape(2, 2) as [number, number];
  const n = draw.length(1, 4);
  const [transA, transB] = [draw.chance(), draw.chance()];
  const a = draw.chance(0.1) ? [k] : transA ? [k, m] : [m, k];
  const b = draw.chance(0.1) ? [k] : transB ? [n, k] : [k, n];
  return { inputs: [draw.values(a), draw.values(b)], f: (x, y) => matmul(x, y, { transA, transB }) };
}

/** Batches of matrices, whose leading axes broadcast. */
function batches(draw: Draw): ReturnType<Sample> {
  const [left, right] = draw.pair(0, 2);
  const [m, k, n] = [draw.length(1, 3), draw.length(1, 3), draw.length(1, 3)];
  const [transA, transB] = [draw.chance(), draw.chance()];
  const a = [...left, ...(transA ? [k, m] : [m, k])];
  const b = [...right, ...(transB ? [n, k] : [k, n])];
  return { inputs: [draw.values(a), draw.values(b)], f: (x, y) => matmul(x, y, { transA, transB }) };
}
