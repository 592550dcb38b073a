import { checkNumber, checkOneOf, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import {
  abs,
  cast,
  clamp,
  div,
  gather,
  indexSelect,
  isTensor,
  lessEqual,
  log,
  mean,
  mul,
  neg,
  oneHot,
  relu,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from '@maru-ml/tensor';

/** What becomes of the losses of the elements (or rows): their mean, their sum, or themselves. */
export type Reduction = 'mean' | 'sum' | 'none';

export interface LossOptions {
  /** 'mean' */
  reduction?: Reduction;
}

/** (x - y)², x and y of one shape. */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSame('mseLoss', input, target);
  return reduce('mseLoss', square(sub(input, target)), options);
}

/** |x - y|, x and y of one shape. */
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSame('l1Loss', input, target);
  return reduce('l1Loss', abs(sub(input, target)), options);
}

/** (x - y)² / 2β where |x - y| < β (1), else |x - y| - β/2. */
export function smoothL1Loss(input: Tensor, target: Tensor, options: LossOptions & { beta?: number } = {}): Tensor {
  const beta = checkNumber('smoothL1Loss', 'beta', options.beta ?? 1, { above: 0 });
  return reduce('smoothL1Loss', div(huber('smoothL1Loss', input, target, beta), beta), options);
}

/**
 * (x - y)² / 2 where |x - y| ≤ δ (1), else δ(|x - y| - δ/2).
 * Source: P. Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics 35, 1964.
 */
export function huberLoss(input: Tensor, target: Tensor, options: LossOptions & { delta?: number } = {}): Tensor {
  const delta = checkNumber('huberLoss', 'delta', options.delta ?? 1, { above: 0 });
  return reduce('huberLoss', huber('huberLoss', input, target, delta), options);
}

/**
 * -(y log p + (1 - y) log(1 - p)) for probabilities p and targets y in [0, 1]; logarithms below -100 count as -100, so that
 * p = 0 and p = 1 give finite losses.
 * @throws DataError for a probability or a target outside [0, 1]
 */
export function binaryCrossEntropy(probability: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSame('binaryCrossEntropy', probability, target);
  checkTargets('binaryCrossEntropy', target, (y) => y >= 0 && y <= 1, 'from 0 to 1');
  const values = probability.toTypedArray();
  for (let i = 0; i < values.length; i++) {
    const p = values[i]!;
    if (p < 0 || p > 1) {
      throw new DataError(
        `binaryCrossEntropy: probability ${i} must be from 0 to 1, got ${p}; bceWithLogits takes logits, before the sigmoid`,
      );
    }
  }
  const logOf = (p: Tensor) => clamp(log(p), -100, Number.POSITIVE_INFINITY);
  const losses = neg(mul(target, logOf(probability)).add(mul(sub(1, target), logOf(sub(1, probability)))));
  return reduce('binaryCrossEntropy', losses, options);
}

/**
 * `binaryCrossEntropy` of sigmoid(x), computed without losing digits: max(x, 0) - xy + log(1 + e^-|x|).
 * `posWeight` weights the positive examples.
 * @throws DataError for a target outside [0, 1]
 */
export function bceWithLogits(
  logits: Tensor,
  target: Tensor,
  options: LossOptions & { posWeight?: number } = {},
): Tensor {
  checkSame('bceWithLogits', logits, target);
  checkTargets('bceWithLogits', target, (y) => y >= 0 && y <= 1, 'from 0 to 1');
  const posWeight = checkNumber('bceWithLogits', 'posWeight', options.posWeight ?? 1, { min: 0 });
  const weight = mul(target, posWeight - 1).add(1);
  // log(1 + e^-x) = softplus(-x)
  const losses = mul(sub(1, target), logits).add(mul(weight, softplus(neg(logits))));
  return reduce('bceWithLogits', losses, options);
}

/** -log p of the target classes: `logProbabilities` [n, k], `target` [n] of class numbers. `weight` [k] weights the classes. */
export function nllLoss(
  logProbabilities: Tensor,
  target: Tensor,
  options: LossOptions & { weight?: Tensor } = {},
): Tensor {
  checkClasses('nllLoss', logProbabilities, target);
  checkPresent('nllLoss', logProbabilities, target);
  const index = target.reshape(-1, 1);
  const losses = neg(gather(logProbabilities, 1, index).reshape(-1));
  if (options.weight === undefined) return reduce('nllLoss', losses, options);
  const { weight } = options;
  if (weight.size !== logProbabilities.shape[1]) {
    throw new ShapeError(
      `nllLoss: weight has ${weight.size} elements, but there are ${logProbabilities.shape[1]} classes`,
    );
  }
  const weights = indexSelect(weight, 0, target);
  const weighted = mul(losses, weights);
  return (options.reduction ?? 'mean') === 'mean'
    ? div(sum(weighted), sum(weights))
    : reduce('nllLoss', weighted, options);
}

