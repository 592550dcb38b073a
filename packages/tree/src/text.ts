import { show } from '@maru-ml/base';

/** `DecisionTreeClassifier { criterion: 'gini', maxDepth: 3 }`: the options that are not left as they are. */
export function describeEstimator(owner: string, options: object): string {
  const shown = Object.entries(options).map(([name, value]) => `${name}: ${show(value)}`);
  return `${owner} { ${shown.join(', ')} }`;
}

/** `DecisionTreeClassifierModel: 4 columns, depth 3, 7 leaves`. */
export function describeModel(owner: string, columns: number, depth: number, leaves: number): string {
  return `${owner}Model: ${counted(columns, 'column')}, depth ${depth}, ${leaves === 1 ? '1 leaf' : `${leaves} leaves`}`;
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
