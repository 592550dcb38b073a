import { drawNormal, RandomStream, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { qr } from '../dense/qr.ts';
import { symmetricEigenSteps } from '../dense/symmetric-eigen.ts';

/** The largest eigenvalues [k], descending, and their vectors in rows [k, n]. */
export interface LeadingEigen {
  values: Float64Array;
  vectors: Float64Array;
}

/**
 * The k largest eigenvalues of a symmetric A [n, n] by block Krylov iteration: random columns Q are multiplied with A again and again,
 * each product is made orthonormal to those before it, and A is decomposed in the space of all of them,
 *
 *   A ≈ B S Θ Sᵀ Bᵀ,   B = [Q, AQ, A²Q, …],   Bᵀ A B = S Θ Sᵀ,
 *
 * until A u = θ u holds to `TOLERANCE` of the largest. A block of more than k columns finds equal eigenvalues too. Where it takes more than a
 * quarter of all directions, or most of what is wanted is rounding, A is decomposed whole. O(n² k) a step, some tens of steps.
 *
 * G. Golub and R. Underwood, "The block Lanczos method for computing eigenvalues", Mathematical Software III (1977).
 */
export function* leadingEigen(a: Float64Array, n: number, k: number): Steps<LeadingEigen> {
  const width = k + EXTRA;
  const most = Math.min(Math.floor(n / 4), MOST);
  if (2 * width > most) return yield* largestEigen(a, n, k);
  const random = new RandomStream(0);
  const start = Float64Array.from({ length: n * width }, () => drawNormal(random));
  // The basis in rows, and its product with A projected on it.
  const basis = new Float64Array(most * n);
  const projected = new Float64Array(most * most);
  let block: Float64Array = qr(start, n, width).q;
  let size = 0;
  let next = 4 * width;
  while (size + width <= most) {
    putRows(block, n, width, basis, size);
    size += width;
    const product = new Float64Array(n * width);
    const strip = Math.ceil(STRIP / n);
    for (let from = 0; from < n; from += strip) {
      const to = Math.min(n, from + strip);
      const some = { m: to - from, n: width, k: n };
      matmul(a.subarray(from * n, to * n), block, product.subarray(from * width, to * width), some);
      yield;
    }
    const inner = new Float64Array(size * width);
    for (const pass of [1, 2]) {
      // What the basis explains of the product is taken off, twice for the sake of rounding.
      const part = new Float64Array(size * width);
      matmul(basis.subarray(0, size * n), product, part, { m: size, n: width, k: n });
      if (pass === 1) inner.set(part);
      subtractProduct(basis, part, product, n, size, width);
    }
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < width; c++) {
        const column = size - width + c;
        projected[i * most + column] = projected[column * most + i] = inner[i * width + c]!;
      }
    }
    const { q, r } = qr(product, n, width);
    block = q;
    yield;
    // Decomposing costs as much as a step, so it waits until the space has grown by a quarter.
    if (size < next && size + width <= most) continue;
    next = 1.25 * size;
    const found = yield* ritz(projected, most, size, k);
    if (isSettled(found, r, size, width, k)) {
      const vectors = new Float64Array(k * n);
      matmul(found.vectors, basis.subarray(0, size * n), vectors, { m: k, n, k: size });
      return { values: found.values, vectors };
    }
  }
  return yield* largestEigen(a, n, k);
}

/** The k largest of the eigenvalues in the basis, and their vectors in rows [k, size]. */
function* ritz(projected: Float64Array, stride: number, size: number, k: number): Steps<LeadingEigen> {
  const t = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) t[i * size + j] = projected[i * stride + j]!;
  return yield* largestEigen(t, size, k);
}

/** Whether A u - θ u, which is what the next block says to the last of the basis, is as good as nothing. */
function isSettled(
  { values, vectors }: LeadingEigen,
  r: Float64Array,
  size: number,
  width: number,
  k: number,
): boolean {
  for (let c = 0; c < k; c++) {
    let squares = 0;
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let j = i; j < width; j++) sum += r[i * width + j]! * vectors[c * size + size - width + j]!;
      squares += sum * sum;
    }
    if (!(Math.sqrt(squares) <= TOLERANCE * values[0]!)) return false;
  }
  return true;
}

/** The k largest of all eigenvalues. O(n³). */
export function* largestEigen(a: Float64Array, n: number, k: number): Steps<LeadingEigen> {
  const eigen = yield* symmetricEigenSteps(a, n);
  const vectors = new Float64Array(k * n);
  for (let c = 0; c < k; c++) for (let i = 0; i < n; i++) vectors[c * n + i] = eigen.vectors[i * n + n - 1 - c]!;
  return { values: eigen.values.slice(n - k).reverse(), vectors };
}

/** Columns of a block [n, width] as rows of the basis. */
function putRows(block: Float64Array, n: number, width: number, basis: Float64Array, at: number): void {
  for (let i = 0; i < n; i++) for (let c = 0; c < width; c++) basis[(at + c) * n + i] = block[i * width + c]!;
}

/** product -= Bᵀ part. */
function subtractProduct(
  basis: Float64Array,
  part: Float64Array,
  product: Float64Array,
  n: number,
  size: number,
  width: number,
): void {
  const negative = part.map((value) => -value);
  const rows = basis.subarray(0, size * n);
  matmul(rows, negative, product, { m: n, n: width, k: size, transA: true, accumulate: true });
}

/** Columns of a block beyond those that are wanted. */
const EXTRA = 6;
/** The most directions before A is decomposed whole. */
const MOST = 400;
const TOLERANCE = 1e-13;
/** Numbers of A that are multiplied between two pauses. */
const STRIP = 2 ** 20;
