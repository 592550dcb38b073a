import { OptionError, ShapeError } from '@maru-ml/base';
import { type Shape, showShape, sizeOf } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { broadcastTo } from './broadcast.ts';
import { diagonal } from './diagonal.ts';
import { matmul } from './matmul.ts';
import { reshape, transpose } from './shape.ts';
import { sum } from './sum.ts';

/** A tensor whose axes have names. */
interface Named {
  axes: readonly string[];
  t: Tensor;
}

/**
 * Einstein's sum: the product of the tensors, summed over every index that the result does not name.
 * `einsum('ij,jk->ik', a, b)` is the matrix product, `'ii'` the trace, `'bij->bji'` a transposition, `'i,j->ij'` the outer
 * product. Without an arrow the result has the indices that occur once, in alphabetical order. `...` stands for all axes
 * that are not named, which broadcast. Two tensors at a time are multiplied as batches of matrices, from left to right.
 *
 * @throws OptionError for an equation that cannot be read, ShapeError where it does not fit the tensors
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  for (const [i, t] of operands.entries()) checkTensor('einsum', `operand ${i}`, t);
  const { inputs, output } = parse(equation, operands);
  const named = broadcastUnnamed(inputs.map((axes, i) => ({ axes, t: operands[i]! }))).map(onDiagonals);
  const lengths = lengthsOf(named);
  for (const axis of output) {
    if (!lengths.has(axis))
      throw new OptionError(`einsum: '${equation}' asks for the index ${axis}, which no input has`);
  }
  let result = named[0]!;
  for (let i = 1; i <= named.length; i++) {
    const later = new Set([...output, ...named.slice(i).flatMap(({ axes }) => axes)]);
    result = summed(result, (axis) => later.has(axis));
    if (i === named.length) break;
    const wanted = new Set([...output, ...named.slice(i + 1).flatMap(({ axes }) => axes)]);
    const next = summed(named[i]!, (axis) => wanted.has(axis) || result.axes.includes(axis));
    result = product(result, next, wanted);
  }
  return transpose(
    result.t,
    output.map((axis) => result.axes.indexOf(axis)),
  );
}

/** The names of the axes of each input and of the output; those that `...` stands for are numbers from the right. */
function parse(equation: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const compact = typeof equation === 'string' ? equation.replaceAll(' ', '') : '';
  const match = /^((?:[A-Za-z]|\.\.\.|,)*)(?:->((?:[A-Za-z]|\.\.\.)*))?$/.exec(compact);
  if (match === null) {
    throw new OptionError(`einsum: the equation must be like 'ij,jk->ik', got ${JSON.stringify(equation)}`);
  }
  const terms = match[1]!.split(',');
  if (operands.length === 0 || terms.length !== operands.length) {
    throw new OptionError(`einsum: '${equation}' is for ${terms.length} tensors, got ${operands.length}`);
  }
  let unnamed = 0;
  const inputs = terms.map((term, i) => {
    const named = term.replace('...', '');
    const rest = operands[i]!.ndim - named.length;
    if (named.includes('.')) throw new OptionError(`einsum: '${term}' has more than one ...`);
    if (rest < 0 || (rest > 0 && !term.includes('...'))) {
      throw new ShapeError(
        `einsum: '${term}' names ${named.length} axes, but tensor ${i} is ${showShape(operands[i]!.shape)}`,
      );
    }
    unnamed = Math.max(unnamed, term.includes('...') ? rest : 0);
    return spelled(term, rest);
  });
  const all = inputs.flat();
  const once = [...new Set(all)].filter((axis) => all.indexOf(axis) === all.lastIndexOf(axis) && !isUnnamed(axis));
  const output = match[2] === undefined ? [...spelled('...', unnamed), ...once.sort()] : spelled(match[2], unnamed);
  if (new Set(output).size !== output.length) {
    throw new OptionError(`einsum: the result of '${equation}' names an index twice`);
  }
  return { inputs, output };
}

function spelled(term: string, unnamed: number): string[] {
  const [before = '', after] = term.split('...');
  if (after === undefined) return [...before];
  return [...before, ...Array.from({ length: unnamed }, (_, i) => `${unnamed - i}`), ...after];
}

