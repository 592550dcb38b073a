import { checkInteger, checkNumber, checkOneOf, DataError, OptionError, ShapeError } from '@maru-ml/base';
import { exp as expKernel, logSoftmax as logSoftmaxKernel } from '@maru-ml/kernels/tensor';
import { type FloatArray, isFloat } from '../dtype.ts';
import { isGradEnabled, record } from '../graph.ts';
import { type Shape, sameShape, showShape } from '../shape.ts';
import { checkFloat, checkTensor, emptyTensor, floatView, type Tensor, view } from '../tensor.ts';
import { add, div, mul, neg } from './arithmetic.ts';
import { throughComposite } from './composite.ts';
import { zerosLike } from './create.ts';
import { transpose } from './shape.ts';
import { logSoftmax } from './softmax.ts';
import { sum } from './sum.ts';

export interface CrossEntropyOptions {
  /** 'mean' divides the sum by the total weight of the labels (or the number of rows of probabilities), 'none' gives each row's loss; 'mean'. */
  reduction?: 'mean' | 'sum' | 'none';
  /** The weight of each class [k]; 1. */
  weight?: Tensor;
  /** The share of each target that is spread evenly over all classes, from 0 to 1; 0. */
  labelSmoothing?: number;
  /** Rows with this label do not count; -100. */
  ignoreIndex?: number;
}

/**
 * -Σ target · ln softmax(logits), without overflow: `logits` [n, k] and `target`, either labels [n] from 0 to k - 1 (integers)
 * or probabilities [n, k] (floats). With further axes, logits [n, k, ...], there is a target for each place: [n, ...] or
 * [n, k, ...]; a vector [k] of logits is one row.
 *
 * @throws ShapeError where logits and target do not fit; DataError for a label that is no class
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkTensor('crossEntropy', 'logits', logits);
  checkTensor('crossEntropy', 'target', target);
  checkFloat('crossEntropy', 'logits', logits);
  if (logits.ndim === 0) throw new ShapeError('crossEntropy: logits must be [n, k], got []');
  const reduction = checkOneOf('crossEntropy', 'reduction', options.reduction ?? 'mean', ['mean', 'sum', 'none']);
  const smoothing = checkNumber('crossEntropy', 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, max: 1 });
  const classAxis = logits.ndim === 1 ? 0 : 1;
  const k = logits.shape[classAxis]!;
  const weight = options.weight ?? null;
  if (weight !== null && !sameShape(weight.shape, [k])) {
    throw new ShapeError(`crossEntropy: weight must be [${k}], one for each class, got ${showShape(weight.shape)}`);
  }
  const places = logits.shape.filter((_, axis) => axis !== classAxis);
  const rows = classesLast(logits);
  if (isFloat(target.dtype)) {
    if (!sameShape(target.shape, logits.shape)) {
      if (sameShape(target.shape, places)) {
        throw new OptionError(
          `crossEntropy: labels must be int32, got ${target.dtype}; make them with { dtype: 'int32' } or cast(target, 'int32')`,
        );
      }
      throw new ShapeError(
        `crossEntropy: logits are ${showShape(logits.shape)} but the target's probabilities ${showShape(target.shape)}`,
      );
    }
    let wanted = classesLast(target);
    if (smoothing > 0) wanted = add(mul(wanted, 1 - smoothing), smoothing / k);
    if (weight !== null) wanted = mul(wanted, weight);
    const losses = neg(sum(mul(wanted, logSoftmax(rows)), -1)).reshape(places);
    if (reduction === 'none') return losses;
    return reduction === 'sum' ? sum(losses) : div(sum(losses), losses.size);
  }
  if (target.dtype === 'bool') {
    throw new OptionError("crossEntropy: labels must be integers, got bool; cast(target, 'int32') converts them");
  }
  if (!sameShape(target.shape, places)) {
    throw new ShapeError(
      `crossEntropy: labels must be ${showShape(places)} for logits ${showShape(logits.shape)}, got ${showShape(target.shape)}`,
    );
  }
  const goal = goalOf(target, k, checkInteger('crossEntropy', 'ignoreIndex', options.ignoreIndex ?? -100));
  goal.own = 1 - smoothing;
  goal.spread = smoothing / k;
  if (weight !== null) goal.weight.set(floatView(weight));
  if (reduction === 'mean') {
    let total = 0;
    for (const label of goal.labels) if (label >= 0) total += goal.weight[label]!;
    goal.factor = 1 / total;
  }
  return ofLabels(rows.reshape(-1, k), goal, reduction === 'none' ? places : null);
}

/** What rows of probabilities are to look like: of row i, `own` · weight[label i] at its label and `spread` · weight everywhere. */
interface Goal {
  /** -1 where a row does not count. */
  labels: Int32Array;
  weight: Float64Array;
  own: number;
  spread: number;
  /** What all losses are multiplied by. */
  factor: number;
}

