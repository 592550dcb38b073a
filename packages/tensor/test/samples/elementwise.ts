import {
  abs,
  acos,
  asin,
  atan,
  ceil,
  clamp,
  cos,
  cosh,
  dropout,
  elu,
  erf,
  exp,
  expm1,
  floor,
  gelu,
  hardtanh,
  leakyRelu,
  log,
  log1p,
  logSigmoid,
  maximum,
  maxout,
  minimum,
  mish,
  piecewiseLinear,
  prelu,
  reciprocal,
  relu,
  remainder,
  round,
  rsqrt,
  selu,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  softplus,
  softsign,
  sqrt,
  square,
  step,
  tan,
  tanh,
  trunc,
} from '../../src/index.ts';
import { type Draw, type Sample, elementwise as unary } from '../draw.ts';

const kinked = { avoid: [0] };
const positive = { low: 0.2, high: 3 };
const unit = { low: -0.9, high: 0.9 };
/** Where functions to whole numbers jump. */
const whole = { avoid: [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2] };

/** Element-wise mathematics and activations. */
export const elementwise = {
  exp: unary(exp),
  expm1: unary(expm1),
  log: unary(log, positive),
  log1p: unary(log1p, { low: -0.7, high: 3 }),
  sqrt: unary(sqrt, positive),
  rsqrt: unary(rsqrt, positive),
  square: unary(square),
  reciprocal: unary(reciprocal, positive),
  abs: unary(abs, kinked),
  sign: unary(sign, kinked),
  step: unary(step, kinked),
  sin: unary(sin),
  cos: unary(cos),
  tan: unary(tan, { low: -1.2, high: 1.2 }),
  asin: unary(asin, unit),
  acos: unary(acos, unit),
  atan: unary(atan),
  sinh: unary(sinh),
  cosh: unary(cosh),
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  logSigmoid: unary(logSigmoid),
  softplus: unary(softplus),
  erf: unary(erf),
  floor: unary(floor, whole),
  ceil: unary(ceil, whole),
  round: unary(round, whole),
  trunc: unary(trunc, whole),
  clamp: unary((x) => clamp(x, -1, 0.5), { avoid: [-1, 0.5] }),
  maximum: apart(maximum),
  minimum: apart(minimum),
  remainder: (draw) => {
    // The divisor as a quotient and a rest, so that no point lies near a jump.
    const shape = draw.shape();
    const divisor = draw.values(shape, { low: 0.5, high: 2 });
    const rest = draw.values(shape, { low: 0.2, high: 0.8 });
    const times = draw.integers(shape, -2, 2);
    const sign = draw.chance() ? 1 : -1;
    return { inputs: [divisor.mul(rest.add(times)), divisor.mul(sign)], f: remainder };
  },
  relu: unary(relu, kinked),
  leakyRelu: unary((x) => leakyRelu(x, 0.1), kinked),
  prelu: (draw) => {
    const shape = draw.shape(2, 4);
    const weights = draw.values(draw.pick([[], [1], [shape[1]!]]), { low: -0.5, high: 0.5 });
    return { inputs: [draw.values(shape, kinked), weights], f: prelu };
  },
  elu: unary((x) => elu(x, 1.5), kinked),
  selu: unary(selu, kinked),
  gelu: [unary((x) => gelu(x)), unary((x) => gelu(x, { approximate: 'tanh' }))],
  silu: unary(silu),
  mish: unary(mish),
  softsign: unary(softsign, kinked),
  hardtanh: unary((x) => hardtanh(x), { avoid: [-1, 1] }),
  piecewiseLinear: unary(piecewiseLinear, { avoid: [-0.5, 0.5] }),
  maxout: (draw) => {
    const pieces = draw.integer(1, 3);
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    const longer = shape.slice();
    longer[(axis + shape.length) % shape.length]! *= pieces;
    return { inputs: [draw.values(longer, { distinct: true })], f: (x) => maxout(x, pieces, axis) };
  },
  dropout: (draw) => {
    const p = draw.pick([0, 0.3, 0.5, 1]);
    return { inputs: [draw.values(draw.shape())], f: (x) => dropout(x, p, { seed: 3 }) };
  },
} satisfies Record<string, Sample | readonly Sample[]>;

/** Two operands that broadcast and are nowhere nearly equal. */
function apart(f: typeof maximum): Sample {
  return (draw: Draw) => {
    const [a, b] = draw.pair();
    const all = draw.values([a.reduce((n, m) => n * m, 1) + b.reduce((n, m) => n * m, 1)], { distinct: true });
    const values = Array.from(all.toTypedArray());
    const size = a.reduce((n, m) => n * m, 1);
    return { inputs: [draw.given(values.slice(0, size), a), draw.given(values.slice(size), b)], f };
  };
}
