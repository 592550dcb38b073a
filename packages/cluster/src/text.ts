import { show } from '@maru-ml/base';

/** How many rows each of k clusters has, such as ` (4, 4, 3)`; nothing for more than ten. */
export function sizesOf(labels: Int32Array, k: number): string {
  if (k > 10) return '';
  const sizes = new Array<number>(k).fill(0);
  for (const label of labels) if (label >= 0) sizes[label]! += 1;
  return ` (${sizes.join(', ')})`;
}

/** An estimator with its options, such as `DBSCAN { eps: 0.5, minSamples: 5 }`. */
export function optionsText(name: string, options: object): string {
  const parts = Object.entries(options).map(([key, value]) => `${key}: ${show(value)}`);
  return `${name} { ${parts.join(', ')} }`;
}

/** Six digits of a number. */
export function digits(value: number): number {
  return Number(value.toPrecision(6));
}

/** What is to be said of clusters that have no rows. */
export function warningsOf(labels: Int32Array, k: number, what = 'clusters'): readonly string[] {
  const found = new Set(labels).size;
  if (found === k) return Object.freeze([]);
  return Object.freeze([`only ${found} of ${k} ${what} have rows; x may have fewer different rows than ${what}`]);
}