function goalOf(target: Tensor, k: number, ignored: number): Goal {
  const labels = Int32Array.from(view(target));
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label === ignored) labels[i] = -1;
    else if (label < 0 || label >= k) {
      throw new DataError(`crossEntropy: label ${i} is ${label}, but the logits have ${k} classes, 0 to ${k - 1}`);
    }
  }
  return { labels, weight: new Float64Array(k).fill(1), own: 1, spread: 0, factor: 1 };
}

/** The sum of the losses of rows [n, k], or each of them in the shape `each`. Fused: one pass forward, one back. */
function ofLabels(x: Tensor, goal: Goal, each: Shape | null): Tensor {
  const [n, k] = x.shape as [number, number];
  const logs = emptyTensor(x.shape, x.dtype);
  const out = emptyTensor(each ?? [], x.dtype);
  if (x.size > 0) logSoftmaxKernel(floatView(x), n, k, floatView(logs));
  const losses = rowLosses(floatView(logs), goal);
  if (each === null) floatView(out)[0] = goal.factor * losses.reduce((total, loss) => total + loss, 0);
  else floatView(out).set(losses);
  return record('crossEntropy', out, [x], [x, logs], (g, needs) => {
    if (isGradEnabled()) return throughComposite((rows) => composite(rows, goal, each), [x], g, needs);
    const dx = emptyTensor(x.shape, x.dtype);
    expKernel(floatView(logs), floatView(dx));
    toGradients(floatView(dx), goal, floatView(g));
    return [dx];
  });
}

function composite(x: Tensor, goal: Goal, each: Shape | null): Tensor {
  const { labels, weight, own, spread, factor } = goal;
  const targets = zerosLike(x);
  const values = floatView(targets);
  const k = weight.length;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! < 0) continue;
    for (let j = 0; j < k; j++) values[i * k + j] = factor * weight[j]! * (spread + (j === labels[i] ? own : 0));
  }
  const losses = neg(mul(targets, logSoftmax(x)));
  return each === null ? sum(losses) : sum(losses, -1).reshape(each);
}

/** -Σⱼ target · log-probability of each row. */
function rowLosses(logs: FloatArray, { labels, weight, own, spread }: Goal): Float64Array {
  const k = weight.length;
  const losses = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0) continue;
    let loss = own * weight[label]! * logs[i * k + label]!;
    if (spread > 0) for (let j = 0; j < k; j++) loss += spread * weight[j]! * logs[i * k + j]!;
    losses[i] = -loss;
  }
  return losses;
}

/** From softmax to g · factor · (softmax · Σ target - target), row by row in place; `g` is one number, or one for each row. */
function toGradients(rows: FloatArray, { labels, weight, own, spread, factor }: Goal, g: FloatArray): void {
  const k = weight.length;
  const everywhere = spread * weight.reduce((total, w) => total + w, 0);
  for (let i = 0, at = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0) {
      rows.fill(0, at, at + k);
      at += k;
      continue;
    }
    const scale = factor * g[g.length === 1 ? 0 : i]!;
    const targets = own * weight[label]! + everywhere;
    const atLabel = scale * own * weight[label]!;
    for (let j = 0; j < k; j++, at++) rows[at] = scale * (rows[at]! * targets - spread * weight[j]!);
    rows[at - k + label]! -= atLabel;
  }
}

/** [n, k, ...] as [n, ..., k]. */
function classesLast(x: Tensor): Tensor {
  if (x.ndim < 3) return x;
  return transpose(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1]);
}
