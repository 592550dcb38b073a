import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  DataError,
  OptionError,
  refused,
  show,
} from '@maru-ml/base';
import { cosine, power } from './scalar.ts';

/** What a schedule changes: groups with a learning rate, as an optimizer has them. */
export interface HasLearningRate {
  paramGroups: { lr: number }[];
}

/** A learning rate as a factor of the initial one, by the number of steps (or epochs) taken so far, from 0. */
export type Schedule = (step: number) => number;

/** Where a scheduler stands: plain data that survives JSON. */
export interface SchedulerState {
  step: number;
  initial: number[];
}

/**
 * Sets an optimizer's learning rates by a schedule: at construction and after each `step()`, which is called once an epoch
 * or once a batch, whatever the schedule counts.
 */
export class Scheduler {
  readonly optimizer: HasLearningRate;
  readonly schedule: Schedule;
  /** Steps taken so far. */
  stepCount = 0;
  /** The learning rates that the schedule multiplies, one a group. */
  initial: number[];

  constructor(optimizer: HasLearningRate, schedule: Schedule) {
    if (typeof schedule !== 'function') {
      throw new OptionError(
        `Scheduler: schedule must be a function of the step, such as cosineDecay({ steps: 100 }), got ${show(schedule)}`,
      );
    }
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.initial = optimizer.paramGroups.map((group) => group.lr);
    this.apply();
  }

  /** Goes on to the next learning rate. */
  step(): void {
    this.stepCount++;
    this.apply();
  }

  stateDict(): SchedulerState {
    return { step: this.stepCount, initial: [...this.initial] };
  }

  /** Takes over what `stateDict` gave. @throws DataError where it does not fit; then nothing has changed */
  loadStateDict(state: SchedulerState): void {
    const { step, initial } = Object(state) as SchedulerState;
    if (
      !Number.isSafeInteger(step) ||
      step < 0 ||
      !Array.isArray(initial) ||
      !initial.every((lr) => lr >= 0 && lr < Number.POSITIVE_INFINITY)
    ) {
      throw new DataError(`Scheduler: the saved state must have step and initial, got ${show(state)}`);
    }
    if (initial.length !== this.initial.length) {
      throw new DataError(
        `Scheduler: the saved state is of ${initial.length} groups, but the optimizer has ${this.initial.length}`,
      );
    }
    this.stepCount = step;
    this.initial = [...initial];
    this.apply();
  }

  /** @internal */
  apply(): void {
    const factor = this.schedule(this.stepCount);
    for (const [i, group] of this.optimizer.paramGroups.entries()) group.lr = this.initial[i]! * factor;
  }
}

/** γ^⌊t/k⌋: the rate is multiplied by `gamma` (.1) every `stepSize` steps. */
export function stepDecay(options: { stepSize: number; gamma?: number }): Schedule {
  checkKnown('stepDecay', options, ['stepSize', 'gamma']);
  const { stepSize, gamma = 0.1 } = options;
  checkInteger('stepDecay', 'stepSize', stepSize, { min: 1 });
  checkNumber('stepDecay', 'gamma', gamma, { above: 0 });
  return (t) => power(gamma, Math.floor(t / stepSize));
}

/** γ at each of the `milestones`, which are steps in ascending order. */
export function multiStepDecay(options: { milestones: readonly number[]; gamma?: number }): Schedule {
  checkKnown('multiStepDecay', options, ['milestones', 'gamma']);
  const { milestones, gamma = 0.1 } = options;
  if (!Array.isArray(milestones)) throw refused('multiStepDecay', 'milestones', 'an array of steps', milestones);
  for (const [i, m] of milestones.entries()) {
    checkInteger('multiStepDecay', `milestones[${i}]`, m, { min: i === 0 ? 0 : milestones[i - 1]! + 1 });
  }
  checkNumber('multiStepDecay', 'gamma', gamma, { above: 0 });
  return (t) => power(gamma, milestones.filter((m) => m <= t).length);
}

