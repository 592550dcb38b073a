import { ShapeError } from '@maru-ml/base';
import { matmul as matmulKernel } from '@maru-ml/kernels/tensor';
import { isFloat, promoteTypes } from '../dtype.ts';
import { record } from '../graph.ts';
import { broadcastShapes, type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import { checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { broadcastTo, castTo, sumTo } from './broadcast.ts';
import { cast } from './cast.ts';

export interface MatmulOptions {
  /** Take the first matrix transposed, without copying it; false. */
  transA?: boolean;
  /** Take the second matrix transposed, without copying it; false. */
  transB?: boolean;
}

/**
 * The matrix product. `a` [..., m, k] and `b` [..., k, n] give [..., m, n]; leading axes broadcast. A vector counts as a row
 * on the left and a column on the right. Integers are multiplied as float32. Cost O(m n k).
 *
 * @throws ShapeError where the inner dimensions differ
 */
export function matmul(a: Tensor, b: Tensor, { transA = false, transB = false }: MatmulOptions = {}): Tensor {
  checkTensor('matmul', 'a', a);
  checkTensor('matmul', 'b', b);
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      `matmul: a is ${showShape(a.shape)} and b is ${showShape(b.shape)}, but a scalar is no matrix; use mul`,
    );
  }
  if (a.ndim === 1 || b.ndim === 1) {
    const out = matmul(a.ndim === 1 ? a.reshape(1, -1) : a, b.ndim === 1 ? b.reshape(-1, 1) : b, {
      transA: transA && a.ndim > 1,
      transB: transB && b.ndim > 1,
    });
    const shape = out.shape.filter(
      (_, i) => !((a.ndim === 1 && i === out.ndim - 2) || (b.ndim === 1 && i === out.ndim - 1)),
    );
    return out.reshape(shape);
  }
  const promoted = promoteTypes(a.dtype, b.dtype);
  const dtype = isFloat(promoted) ? promoted : 'float32';
  const [m, k] = ends(a.shape, transA);
  const [inner, n] = ends(b.shape, transB);
  if (k !== inner) {
    const flags =
      transA || transB ? ` (${[transA ? 'a' : '', transB ? 'b' : ''].filter(Boolean).join(' and ')} transposed)` : '';
    throw new ShapeError(
      `matmul: a is ${showShape(a.shape)} but b is ${showShape(b.shape)}${flags}; inner dimensions ${k} and ${inner} differ`,
    );
  }
  const lead = a.ndim === 2 && b.ndim === 2 ? [] : leadingShape(a.shape, b.shape);
  const x = castTo(a.ndim === 2 ? a : spread(a.detach(), lead), dtype);
  const y = castTo(b.ndim === 2 ? b : spread(b.detach(), lead), dtype);
  const out = emptyTensor(lead.length === 0 ? [m, n] : [...lead, m, n], dtype);
  // Many matrices times one is a single product of a taller matrix.
  const merged = y.ndim === 2 && !transA;
  const batch = merged ? 1 : sizeOf(lead);
  if (out.size > 0) {
    matmulKernel(floatView(x), floatView(y), floatView(out), {
      batch,
      m: merged ? sizeOf(lead) * m : m,
      n,
      k,
      transA,
      transB,
      strideA: x.ndim === 2 ? 0 : m * k,
      strideB: y.ndim === 2 ? 0 : k * n,
    });
  }
  const saved = [b.requiresGrad ? a : null, a.requiresGrad ? b : null];
  return record('matmul', out, [a, b], saved, (g, [forA, forB]) => [
    forA ? cast(gradientOfLeft(g, a, b, transA, transB), a.dtype) : null,
    forB ? cast(gradientOfRight(g, a, b, transA, transB), b.dtype) : null,
  ]);
}

/** For C = AB: dA = G Bᵀ, and (G Bᵀ)ᵀ = B Gᵀ where A came transposed. */
function gradientOfLeft(g: Tensor, a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor {
  const full = transA ? matmul(b, g, { transA: transB, transB: true }) : matmul(g, b, { transB: !transB });
  return sumTo(full, a.shape);
}

/** For C = AB: dB = Aᵀ G, and (Aᵀ G)ᵀ = Gᵀ A where B came transposed. */
function gradientOfRight(g: Tensor, a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor {
  if (b.ndim === 2 && a.ndim > 2 && !transA) {
    // One matrix for all batches: its gradient is one product of the taller matrices.
    return gradientOfRight(g.reshape(-1, g.shape[g.ndim - 1]!), a.reshape(-1, a.shape[a.ndim - 1]!), b, false, transB);
  }
  const full = transB ? matmul(g, a, { transA: true, transB: transA }) : matmul(a, g, { transA: !transA });
  return sumTo(full, b.shape);
}

function ends(shape: Shape, transposed: boolean): [rows: number, columns: number] {
  const rows = shape[shape.length - 2]!;
  const columns = shape[shape.length - 1]!;
  return transposed ? [columns, rows] : [rows, columns];
}

function leadingShape(a: Shape, b: Shape): number[] {
  const left = a.slice(0, -2);
  const right = b.slice(0, -2);
  return sameShape(left, right) ? left : broadcastShapes('matmul: the leading axes', left, right);
}

/** Repeats the leading axes. */
function spread(x: Tensor, lead: Shape): Tensor {
  return broadcastTo(x, [...lead, ...x.shape.slice(-2)]);
}