function isUnnamed(axis: string): boolean {
  return /^\d/.test(axis);
}

/** Repeats unnamed axes of length 1 to the length that they have elsewhere. */
function broadcastUnnamed(operands: readonly Named[]): Named[] {
  const longest = new Map<string, number>();
  for (const { axes, t } of operands) {
    for (const [i, axis] of axes.entries()) {
      if (isUnnamed(axis) && t.shape[i] !== 1) longest.set(axis, t.shape[i]!);
    }
  }
  return operands.map(({ axes, t }) => ({
    axes,
    t: broadcastTo(
      t,
      t.shape.map((n, i) => (n === 1 && isUnnamed(axes[i]!) ? (longest.get(axes[i]!) ?? 1) : n)),
    ),
  }));
}

/** Takes the diagonal where an index stands twice. */
function onDiagonals({ axes, t }: Named): Named {
  for (let second = axes.length - 1; second > 0; second--) {
    const first = axes.indexOf(axes[second]!);
    if (first === second) continue;
    if (t.shape[first] !== t.shape[second]) {
      throw new ShapeError(
        `einsum: the index ${axes[second]} stands for both axes ${first} and ${second} of ${showShape(t.shape)}; their lengths differ`,
      );
    }
    const others = axes.filter((_, i) => i !== first && i !== second);
    return onDiagonals({ axes: [...others, axes[second]!], t: diagonal(t, 0, first, second) });
  }
  return { axes, t };
}

function lengthsOf(operands: readonly Named[]): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { axes, t } of operands) {
    for (const [i, axis] of axes.entries()) {
      const known = lengths.get(axis);
      if (known !== undefined && known !== t.shape[i]) {
        const name = isUnnamed(axis) ? 'an axis under ...' : `the index ${axis}`;
        throw new ShapeError(`einsum: ${name} has the lengths ${known} and ${t.shape[i]}`);
      }
      lengths.set(axis, t.shape[i]!);
    }
  }
  return lengths;
}

/** Sums over the axes that are not wanted. */
function summed({ axes, t }: Named, wanted: (axis: string) => boolean): Named {
  const gone = axes.flatMap((axis, i) => (wanted(axis) ? [] : [i]));
  return gone.length === 0 ? { axes, t } : { axes: axes.filter(wanted), t: sum(t, gone) };
}

/** The product of two tensors as batches of matrices: shared axes that are wanted are the batch, those that are not are summed. */
function product(a: Named, b: Named, wanted: ReadonlySet<string>): Named {
  const batch = a.axes.filter((axis) => b.axes.includes(axis) && wanted.has(axis));
  const contracted = a.axes.filter((axis) => b.axes.includes(axis) && !wanted.has(axis));
  const rows = a.axes.filter((axis) => !b.axes.includes(axis));
  const columns = b.axes.filter((axis) => !a.axes.includes(axis));
  const left = asMatrices(a, batch, rows, contracted);
  const right = asMatrices(b, batch, columns, contracted);
  const t = matmul(left.t, right.t, { transA: left.flipped, transB: !right.flipped });
  const axes = [...batch, ...rows, ...columns];
  const shape = [...lengths(a, [...batch, ...rows]), ...lengths(b, columns)];
  return { axes, t: reshape(t, shape) };
}

/** As [batch, free, contracted], or [batch, contracted, free] where the axes lie so already. */
function asMatrices(
  named: Named,
  batch: readonly string[],
  free: readonly string[],
  contracted: readonly string[],
): { t: Tensor; flipped: boolean } {
  const flipped = named.axes.join() === [...batch, ...contracted, ...free].join();
  const [rows, columns] = flipped ? [contracted, free] : [free, contracted];
  const order = [...batch, ...rows, ...columns].map((axis) => named.axes.indexOf(axis));
  const [m, n] = [sizeOf(lengths(named, rows)), sizeOf(lengths(named, columns))];
  const lead = batch.length === 0 ? [] : [sizeOf(lengths(named, batch))];
  return { t: reshape(transpose(named.t, order), [...lead, m, n]), flipped };
}

function lengths({ axes, t }: Named, of: readonly string[]): Shape {
  return of.map((axis) => t.shape[axes.indexOf(axis)]!);
}