/** γᵗ = e^{-kt} with k = -ln γ. */
export function exponentialDecay(options: { gamma: number }): Schedule {
  checkKnown('exponentialDecay', options, ['gamma']);
  const { gamma } = options;
  checkNumber('exponentialDecay', 'gamma', gamma, { above: 0 });
  return (t) => power(gamma, t);
}

/** 1 / (1 + kt). */
export function inverseTimeDecay(options: { k: number }): Schedule {
  checkKnown('inverseTimeDecay', options, ['k']);
  const { k } = options;
  checkNumber('inverseTimeDecay', 'k', k, { min: 0 });
  return (t) => 1 / (1 + k * t);
}

/** From 1 in equal steps to `final` (a share of the initial rate) after `steps` steps, and `final` from there on. */
export function linearDecay(options: { final: number; steps: number }): Schedule {
  checkKnown('linearDecay', options, ['final', 'steps']);
  const { final, steps } = options;
  checkNumber('linearDecay', 'final', final, { min: 0 });
  checkInteger('linearDecay', 'steps', steps, { min: 1 });
  return (t) => 1 + (final - 1) * Math.min(1, t / steps);
}

/**
 * Half a cosine from 1 to `final` (0) in `steps` steps, and `final` from there on.
 * Source: I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.
 */
export function cosineDecay(options: { steps: number; final?: number }): Schedule {
  checkKnown('cosineDecay', options, ['steps', 'final']);
  const { steps, final = 0 } = options;
  checkInteger('cosineDecay', 'steps', steps, { min: 1 });
  checkNumber('cosineDecay', 'final', final, { min: 0 });
  return (t) => final + ((1 - final) * (1 + cosine(Math.PI * Math.min(1, t / steps)))) / 2;
}

/**
 * Up from 1/`divFactor` (25) of the rate to the rate in the first `pctStart` (.3) of `steps` steps, then down to 1/`finalDivFactor`
 * (10⁴) of where it started; along half cosines or lines (`anneal`: 'cos' or 'linear').
 * Source: L. Smith and N. Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018.
 */
export function oneCycle(options: {
  steps: number;
  pctStart?: number;
  divFactor?: number;
  finalDivFactor?: number;
  anneal?: 'cos' | 'linear';
}): Schedule {
  checkKnown('oneCycle', options, ['steps', 'pctStart', 'divFactor', 'finalDivFactor', 'anneal']);
  const { steps, pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4, anneal = 'cos' } = options;
  checkInteger('oneCycle', 'steps', steps, { min: 2 });
  checkNumber('oneCycle', 'pctStart', pctStart, { min: 0, max: 1 });
  checkNumber('oneCycle', 'divFactor', divFactor, { above: 0 });
  checkNumber('oneCycle', 'finalDivFactor', finalDivFactor, { above: 0 });
  checkOneOf('oneCycle', 'anneal', anneal, ['cos', 'linear']);
  const start = 1 / divFactor;
  const top = pctStart * steps - 1;
  const between = (from: number, to: number, share: number) =>
    anneal === 'linear' ? from + (to - from) * share : to + ((from - to) * (1 + cosine(Math.PI * share))) / 2;
  return (t) => {
    const at = Math.min(t, steps - 1);
    if (at <= top) return between(start, 1, top === 0 ? 1 : at / top);
    return between(1, start / finalDivFactor, (at - top) / (steps - 1 - top));
  };
}

/** From `start` (1/3) of the rate in equal steps to the rate after `steps` steps; then `then`, which counts from 0 there, or 1. */
export function warmup(options: { steps: number; start?: number; then?: Schedule }): Schedule {
  checkKnown('warmup', options, ['steps', 'start', 'then']);
  const { steps, start = 1 / 3, then } = options;
  checkInteger('warmup', 'steps', steps, { min: 1 });
  checkNumber('warmup', 'start', start, { min: 0, max: 1 });
  if (then !== undefined && typeof then !== 'function')
    throw new OptionError(`warmup: then must be a schedule, got ${show(then)}`);
  return (t) => (t < steps ? start + (1 - start) * (t / steps) : (then?.(t - steps) ?? 1));
}
