import { checkNumber, checkOneOf, type Random, randomFrom, type Seed, ShapeError } from '@maru-ml/base';
import { type Tensor, withViews } from '@maru-ml/tensor';

export interface InitOptions {
  /** A number or a generator; the next child of the default stream. */
  seed?: Seed;
}

export interface KaimingOptions extends InitOptions {
  /** Keep the variance of the forward or of the backward pass; 'fanIn'. */
  mode?: 'fanIn' | 'fanOut';
  /** The activation that follows; 'leakyRelu'. */
  nonlinearity?: Nonlinearity;
  /** The slope of leakyRelu; 0. */
  a?: number;
}

export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'selu';

/** How much an activation shrinks the standard deviation, as a factor that makes up for it. */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  const kinds: Nonlinearity[] = ['linear', 'sigmoid', 'tanh', 'relu', 'leakyRelu', 'selu'];
  switch (checkOneOf('calculateGain', 'nonlinearity', nonlinearity, kinds)) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + slope * slope));
    case 'selu':
      return 3 / 4;
    default:
      return 1;
  }
}

/** Fills the tensor with numbers uniform in [low, high), in place. */
export function initUniform(t: Tensor, low = 0, high = 1, { seed }: InitOptions = {}): Tensor {
  return fillWith(t, seed, (random) => random.uniform(low, high));
}

/** Fills the tensor with normal numbers, in place. */
export function initNormal(t: Tensor, mean = 0, std = 1, { seed }: InitOptions = {}): Tensor {
  checkNumber('initNormal', 'std', std, { min: 0 });
  return fillWith(t, seed, (random) => random.normal(mean, std));
}

/** Fills the tensor with one number, in place. */
export function initConstant(t: Tensor, value: number): Tensor {
  withViews([t], 1, (values) => values.fill(value));
  return t;
}

/**
 * Uniform in ±gain √(6 / (fanIn + fanOut)), in place: keeps variances forward and backward.
 * Source: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
 */
export function xavierUniform(t: Tensor, { gain = 1, seed }: InitOptions & { gain?: number } = {}): Tensor {
  const { fanIn, fanOut } = fans('xavierUniform', t);
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return initUniform(t, -bound, bound, { seed });
}

/** Normal with standard deviation gain √(2 / (fanIn + fanOut)), in place. Source: as `xavierUniform`. */
export function xavierNormal(t: Tensor, { gain = 1, seed }: InitOptions & { gain?: number } = {}): Tensor {
  const { fanIn, fanOut } = fans('xavierNormal', t);
  return initNormal(t, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), { seed });
}

/**
 * Uniform in ±gain √(3 / fan), in place: keeps the variance through rectifiers.
 * Source: K. He et al., "Delving deep into rectifiers", ICCV 2015.
 */
export function kaimingUniform(t: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingStd('kaimingUniform', t, options);
  return initUniform(t, -bound, bound, options);
}

/** Normal with standard deviation gain / √fan, in place. Source: as `kaimingUniform`. */
export function kaimingNormal(t: Tensor, options: KaimingOptions = {}): Tensor {
  return initNormal(t, 0, kaimingStd('kaimingNormal', t, options), options);
}

/**
 * A random matrix with orthonormal rows or columns (whichever are fewer) times `gain`, in place; further axes count as columns.
 * Source: A. Saxe, J. McClelland and S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks", ICLR 2014.
 */
export function orthogonal(t: Tensor, { gain = 1, seed }: InitOptions & { gain?: number } = {}): Tensor {
  if (t.ndim < 2) throw new ShapeError(`orthogonal: the tensor must have at least 2 axes, got [${t.shape.join(', ')}]`);
  const rows = t.shape[0]!;
  const columns = t.size / rows;
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const random = randomFrom(seed);
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const v = Float64Array.from({ length }, () => random.normal());
    // Gram-Schmidt twice: once is not enough in floating point.
    for (let pass = 0; pass < 2; pass++) {
      for (const q of basis) {
        const along = q.reduce((sum, value, i) => sum + value * v[i]!, 0);
        for (let i = 0; i < length; i++) v[i]! -= along * q[i]!;
      }
    }
    const norm = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
    if (norm > 1e-8) basis.push(v.map((value) => value / norm));
  }
  withViews([t], 1, (values) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++)
        values[i * columns + j] = gain * (rows < columns ? basis[i]![j]! : basis[j]![i]!);
    }
  });
  return t;
}

function kaimingStd(
  owner: string,
  t: Tensor,
  { mode = 'fanIn', nonlinearity = 'leakyRelu', a = 0 }: KaimingOptions,
): number {
  checkOneOf(owner, 'mode', mode, ['fanIn', 'fanOut']);
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(owner, t)[mode]);
}

/** How many inputs an output has and how many outputs an input: [out, in, ...kernel]. */
function fans(owner: string, t: Tensor): { fanIn: number; fanOut: number } {
  if (t.ndim < 2) throw new ShapeError(`${owner}: the tensor must have at least 2 axes, got [${t.shape.join(', ')}]`);
  const field = t.shape.slice(2).reduce((n, length) => n * length, 1);
  return { fanIn: t.shape[1]! * field, fanOut: t.shape[0]! * field };
}

function fillWith(t: Tensor, seed: Seed | undefined, draw: (random: Random) => number): Tensor {
  const random = randomFrom(seed);
  withViews([t], 1, (values) => {
    for (let i = 0; i < values.length; i++) values[i] = draw(random);
  });
  return t;
}
