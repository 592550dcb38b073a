import { checkInteger, checkKnown, checkNumber, DataError, ShapeError, show } from '@maru-ml/base';
import { isTensor, scope, type Tensor, tensor, withViews, zeroGrad } from '@maru-ml/tensor';
import { addScaled, dot, LbfgsHistory, largest } from './history.ts';
import { strongWolfe } from './wolfe.ts';

export interface LBFGSOptions {
  /** The first step tried of each iteration, > 0; 1. */
  lr?: number;
  /** Iterations of a call of `step`; 20. */
  maxIter?: number;
  /** Evaluations of a line search at most; 25. */
  maxEvaluations?: number;
  /** Stop when no element of the gradient is larger; 1e-7. */
  toleranceGrad?: number;
  /** Stop when no parameter, or the loss, changes by more; 1e-9. */
  toleranceChange?: number;
  /** How many steps are remembered; 100. */
  historySize?: number;
}

/** What is remembered of the last steps, the oldest first: the steps and the changes of the gradient, each [n] in float64. */
export interface LBFGSState {
  steps: Tensor[];
  changes: Tensor[];
}

/**
 * L-BFGS for small nets and full batches: quasi-Newton directions from the last steps, all parameters as one vector, with a
 * line search for the strong Wolfe conditions (PyTorch searches only with `line_search_fn: 'strong_wolfe'`).
 * `step` takes a function that computes the loss; it may call it many times.
 *
 * Source: J. Nocedal and S. Wright, "Numerical Optimization", 2nd ed., 2006, chapter 7. Cost O(n · historySize) an iteration.
 *
 * @throws OptionError for options out of range
 */
export class LBFGS {
  readonly params: Tensor[];
  readonly options: Required<LBFGSOptions>;
  readonly history: LbfgsHistory;

  constructor(params: Iterable<Tensor>, options: LBFGSOptions = {}) {
    const known = ['lr', 'maxIter', 'maxEvaluations', 'toleranceGrad', 'toleranceChange', 'historySize'];
    checkKnown('LBFGS', options, known);
    this.params = [...params];
    this.options = {
      lr: checkNumber('LBFGS', 'lr', options.lr ?? 1, { above: 0 }),
      maxIter: checkInteger('LBFGS', 'maxIter', options.maxIter ?? 20, { min: 1 }),
      maxEvaluations: checkInteger('LBFGS', 'maxEvaluations', options.maxEvaluations ?? 25, { min: 1 }),
      toleranceGrad: checkNumber('LBFGS', 'toleranceGrad', options.toleranceGrad ?? 1e-7, { min: 0 }),
      toleranceChange: checkNumber('LBFGS', 'toleranceChange', options.toleranceChange ?? 1e-9, { min: 0 }),
      historySize: checkInteger('LBFGS', 'historySize', options.historySize ?? 100, { min: 1 }),
    };
    this.history = new LbfgsHistory(this.options.historySize);
  }

  /**
   * Runs up to `maxIter` iterations. `closure` computes the loss (a scalar) from the parameters as they are; it may
   * call `backward()` itself, as PyTorch's does.
   * @returns the loss at the beginning
   * @throws DataError if the loss is not finite there
   */
  step(closure: () => Tensor): number {
    const { lr, maxIter, maxEvaluations, toleranceGrad, toleranceChange } = this.options;
    const evaluate = (point: Float64Array) => {
      this.write(point);
      return this.evaluate(closure);
    };
    let x = this.read();
    let { value, gradient } = this.evaluate(closure);
    if (!Number.isFinite(value)) throw new DataError(`LBFGS: the loss is ${value} at the beginning of the step`);
    const start = value;
    for (let i = 0; i < maxIter && largest(gradient) > toleranceGrad; i++) {
      const direction = this.history.direction(gradient);
      const slope = dot(gradient, direction);
      const length = this.history.size === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
      const found = strongWolfe(
        (alpha) => {
          const at = evaluate(addScaled(x, alpha, direction));
          return { alpha, value: at.value, slope: dot(at.gradient, direction) };
        },
        { alpha: 0, value, slope },
        lr * length,
        { maxEvaluations },
      );
      const point = addScaled(x, found.alpha, direction);
      const at = evaluate(point);
      if (found.alpha === 0) break;
      this.history.add(addScaled(point, -1, x), addScaled(at.gradient, -1, gradient));
      const change = Math.max(found.alpha * largest(direction), Math.abs(at.value - value));
      [x, value, gradient] = [point, at.value, at.gradient];
      if (change <= toleranceChange) break;
    }
    return start;
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const p of this.params) zeroGrad(p);
  }

  /** What `step` goes on from, to be saved beside the parameters. */
  stateDict(): LBFGSState {
    const saved = (vector: Float64Array) => tensor(vector, { dtype: 'float64' });
    return {
      steps: this.history.steps.map(({ s }) => saved(s)),
      changes: this.history.steps.map(({ y }) => saved(y)),
    };
  }

  /** Takes over what `stateDict` gave. @throws DataError, ShapeError where it does not fit; then nothing has changed */
  loadStateDict(state: LBFGSState): void {
    const { steps, changes } = Object(state) as LBFGSState;
    const good = [steps, changes].every((list) => Array.isArray(list) && list.every(isTensor));
    if (!good || steps.length !== changes.length) {
      throw new DataError(`LBFGS: the saved state must have as many steps as changes, got ${show(state)}`);
    }
    const n = this.params.reduce((sum, p) => sum + p.size, 0);
    const wrong = [...steps, ...changes].find((t) => t.size !== n);
    if (wrong !== undefined)
      throw new ShapeError(`LBFGS: the saved steps have ${wrong.size} elements, but the parameters have ${n}`);
    const read = new LbfgsHistory(this.options.historySize);
    if (!steps.every((s, i) => read.add(numbers(s), numbers(changes[i]!))))
      throw new DataError('LBFGS: the saved steps must each have a finite product above 0 with their changes');
    this.history.clear();
    this.history.steps.push(...read.steps);
  }

  /** @internal The loss and its gradient by all parameters, as one vector. */
  evaluate(closure: () => Tensor): { value: number; gradient: Float64Array } {
    this.zeroGrad();
    return scope(() => {
      const loss = closure();
      // A closure written for PyTorch has gone back already.
      if (this.params.every((p) => p.grad === null)) loss.backward();
      const parts = this.params.map((p) => p.grad?.toTypedArray() ?? new Float64Array(p.size));
      return { value: loss.item(), gradient: joined(parts) };
    });
  }

  /** @internal */
  read(): Float64Array {
    return joined(this.params.map((p) => p.toTypedArray()));
  }

  /** @internal */
  write(point: Float64Array): void {
    let at = 0;
    for (const p of this.params) {
      withViews([p], 1, (values) => values.set(point.subarray(at, at + p.size)));
      at += p.size;
    }
  }
}

function numbers(t: Tensor): Float64Array {
  return Float64Array.from(t.toTypedArray());
}

function joined(parts: ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
