export {
  Optimizer,
  type OptimizerState,
  type ParameterGroup,
  type ParameterGroupOptions,
  type ParameterState,
  type Parameters,
} from './optimizer.ts';
export { SGD, type SGDOptions } from './sgd.ts';