/** Σ y (log y - x) over the last axis for log-probabilities x and probabilities y, 0 log 0 = 0; 'mean' divides by the rows. */
export function klDivLoss(logProbabilities: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSame('klDivLoss', logProbabilities, target);
  const zero = lessEqual(target, 0);
  const losses = where(zero, 0, mul(target, sub(log(where(zero, 1, target)), logProbabilities)));
  const rows = logProbabilities.ndim > 1 ? sum(losses, -1) : sum(losses).reshape(1);
  return reduce('klDivLoss', rows, options);
}

/**
 * max(0, 1 - xy) for margins x and targets y that are -1 or 1 (the loss of support vector machines).
 * @throws DataError for another target, such as 0
 */
export function hingeLoss(input: Tensor, target: Tensor, options: LossOptions & { margin?: number } = {}): Tensor {
  checkSame('hingeLoss', input, target);
  checkTargets('hingeLoss', target, (y) => y === 1 || y === -1, '-1 or 1');
  const margin = checkNumber('hingeLoss', 'margin', options.margin ?? 1);
  return reduce('hingeLoss', relu(sub(margin, mul(input, target))), options);
}

/**
 * Σ over the wrong classes j of max(0, margin - s_y + s_j), for scores [n, k] and class numbers [n]
 * (PyTorch's multiMarginLoss also divides by k).
 * Source: J. Weston and C. Watkins, "Support vector machines for multi-class pattern recognition", ESANN 1999.
 */
export function multiClassHingeLoss(
  scores: Tensor,
  target: Tensor,
  options: LossOptions & { margin?: number } = {},
): Tensor {
  checkClasses('multiClassHingeLoss', scores, target);
  checkPresent('multiClassHingeLoss', scores, target);
  const margin = checkNumber('multiClassHingeLoss', 'margin', options.margin ?? 1);
  const own = gather(scores, 1, target.reshape(-1, 1));
  const wrong = sub(1, cast(oneHot(target, scores.shape[1]!), scores.dtype));
  return reduce('multiClassHingeLoss', sum(mul(relu(sub(scores, own).add(margin)), wrong), 1), options);
}

/**
 * The share of rows whose largest output [n, k] stands at the target class [n]; not differentiable.
 * @throws ShapeError for a single column, which would make every row class 0
 */
export function accuracy(output: Tensor, target: Tensor): number {
  for (const [name, t] of [
    ['output', output],
    ['target', target],
  ] as const) {
    if (!isTensor(t)) throw new OptionError(`accuracy: ${name} must be a Tensor, got ${show(t)}`);
  }
  if (output.ndim === 2 && output.shape[1] === 1) {
    throw new ShapeError(
      'accuracy: the output has 1 column, but each class needs one; for a single logit a row count where its sign is right',
    );
  }
  checkClasses('accuracy', output, target);
  const k = output.shape[1]!;
  const values = output.toTypedArray();
  const classes = target.toTypedArray();
  let right = 0;
  for (let i = 0; i < classes.length; i++) {
    let best = 0;
    for (let j = 1; j < k; j++) if (values[i * k + j]! > values[i * k + best]!) best = j;
    if (best === classes[i]) right++;
  }
  return right / classes.length;
}

function huber(owner: string, input: Tensor, target: Tensor, delta: number): Tensor {
  checkSame(owner, input, target);
  const distance = abs(sub(input, target));
  return where(lessEqual(distance, delta), mul(square(distance), 0.5), mul(sub(distance, delta / 2), delta));
}

function reduce(owner: string, losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  checkOneOf(owner, 'reduction', reduction, ['mean', 'sum', 'none']);
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? sum(losses) : mean(losses);
}

function checkSame(owner: string, input: Tensor, target: Tensor): void {
  const same = input.ndim === target.ndim && input.shape.every((n, i) => n === target.shape[i]);
  if (same) return;
  throw new ShapeError(
    `${owner}: the input is [${input.shape.join(', ')}] but the target is [${target.shape.join(', ')}]; they must be of one shape`,
  );
}

/** Targets outside a loss's domain give numbers that look like a loss, so they are refused. */
function checkTargets(owner: string, target: Tensor, accepts: (y: number) => boolean, wanted: string): void {
  const values = target.toTypedArray();
  for (let i = 0; i < values.length; i++) {
    if (!accepts(values[i]!)) throw new DataError(`${owner}: target ${i} must be ${wanted}, got ${values[i]}`);
  }
}

function checkClasses(owner: string, scores: Tensor, target: Tensor): void {
  if (scores.ndim !== 2 || target.ndim !== 1 || scores.shape[0] !== target.shape[0]) {
    throw new ShapeError(
      `${owner}: the input must be [n, k] and the target [n], got [${scores.shape.join(', ')}] and [${target.shape.join(', ')}]`,
    );
  }
  if (target.dtype !== 'int32' && target.dtype !== 'uint8') {
    throw new OptionError(
      `${owner}: the target must hold class numbers as int32, got ${target.dtype}; cast(target, 'int32') converts it`,
    );
  }
}

function checkPresent(owner: string, scores: Tensor, target: Tensor): void {
  const k = scores.shape[1]!;
  checkTargets(owner, target, (y) => y >= 0 && y < k, `from 0 to ${k - 1}`);
}
