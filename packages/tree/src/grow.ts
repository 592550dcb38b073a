export { classCriterion } from './class-criterion.ts';
export { timesClassWeight } from './class-weight.ts';
export { CLASS_CRITERIA, type ClassCriterion, NUMBER_CRITERIA, type NumberCriterion } from './criteria.ts';
export type { Criterion } from './criterion.ts';
export { prepare, prepareSteps, type TreeData } from './data.ts';
export { criterionOf, growTree, type TreeTarget } from './grow-tree.ts';
export { type GrowOptions, growSteps } from './grower.ts';
export { numberCriterion } from './number-criterion.ts';
export {
  checkCountOrShare,
  checkTreeOptions,
  growOptionsOf,
  TREE_OPTIONS,
  type TreeOptions,
  type TreeSettings,
  totalWeight,
} from './options.ts';
export { type PruningPath, prune, pruningPath } from './pruning.ts';
export { Sorter } from './sort.ts';
export { Squares } from './squares.ts';
export { checkNumbers, checkSpread } from './targets.ts';
export { type CategoryLists, decodeTree, Tree, type TreeArrays } from './tree.ts';
