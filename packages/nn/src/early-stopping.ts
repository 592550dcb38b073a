import { checkBoolean, checkInteger, checkNumber, checkOneOf, OptionError } from '@maru-ml/base';

/** When a training ends before its last epoch: once evaluations have stopped to improve. */
export interface EarlyStopping {
  /** The figure of the evaluation to watch; 'loss'. */
  monitor?: string;
  /** Whether smaller or larger is better; 'min'. */
  mode?: 'min' | 'max';
  /** Evaluations without improvement that are put up with; 0. */
  patience?: number;
  /** What counts as an improvement; 0. */
  minDelta?: number;
  /** Give the model of the best evaluation back at the end; true. */
  restoreBest?: boolean;
}

/** @internal The options with their defaults; null for none. @throws OptionError for what has no meaning, or without a validation */
export function readEarlyStopping(given: boolean | EarlyStopping, validated: boolean): Required<EarlyStopping> | null {
  if (given === false) return null;
  if (!validated)
    throw new OptionError('Trainer.fit: earlyStopping needs validation, a loader of examples to evaluate on');
  const {
    monitor = 'loss',
    mode = 'min',
    patience = 0,
    minDelta = 0,
    restoreBest = true,
  } = given === true ? {} : given;
  checkOneOf('Trainer.fit', 'earlyStopping.mode', mode, ['min', 'max']);
  checkInteger('Trainer.fit', 'earlyStopping.patience', patience, { min: 0 });
  checkNumber('Trainer.fit', 'earlyStopping.minDelta', minDelta, { min: 0 });
  checkBoolean('Trainer.fit', 'earlyStopping.restoreBest', restoreBest);
  return { monitor, mode, patience, minDelta, restoreBest };
}
