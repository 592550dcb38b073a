import { DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { cast, fromTypedArray, isTensor, type MatrixLike, type Tensor, toMatrix } from '@maru-ml/tensor';

/** A matrix of the ml-matrix library, by what it can do. */
export interface MlMatrixLike {
  readonly rows: number;
  readonly columns: number;
  to1DArray(): number[];
}

/** What these functions take as a matrix: a tensor, rows of numbers, flat numbers with a shape, or a matrix of ml-matrix. */
export type MatrixInput = MatrixLike | MlMatrixLike;

/** What they take as right-hand sides: a matrix, or a vector of numbers. */
export type RightSide = MatrixInput | readonly number[] | Float64Array | Float32Array;

/** A checked argument as a tensor of float64. */
export interface Given {
  readonly x: Tensor;
  /** The precision of a tensor of floats; null for all else, which takes that of the others. */
  readonly dtype: 'float32' | 'float64' | null;
}

/** A result in the precision of the arguments: float32 if they are of float32, else float64. */
export function restore(result: Tensor, ...given: readonly Given[]): Tensor {
  const single = given.some(({ dtype }) => dtype === 'float32') && !given.some(({ dtype }) => dtype === 'float64');
  return single ? cast(result, 'float32') : result;
}

/**
 * Checks a matrix at the door: numbers, finite, two axes (or more, if `batched`), not empty. Tensors stay in their graph.
 * @throws ShapeError, DataError, OptionError that name the argument and the place
 */
export function givenMatrix(owner: string, name: string, a: MatrixInput, batched = false): Given {
  if (!isTensor(a)) {
    const { data, rows, columns } = toMatrix(owner, isMlMatrix(a) ? flatOf(a) : a, { name });
    return { x: fromTypedArray(new Float64Array(data), [rows, columns]), dtype: null };
  }
  if (batched ? a.ndim < 2 : a.ndim !== 2) {
    const wanted = batched ? 'at least 2 axes [..., m, n]' : '2 axes [m, n]';
    throw new ShapeError(`${owner}: ${name} must have ${wanted}, got shape ${showShape(a.shape)}`);
  }
  return checkedTensor(owner, name, a);
}

/** The same for a square matrix. */
export function givenSquare(owner: string, name: string, a: MatrixInput, batched = false): Given {
  const given = givenMatrix(owner, name, a, batched);
  const { shape } = given.x;
  if (shape[shape.length - 1] !== shape[shape.length - 2]) {
    throw new ShapeError(`${owner}: ${name} must be square, got shape ${showShape(shape)}`);
  }
  return given;
}

/** Right-hand sides: as a matrix, or a vector of one axis. */
export function givenRightSide(owner: string, name: string, b: RightSide, batched = false): Given {
  if (isTensor(b)) return b.ndim === 1 ? checkedTensor(owner, name, b) : givenMatrix(owner, name, b, batched);
  const list = ArrayBuffer.isView(b) || (Array.isArray(b) && typeof b[0] === 'number');
  if (!list) return givenMatrix(owner, name, b as MatrixInput);
  const values = Array.from(b as ArrayLike<unknown>, (value, i) => {
    if (typeof value === 'number') return value;
    throw new DataError(`${owner}: ${name}[${i}] must be a number, got ${show(value)}`);
  });
  const { x } = checkedTensor(owner, name, fromTypedArray(Float64Array.from(values), [values.length]));
  return { x, dtype: null };
}

/** Throws unless a square matrix equals its transpose, but for rounding. */
export function checkSymmetric(owner: string, name: string, { x, dtype }: Given): void {
  const n = x.shape[x.ndim - 1]!;
  for (const [at, data] of matricesOf(x).entries()) {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const tol = (dtype === 'float32' ? 1e-4 : 1e-8) * largest;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const [below, above] = [data[i * n + j]!, data[j * n + i]!];
        if (Math.abs(below - above) <= tol) continue;
        const part = partOf(name, x, at);
        throw new DataError(
          `${owner}: ${part} must be symmetric, but ${part}[${j}, ${i}] is ${above} and ${part}[${i}, ${j}] is ${below}; symmetrize it as (a + aᵀ) / 2`,
        );
      }
    }
  }
}

/** Matrix i of a batch as it stands in errors: `a`, or `a[2]`. */
export function partOf(name: string, x: Tensor, i: number): string {
  if (x.ndim === 2) return name;
  let rest = i;
  const place: number[] = [];
  for (let axis = x.ndim - 3; axis >= 0; axis--) {
    place.unshift(rest % x.shape[axis]!);
    rest = Math.floor(rest / x.shape[axis]!);
  }
  return `${name}[${place.join(', ')}]`;
}

/** The numbers of a float64 tensor, copied. */
export function numbers(x: Tensor): Float64Array {
  return x.toTypedArray() as Float64Array;
}

/** Those of each matrix of a batch [..., m, n]. */
export function matricesOf(x: Tensor): Float64Array[] {
  const data = numbers(x);
  const size = x.shape[x.ndim - 2]! * x.shape[x.ndim - 1]!;
  return Array.from({ length: data.length / size }, (_, i) => data.subarray(i * size, (i + 1) * size));
}

/** The parts of a batch one behind the other, as a tensor. */
export function joined(parts: readonly Float64Array[], shape: readonly number[]): Tensor {
  const out = new Float64Array(parts.length * parts[0]!.length);
  for (const [i, part] of parts.entries()) out.set(part, i * part.length);
  return fromTypedArray(out, shape);
}

export function showShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function checkedTensor(owner: string, name: string, a: Tensor): Given {
  if (a.size === 0) throw new DataError(`${owner}: ${name} must not be empty, got shape ${showShape(a.shape)}`);
  if (a.dtype === 'bool') throw new OptionError(`${owner}: ${name} must hold numbers, got a tensor of bool`);
  const data = a.toTypedArray();
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value - value === 0) continue;
    throw new DataError(`${owner}: ${placeOf(name, a.shape, i)} is ${value}; all numbers must be finite`);
  }
  const float = a.dtype === 'float32' || a.dtype === 'float64';
  return { x: a.dtype === 'float64' ? a : cast(a, 'float64'), dtype: float ? (a.dtype as 'float32') : null };
}

function placeOf(name: string, shape: readonly number[], i: number): string {
  const place: number[] = [];
  let rest = i;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `${name}[${place.join(', ')}]`;
}

function isMlMatrix(a: unknown): a is MlMatrixLike {
  return typeof a === 'object' && a !== null && 'to1DArray' in a && 'rows' in a && 'columns' in a;
}

function flatOf(a: MlMatrixLike): { data: number[]; shape: number[] } {
  return { data: a.to1DArray(), shape: [a.rows, a.columns] };
}
