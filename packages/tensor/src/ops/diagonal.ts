import { checkInteger, ShapeError } from '@maru-ml/base';
import { checkAxis, type Shape, showShape } from '../shape.ts';
import { checkTensor, emptyTensor, type Tensor, view } from '../tensor.ts';
import { reshape, transpose } from './shape.ts';
import { embed, slice } from './slice.ts';
import { where } from './where.ts';

/**
 * The lower triangle of the last two axes, zeros elsewhere. `diagonal` tells the last diagonal that stays: 0 is the main one,
 * positive ones lie above it.
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return triangle('tril', x, diagonal, (i, j) => j - i <= diagonal);
}

/** The upper triangle of the last two axes, zeros elsewhere. `diagonal` tells the first diagonal that stays, as in `tril`. */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return triangle('triu', x, diagonal, (i, j) => j - i >= diagonal);
}

function triangle(owner: string, x: Tensor, diagonal: number, stays: (i: number, j: number) => boolean): Tensor {
  checkTensor(owner, 'x', x);
  checkInteger(owner, 'diagonal', diagonal);
  if (x.ndim < 2) throw new ShapeError(`${owner}: x must have at least two axes, got shape ${showShape(x.shape)}`);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const mask = emptyTensor([rows, columns], 'bool');
  const values = view(mask);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[at++] = stays(i, j) ? 1 : 0;
  return where(mask, x, 0);
}

/**
 * The diagonal of two axes (the first two by default) as a new last axis: elements [i, i + offset]. Negative offsets lie below
 * the main diagonal.
 */
export function diagonal(x: Tensor, offset = 0, axis1 = 0, axis2 = 1): Tensor {
  checkTensor('diagonal', 'x', x);
  checkInteger('diagonal', 'offset', offset);
  const [first, second] = [checkAxis('diagonal', axis1, x.ndim), checkAxis('diagonal', axis2, x.ndim)];
  if (first === second) throw new ShapeError(`diagonal: axis1 and axis2 must differ, both are ${first}`);
  const others = x.shape.map((_, i) => i).filter((i) => i !== first && i !== second);
  const moved = transpose(x, [...others, first, second]);
  const lead = moved.shape.slice(0, -2);
  const { start, step, length } = onDiagonal(moved.shape.slice(-2), offset);
  const [rows, columns] = moved.shape.slice(-2) as [number, number];
  const flat = reshape(moved, [...lead, rows * columns]);
  const range = length === 0 ? [0, 0] : [start, start + (length - 1) * step + 1, step];
  return slice(flat, [...lead.map(() => null), range as [number, number, number]]);
}

/** For a vector the square matrix with it on a diagonal; for a matrix its diagonal. Positive offsets lie above the main diagonal. */
export function diag(x: Tensor, offset = 0): Tensor {
  checkTensor('diag', 'x', x);
  checkInteger('diag', 'offset', offset);
  if (x.ndim === 2) return diagonal(x, offset);
  if (x.ndim !== 1) throw new ShapeError(`diag: x must be a vector or a matrix, got shape ${showShape(x.shape)}`);
  const n = x.size + Math.abs(offset);
  const { start, step } = onDiagonal([n, n], offset);
  return reshape(embed(x, [n * n], [{ start: Math.min(start, n * n), step, length: x.size, kept: true }], 0), [n, n]);
}

/** Where the elements of a diagonal lie in the flat matrix. */
function onDiagonal([rows, columns]: Shape, offset: number): { start: number; step: number; length: number } {
  const down = Math.max(0, -offset);
  const right = Math.max(0, offset);
  const length = Math.max(0, Math.min(rows! - down, columns! - right));
  return { start: down * columns! + right, step: columns! + 1, length };
}
