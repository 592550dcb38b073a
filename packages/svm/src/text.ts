import { counted, show } from '@maru-ml/base';

/** `SVC { C: 1, kernel: 'rbf' }`. */
export function describeEstimator(owner: string, options: object): string {
  const shown = Object.entries(options).map(([name, value]) => `${name}: ${show(value)}`);
  return `${owner} { ${shown.join(', ')} }`;
}

/** `converged after 3 iterations`. */
export function describeEnd({ converged, nIter }: { converged: boolean; nIter: number }): string {
  return `${converged ? 'converged' : 'not converged'} after ${counted(nIter, 'iteration')}`;
}
