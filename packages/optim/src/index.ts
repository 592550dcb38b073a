export { Adadelta, type AdadeltaOptions } from './adadelta.ts';
export { Adagrad, type AdagradOptions } from './adagrad.ts';
export { Adam, type AdamOptions, AdamW } from './adam.ts';
export { clipGradNorm, clipGradValue } from './clip.ts';
export { lbfgsSteps, type MinimizeResult, type ObjectiveSteps } from './descent.ts';
export { LbfgsHistory } from './history.ts';
export { LBFGS, type LBFGSOptions, type LBFGSState } from './lbfgs.ts';
export { type MinimizeOptions, minimize, minimizeSteps, type Objective } from './minimize.ts';
export { NAdam, type NAdamOptions } from './nadam.ts';
export {
  type Memory,
  Optimizer,
  type OptimizerState,
  type ParameterGroup,
  type ParameterGroupOptions,
  type ParameterState,
  type Parameters,
} from './optimizer.ts';
export { type PlateauState, ReduceOnPlateau, type ReduceOnPlateauOptions } from './plateau.ts';
export { RMSprop, type RMSpropOptions } from './rmsprop.ts';
export {
  cosineDecay,
  exponentialDecay,
  type HasLearningRate,
  inverseTimeDecay,
  linearDecay,
  multiStepDecay,
  oneCycle,
  type Schedule,
  Scheduler,
  type SchedulerState,
  stepDecay,
  warmup,
} from './schedules.ts';
export { SGD, type SGDOptions } from './sgd.ts';
