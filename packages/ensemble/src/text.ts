import { show } from '@maru-ml/base';

/** `Bagging { nEstimators: 10, seed: undefined }`. */
export function describeEstimator(owner: string, options: object): string {
  const shown = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${show(value)}`);
  return `${owner} { ${shown.join(', ')} }`;
}

export function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
