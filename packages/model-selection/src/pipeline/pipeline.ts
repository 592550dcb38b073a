import {
  checkKnown,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  type InnerFit,
  OptionError,
  readable,
  runFits,
  runFitsAsync,
  show,
} from '@maru-ml/base';
import { answerSteps, type Model } from '@maru-ml/tensor';
import { countRows } from '../rows.ts';
import { ownError } from './own-errors.ts';
import { PipelineModel } from './pipeline-model.ts';
import { printSteps } from './print-steps.ts';
import type { Connected, PipelineOf, PipelineOptions, Step } from './types.ts';

/**
 * Estimators one after the other as a single one: each step is fitted with what the step before made of the rows, and the whole
 * predicts, transforms or clusters as its last step does. So a cross-validation fits the scaling, too, on the training rows only.
 *
 *   pipeline(new StandardScaler(), new PCA({ nComponents: 2 }), new LogisticRegression()).fit(x, y).predict(x)
 *
 * That each step takes what the one before makes is checked by its types. y goes to every step whose `fit` takes it (x, y and options);
 * `sampleWeight` to every step that takes weights, of which the last must be one; `onProgress` to the last. Steps are immutable, so
 * one pipeline can be fitted many times. A pipeline can be a step.
 *
 * @throws OptionError for no steps, or a step that cannot be fitted
 */
export function pipeline<const S extends readonly [Step, ...Step[]]>(...steps: Connected<S>): PipelineOf<S> {
  const all = steps as unknown as readonly AnyStep[];
  if (all.length === 0) throw new OptionError('pipeline: there must be at least one step');
  for (const [i, step] of all.entries()) {
    if (typeof step?.fit === 'function' && typeof step.fitAsync === 'function') continue;
    const remedy = Array.isArray(step) ? '; steps are arguments of their own: pipeline(a, b)' : '';
    throw new OptionError(`pipeline: step ${i + 1} must be an estimator, got ${show(step)}${remedy}`);
  }
  const made = all.some(takesTargets) ? new SupervisedPipeline(all) : new UnsupervisedPipeline(all);
  return made as unknown as PipelineOf<S>;
}

/** Whether an estimator's `fit` takes x and y before its options. */
export function takesTargets(step: { fit: (...args: never[]) => unknown }): boolean {
  return step.fit.length >= 2;
}

interface AnyStep {
  readonly options: object;
  fit(x: unknown, ...rest: unknown[]): AnyModel;
  fitAsync(x: unknown, ...rest: unknown[]): Promise<AnyModel>;
}

type AnyModel = Model & { transform?(x: unknown): unknown };

/** A pipeline of which a step learns from targets. */
class SupervisedPipeline {
  readonly steps: readonly AnyStep[];
  readonly options: PipelineOptions;

  constructor(steps: readonly AnyStep[]) {
    this.steps = Object.freeze([...steps]);
    this.options = optionsOf(steps);
    readable(this);
  }

  fit(x: unknown, y: unknown, options: FitOptions = {}): PipelineModel {
    return fitSteps(this.steps, x, y, options);
  }

  fitAsync(x: unknown, y: unknown, options: FitAsyncOptions = {}): Promise<PipelineModel> {
    return fitStepsAsync(this.steps, x, y, options);
  }

  toString(): string {
    return printSteps('Pipeline', this.steps);
  }
}

/** A pipeline that sees rows only. */
class UnsupervisedPipeline {
  readonly steps: readonly AnyStep[];
  readonly options: PipelineOptions;

  constructor(steps: readonly AnyStep[]) {
    this.steps = Object.freeze([...steps]);
    this.options = optionsOf(steps);
    readable(this);
  }

  fit(x: unknown, options: FitOptions = {}): PipelineModel {
    return fitSteps(this.steps, x, undefined, options);
  }

  fitAsync(x: unknown, options: FitAsyncOptions = {}): Promise<PipelineModel> {
    return fitStepsAsync(this.steps, x, undefined, options);
  }

  toString(): string {
    return printSteps('Pipeline', this.steps);
  }
}

function fitSteps(steps: readonly AnyStep[], x: unknown, y: unknown, options: FitOptions): PipelineModel {
  checkKnown('Pipeline', options, ['sampleWeight', 'onProgress']);
  return runFits(fitAll(steps, x, y, options));
}

async function fitStepsAsync(
  steps: readonly AnyStep[],
  x: unknown,
  y: unknown,
  { signal, ...options }: FitAsyncOptions,
): Promise<PipelineModel> {
  checkKnown('Pipeline', options, ['sampleWeight', 'onProgress', 'signal']);
  return runFitsAsync(fitAll(steps, x, y, options), { signal });
}

function* fitAll(steps: readonly AnyStep[], x: unknown, y: unknown, options: FitOptions): Fits<PipelineModel> {
  const models: AnyModel[] = [];
  let rows = x;
  for (const [i, step] of steps.entries()) {
    const [first, last] = [i === 0, i === steps.length - 1];
    try {
      let model: AnyModel;
      try {
        model = yield* fitted(step, rows, y, last ? options : weightsOf(options));
      } catch (error) {
        if (last || !refusesWeights(error, options)) throw error;
        model = yield* fitted(step, rows, y, {});
      }
      models.push(model);
      if (last) break;
      yield;
      rows = yield* transformed(model, i, rows);
      yield;
    } catch (error) {
      throw ownError(error, first, last);
    }
  }
  return new PipelineModel(models);
}

function* fitted(step: AnyStep, x: unknown, y: unknown, options: FitOptions): Generator<InnerFit<AnyModel>, AnyModel> {
  const targets = takesTargets(step) ? [y] : [];
  return (yield {
    fit: () => step.fit(x, ...targets, options),
    fitAsync: (more) => step.fitAsync(x, ...targets, { ...options, ...more }),
  }) as unknown as AnyModel;
}

function* transformed(model: AnyModel, place: number, rows: unknown): Generator<undefined, unknown, unknown> {
  if (typeof model.transform !== 'function') {
    throw new OptionError(`pipeline: step ${place + 1} must make rows for the next, but its model has no transform`);
  }
  // Of what does not even say how many columns it makes nobody knows whether it looks at rows alone.
  if (!('nFeaturesOut' in model)) return model.transform(rows);
  return yield* answerSteps(rows, countRows('pipeline', rows), (some) => model.transform!(some));
}

function weightsOf({ sampleWeight }: FitOptions): FitOptions {
  return sampleWeight === undefined ? {} : { sampleWeight };
}

/** Whether a step does not know weights, which for a step that only turns rows into others is no fault. */
function refusesWeights(error: unknown, { sampleWeight }: FitOptions): boolean {
  if (sampleWeight === undefined || !(error instanceof OptionError)) return false;
  return error.message.includes(': there is no option sampleWeight');
}

/** The names and options of steps; what is undefined is left out, as JSON does. */
function optionsOf(steps: readonly AnyStep[]): PipelineOptions {
  const plain = steps.map((step) => {
    const given = Object.entries(step.options).filter(([, value]) => value !== undefined);
    return Object.freeze({ type: nameOf(step), options: Object.freeze(Object.fromEntries(given)) });
  });
  return Object.freeze({ steps: Object.freeze(plain) });
}

/** The name that an estimator or model prints first. */
function nameOf(thing: object): string {
  return /^\w+/.exec(String(thing))?.[0] ?? 'Estimator';
}
