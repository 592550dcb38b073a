export { type ClassWeight, fromBytes, toBytes } from '@maru-ml/tensor';
export type { CategoryLists, NodeCategories } from './category-lists.ts';
export type { ClassCriterion, NumberCriterion } from './criteria.ts';
export {
  DecisionTreeClassifier,
  type DecisionTreeClassifierOptions,
  type DecisionTreeClassifierSettings,
} from './decision-tree-classifier.ts';
export { DecisionTreeClassifierModel } from './decision-tree-classifier-model.ts';
export {
  DecisionTreeRegressor,
  type DecisionTreeRegressorOptions,
  type DecisionTreeRegressorSettings,
} from './decision-tree-regressor.ts';
export { DecisionTreeRegressorModel } from './decision-tree-regressor-model.ts';
export type { NameOptions, TreeModel } from './describe-nodes.ts';
export { type ExportGraphvizOptions, exportGraphviz } from './export-graphviz.ts';
export { type ExportTextOptions, exportText } from './export-text.ts';
export type { SharedTreeOptions, SharedTreeSettings } from './options.ts';
export type { PruningPath } from './pruning.ts';
export { depthOf, leavesOf } from './size.ts';
export { Tree, type TreeArrays } from './tree.ts';
export { type TreeDiagram, type TreeDiagramOptions, treeDiagram } from './tree-diagram.ts';
export type { TreeOptions, TreeSettings } from './tree-options.ts';
