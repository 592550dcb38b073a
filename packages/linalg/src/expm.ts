import { DataError } from '@maru-ml/base';
import { eye, matmul, reshape, slice, stack, type Tensor } from '@maru-ml/tensor';
import { lu } from './dense/lu.ts';
import { givenSquare, type MatrixInput, numbers, partOf, restore } from './input.ts';
import { solveTensor } from './solve.ts';

/** Coefficients of the diagonal Padé approximants of eˣ, and up to which norm each is accurate to 2⁻⁵³. */
const PADE: readonly { reach: number; coefficients: readonly number[] }[] = [
  { reach: 0.01495585217958292, coefficients: [120, 60, 12, 1] },
  { reach: 0.253939833006323, coefficients: [30240, 15120, 3360, 420, 30, 1] },
  { reach: 0.9504178996162932, coefficients: [17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1] },
  {
    reach: 2.097847961257068,
    coefficients: [17643225600, 8821612800, 2075673600, 302702400, 30270240, 2162160, 110880, 3960, 90, 1],
  },
  {
    reach: 5.371920351148152,
    coefficients: [
      64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
      670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
    ],
  },
];

/**
 * The exponential of a matrix, Σ Aᵏ / k!, by a Padé approximant of A / 2ˢ that is squared s times. Gradients flow. Cost: some
 * 20 n³.
 *
 * N. Higham, "The scaling and squaring method for the matrix exponential revisited", SIAM J. Matrix Anal. Appl. 26 (2005).
 *
 * @param a [..., n, n]
 * @returns [..., n, n]
 * @throws ShapeError, DataError; DataError if the result is too large
 */
export function expm(a: MatrixInput): Tensor {
  const given = givenSquare('expm', 'a', a, true);
  const { x } = given;
  if (x.ndim === 2) return restore(exponential(x, 'a'), given);
  // Each by itself, since how often to square depends on its norm.
  const n = x.shape[x.ndim - 1]!;
  const matrices = reshape(x, [-1, n, n]);
  const each = Array.from({ length: matrices.shape[0]! }, (_, i) =>
    exponential(slice(matrices, [i]), partOf('a', x, i)),
  );
  return restore(reshape(stack(each), x.shape), given);
}

/** @param name how errors call the matrix */
function exponential(a: Tensor, name: string): Tensor {
  const n = a.shape[0]!;
  const norm = largestColumnSum(numbers(a), n);
  const last = PADE[PADE.length - 1]!;
  const chosen = PADE.find(({ reach }) => norm <= reach) ?? last;
  let squarings = 0;
  for (let size = norm; size > last.reach; size /= 2) squarings++;
  let x = approximant(squarings === 0 ? a : a.mul(2 ** -squarings), chosen.coefficients, n);
  for (let i = 0; i < squarings; i++) x = matmul(x, x);
  if (!numbers(x).every(Number.isFinite)) {
    throw new DataError(
      `expm: the exponential of ${name} is too large for float64 (its norm is ${norm.toPrecision(3)})`,
    );
  }
  return x;
}

/** (V - U)⁻¹ (V + U), with the odd powers in U and the even ones in V. */
function approximant(a: Tensor, b: readonly number[], n: number): Tensor {
  const unit = eye(n, { dtype: 'float64' });
  const a2 = matmul(a, a);
  let odd: Tensor;
  let even: Tensor;
  if (b.length <= 10) {
    odd = unit.mul(b[1]!);
    even = unit.mul(b[0]!);
    let power = a2;
    for (let k = 2; k < b.length; k += 2) {
      if (k > 2) power = matmul(power, a2);
      even = even.add(power.mul(b[k]!));
      odd = odd.add(power.mul(b[k + 1]!));
    }
  } else {
    // Fewer products: the highest powers share a factor a⁶.
    const a4 = matmul(a2, a2);
    const a6 = matmul(a4, a2);
    const sum = (from: number) =>
      a6
        .mul(b[from + 6]!)
        .add(a4.mul(b[from + 4]!))
        .add(a2.mul(b[from + 2]!));
    const high = (from: number) =>
      a6
        .mul(b[from + 12]!)
        .add(a4.mul(b[from + 10]!))
        .add(a2.mul(b[from + 8]!));
    even = matmul(a6, high(0)).add(sum(0)).add(unit.mul(b[0]!));
    odd = matmul(a6, high(1)).add(sum(1)).add(unit.mul(b[1]!));
  }
  const u = matmul(a, odd);
  const denominator = even.sub(u);
  return solveTensor(denominator, even.add(u), false, [lu(numbers(denominator), n)]);
}

function largestColumnSum(a: Float64Array, n: number): number {
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sums[j]! += Math.abs(a[i * n + j]!);
  return sums.reduce((largest, value) => Math.max(largest, value), 0);
}
