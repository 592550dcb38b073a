import { checkInteger, checkKnown, checkNumber, checkOneOf, DataError, show } from '@maru-ml/base';
import type { HasLearningRate } from './schedules.ts';

export interface ReduceOnPlateauOptions {
  /** Whether a smaller or a larger value is better; 'min'. */
  mode?: 'min' | 'max';
  /** What the rate is multiplied by, < 1; .1. */
  factor?: number;
  /** Steps without improvement that are put up with; 10. */
  patience?: number;
  /** What counts as an improvement; 1e-4. */
  threshold?: number;
  /** Whether the threshold is a share of the best value or a difference; 'rel'. */
  thresholdMode?: 'rel' | 'abs';
  /** Steps after a reduction that do not count; 0. */
  cooldown?: number;
  /** The rate is not taken below it; 0. */
  minLr?: number;
  /** Smaller changes of the rate are not made; 1e-8. */
  eps?: number;
}

/** Where the scheduler stands; survives JSON but for the infinite best at the start, which is null. */
export interface PlateauState {
  best: number | null;
  badSteps: number;
  cooling: number;
}

/**
 * Multiplies the learning rate by `factor` when a value, such as the validation loss, has not improved for more than
 * `patience` steps. Options and defaults as PyTorch's ReduceLROnPlateau.
 */
export class ReduceOnPlateau {
  readonly optimizer: HasLearningRate;
  readonly options: Required<ReduceOnPlateauOptions>;
  /** The best value so far; null before the first. */
  best: number | null = null;
  badSteps = 0;
  cooling = 0;

  constructor(optimizer: HasLearningRate, options: ReduceOnPlateauOptions = {}) {
    const owner = 'ReduceOnPlateau';
    checkKnown(owner, options, [
      'mode',
      'factor',
      'patience',
      'threshold',
      'thresholdMode',
      'cooldown',
      'minLr',
      'eps',
    ]);
    this.optimizer = optimizer;
    this.options = {
      mode: checkOneOf(owner, 'mode', options.mode ?? 'min', ['min', 'max']),
      factor: checkNumber(owner, 'factor', options.factor ?? 0.1, { min: 0, below: 1 }),
      patience: checkInteger(owner, 'patience', options.patience ?? 10, { min: 0 }),
      threshold: checkNumber(owner, 'threshold', options.threshold ?? 1e-4, { min: 0 }),
      thresholdMode: checkOneOf(owner, 'thresholdMode', options.thresholdMode ?? 'rel', ['rel', 'abs']),
      cooldown: checkInteger(owner, 'cooldown', options.cooldown ?? 0, { min: 0 }),
      minLr: checkNumber(owner, 'minLr', options.minLr ?? 0, { min: 0 }),
      eps: checkNumber(owner, 'eps', options.eps ?? 1e-8, { min: 0 }),
    };
  }

  /** Takes in the value of a step (NaN and the worse infinity count as no improvement) and reduces the rates if it is time. */
  step(value: number): void {
    if (this.improves(value)) {
      this.best = value;
      this.badSteps = 0;
    } else this.badSteps++;
    if (this.cooling > 0) {
      this.cooling--;
      this.badSteps = 0;
    }
    if (this.badSteps <= this.options.patience) return;
    const { factor, minLr, eps, cooldown } = this.options;
    for (const group of this.optimizer.paramGroups) {
      const lr = Math.max(group.lr * factor, minLr);
      if (group.lr - lr > eps) group.lr = lr;
    }
    this.cooling = cooldown;
    this.badSteps = 0;
  }

  stateDict(): PlateauState {
    return { best: this.best, badSteps: this.badSteps, cooling: this.cooling };
  }

  /** Takes over what `stateDict` gave. @throws DataError where it is none; then nothing has changed */
  loadStateDict(state: PlateauState): void {
    const { best, badSteps, cooling } = Object(state) as PlateauState;
    const counts = [badSteps, cooling].every((count) => Number.isSafeInteger(count) && count >= 0);
    if (!counts || !(best === null || typeof best === 'number')) {
      throw new DataError(`ReduceOnPlateau: the saved state must have best, badSteps and cooling, got ${show(state)}`);
    }
    this.best = best;
    this.badSteps = badSteps;
    this.cooling = cooling;
  }

  /** @internal */
  improves(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.options;
    if (this.best === null) return mode === 'min' ? value < Number.POSITIVE_INFINITY : value > Number.NEGATIVE_INFINITY;
    if (mode === 'min') return value < (thresholdMode === 'rel' ? this.best * (1 - threshold) : this.best - threshold);
    return value > (thresholdMode === 'rel' ? this.best * (1 + threshold) : this.best + threshold);
  }
}
