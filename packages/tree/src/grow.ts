export { type ClassWeight, checkClassWeight, timesClassWeight } from './class-weight.ts';
export { prepare, prepareSteps, type TreeData } from './data.ts';
export {
  CLASS_CRITERIA,
  type ClassCriterion,
  type GrowOptions,
  growTree,
  growTreeSteps,
  NUMBER_CRITERIA,
  type NumberCriterion,
  type TreeTarget,
} from './grower.ts';
export {
  checkTreeOptions,
  growOptionsOf,
  TREE_OPTIONS,
  type TreeOptions,
  type TreeSettings,
  totalWeight,
} from './options.ts';
export { type PruningPath, prune, pruningPath } from './pruning.ts';
export { checkNumbers } from './targets.ts';
export { type CategoryLists, Tree, type TreeArrays } from './tree.ts';
