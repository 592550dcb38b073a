import { DataError } from '@maru-ml/base';
import {
  broadcastTo,
  eye,
  fromTypedArray,
  indexSelect,
  record,
  reshape,
  type Tensor,
  tensor,
  unsqueeze,
} from '@maru-ml/tensor';
import { type LuFactors, lu } from './dense/lu.ts';
import { givenSquare, type MatrixInput, matricesOf, restore } from './input.ts';
import { solveTensor } from './solve.ts';

/**
 * The determinant, by Gaussian elimination. Gradients flow, also where it is 0: that of a singular matrix are its cofactors,
 * each the determinant of a minor (O(n⁵)). Cost: 2/3 n³.
 *
 * @param a [..., n, n]
 * @returns [...]; it may overflow to an infinity or underflow to 0, where `slogdet` does not
 * @throws ShapeError, DataError
 */
export function det(a: MatrixInput): Tensor {
  const given = givenSquare('det', 'a', a, true);
  return restore(determinant(given.x), given);
}

/** The sign and the logarithm of the size of a determinant. */
export interface LogDeterminant {
  /** 1, -1, or 0 for a singular matrix [...]. */
  readonly sign: Tensor;
  /** log |det a| [...], -Infinity for a singular matrix. Gradients flow. */
  readonly logabsdet: Tensor;
}

/**
 * The determinant as a sign and a logarithm, which neither overflow nor underflow. Cost: 2/3 n³.
 *
 * @param a [..., n, n]
 * @throws ShapeError, DataError; DataError when run backward through a singular matrix
 */
export function slogdet(a: MatrixInput): LogDeterminant {
  const given = givenSquare('slogdet', 'a', a, true);
  const { x } = given;
  const n = x.shape[x.ndim - 1]!;
  const lead = x.shape.slice(0, -2);
  const factors = factorsOf(x);
  const signs = Float64Array.from(factors, (f) => {
    let sign = f.sign;
    for (let i = 0; i < n; i++) sign *= Math.sign(f.lu[i * n + i]!);
    return f.singular ? 0 : sign;
  });
  const logs = Float64Array.from(factors, (f) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.log(Math.abs(f.lu[i * n + i]!));
    return f.singular ? Number.NEGATIVE_INFINITY : sum;
  });
  const out = record('slogdet', fromTypedArray(logs, lead), [x], [x], (g) => {
    if (factors.some(({ singular }) => singular)) {
      throw new DataError('slogdet: a is singular, so log |det a| is -Infinity and has no gradient');
    }
    return [inverseTransposed(x, factors).mul(spread(g))];
  });
  return { sign: restore(fromTypedArray(signs, lead), given), logabsdet: restore(out, given) };
}

/** @param x [..., n, n], of float64 */
function determinant(x: Tensor): Tensor {
  const n = x.shape[x.ndim - 1]!;
  const factors = factorsOf(x);
  const values = Float64Array.from(factors, (f) => {
    let product = f.sign;
    for (let i = 0; i < n; i++) product *= f.lu[i * n + i]!;
    return f.singular ? 0 : product;
  });
  const out = fromTypedArray(values, x.shape.slice(0, -2));
  return record('det', out, [x], [x, out], (g) => {
    // d det = det A⁻ᵀ, which for a singular matrix (or one whose determinant left the range) is 0 times infinity.
    const regular = factors.every(({ singular }, i) => !singular && values[i] !== 0 && Number.isFinite(values[i]));
    const slope = regular ? inverseTransposed(x, factors).mul(spread(out)) : cofactors(x);
    return [slope.mul(spread(g))];
  });
}

function factorsOf(x: Tensor): LuFactors[] {
  const n = x.shape[x.ndim - 1]!;
  return matricesOf(x).map((matrix) => lu(matrix, n));
}

function inverseTransposed(x: Tensor, factors: readonly LuFactors[]): Tensor {
  const n = x.shape[x.ndim - 1]!;
  return solveTensor(x, broadcastTo(eye(n, { dtype: 'float64' }), x.shape), true, factors);
}

/** [...] as [..., 1, 1]. */
function spread(x: Tensor): Tensor {
  return unsqueeze(unsqueeze(x, -1), -1);
}

/** (-1)^(i + j) times the determinant without row i and column j, for all of them at once. */
function cofactors(x: Tensor): Tensor {
  const n = x.shape[x.ndim - 1]!;
  if (n === 1) return x.mul(0).add(1);
  const places: number[] = [];
  const signs: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      signs.push((i + j) % 2 === 0 ? 1 : -1);
      for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) if (r !== i && c !== j) places.push(r * n + c);
    }
  }
  const flat = reshape(x, [...x.shape.slice(0, -2), n * n]);
  const minors = reshape(indexSelect(flat, flat.ndim - 1, places), [...x.shape.slice(0, -2), n * n, n - 1, n - 1]);
  return reshape(determinant(minors).mul(tensor(signs, { dtype: 'float64' })), x.shape);
}
