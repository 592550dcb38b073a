import { show } from '@maru-ml/base';

/** `StandardScaler { withMean: true, withStd: true }`. */
export function printEstimator(name: string, options: object): string {
  const parts = Object.entries(options).map(([key, value]) => `${key}: ${show(value)}`);
  return parts.length === 0 ? `${name} {}` : `${name} { ${parts.join(', ')} }`;
}

/** `1 column`, `4 columns`. */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
