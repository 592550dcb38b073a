export { prepare, prepareSteps, type TreeData } from './data.ts';
export {
  type ClassCriterion,
  type GrowOptions,
  growTree,
  growTreeSteps,
  type NumberCriterion,
  type TreeTarget,
} from './grower.ts';
export { type CategoryLists, Tree, type TreeArrays } from './tree.ts';
