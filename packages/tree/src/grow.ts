export { addValues, leavesFor } from './answers.ts';
export { BestSplitter } from './best-splitter.ts';
export type { CategoryLists, NodeCategories } from './category-lists.ts';
export { type CategoryOrder, categoryOrderOf } from './category-order.ts';
export { classCriterion } from './class-criterion.ts';
export { timesClassWeight } from './class-weight.ts';
export { CLASS_CRITERIA, type ClassCriterion, NUMBER_CRITERIA, type NumberCriterion } from './criteria.ts';
export type { Criterion } from './criterion.ts';
export { prepare, prepareSteps, type TreeData } from './data.ts';
export { decodeTree } from './decode-tree.ts';
export { criterionOf, growTree, type TreeTarget } from './grow-tree.ts';
export { type GrowOptions, growSteps } from './grower.ts';
export { importancesOf, toShares } from './importances.ts';
export { numberCriterion } from './number-criterion.ts';
export {
  checkCountOrShare,
  checkSharedOptions,
  growOptionsOf,
  SHARED_TREE_OPTIONS,
  type SharedTreeOptions,
  type SharedTreeSettings,
  totalWeight,
} from './options.ts';
export { type PruningPath, prune, pruningPath } from './pruning.ts';
export { RandomSplitter } from './random-splitter.ts';
export { Sorter } from './sort.ts';
export type { Question, SplitOptions, Splitter, SplitterClass } from './splitter.ts';
export { splitterNamed } from './splitter-named.ts';
export { Squares } from './squares.ts';
export { checkNumbers, checkSpread } from './targets.ts';
export { Tree, type TreeArrays } from './tree.ts';
export { copyTree, treeOf } from './tree-of.ts';
export {
  categoricalOf,
  checkCategoricalFeatures,
  checkTreeOptions,
  TREE_OPTIONS,
  type TreeOptions,
  type TreeSettings,
} from './tree-options.ts';
