import { type FitAsyncOptions, runSteps, runStepsAsync, type Steps, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import type { DataColumns, DesignInput } from '../design.ts';
import type { ChoiceKind } from './choice.ts';
import { type DiscreteModel, FittedDiscrete } from './discrete-model.ts';
import { checkFitOptions, fitDiscrete } from './fit.ts';
import type { DiscreteFitOptions, DiscreteSettings } from './settings.ts';

/** What `fit` of `Logit`, `Probit` and `MNLogit` does: `first` and `second` are a formula and columns, or x and y. */
export function fitChoice(
  kind: ChoiceKind,
  settings: DiscreteSettings,
  first: DesignInput,
  second: DataColumns | ArrayLike<Label>,
  options: DiscreteFitOptions,
): DiscreteModel {
  checkFitOptions(kind, options);
  return runSteps(choiceSteps(kind, settings, first, second, options), options.onProgress);
}

/** The same with pauses; what is wrong rejects the promise. */
export async function fitChoiceAsync(
  kind: ChoiceKind,
  settings: DiscreteSettings,
  first: DesignInput,
  second: DataColumns | ArrayLike<Label>,
  options: DiscreteFitOptions & Pick<FitAsyncOptions, 'signal'>,
): Promise<DiscreteModel> {
  checkFitOptions(kind, options, ['signal']);
  return runStepsAsync(choiceSteps(kind, settings, first, second, options), options);
}

/** How an estimator of a choice prints: its options without those that are not set. */
export function describeChoice(kind: ChoiceKind, settings: DiscreteSettings): string {
  const options = Object.entries(settings).filter(([, value]) => value !== undefined);
  return `${kind} { ${options.map(([name, value]) => `${name}: ${show(value)}`).join(', ')} }`;
}

function* choiceSteps(
  kind: ChoiceKind,
  settings: DiscreteSettings,
  first: DesignInput,
  second: DataColumns | ArrayLike<Label>,
  options: DiscreteFitOptions,
): Steps<DiscreteModel> {
  const { core, covariance, classes, rows } = yield* fitDiscrete(kind, settings, first, second, options);
  const { source, dropped } = rows.design;
  return new FittedDiscrete({ settings, core, covariance, source, classes, nMissing: dropped }, rows);
}
