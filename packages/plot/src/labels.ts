import { DataError, OptionError, show } from '@maru-ml/base';
import { type ArraySource, checkAsMany } from './data.ts';

/** A label for each of n things. */
export type Labels = ArrayLike<string | number | boolean> | ArraySource;

/** Reads `n` labels, as many as `other` has, as text; the classes are the labels that occur, in order. */
export function readLabels(
  owner: string,
  name: string,
  source: unknown,
  other?: { name: string; n: number },
): { labels: string[]; classes: string[] } {
  const values = labelList(source);
  if (values === null) throw new OptionError(`${owner}: ${name} must be an array of labels, got ${show(source)}`);
  for (const [i, value] of values.entries()) {
    if (!['string', 'number', 'boolean'].includes(typeof value) || Number.isNaN(value)) {
      throw new DataError(`${owner}: ${name}[${i}] must be a string, a number or a boolean, got ${show(value)}`);
    }
  }
  if (other !== undefined) checkAsMany(owner, name, values.length, other.name, other.n);
  const labels = values.map(String);
  return { labels, classes: classesOf(labels) };
}

/** The different labels: numbers by size, then the others by their characters. */
export function classesOf(labels: readonly string[]): string[] {
  const number = (label: string) => (String(Number(label)) === label ? Number(label) : Number.POSITIVE_INFINITY);
  return [...new Set(labels)].sort((a, b) => {
    const [x, y] = [number(a), number(b)];
    if (x !== y) return x - y;
    return a < b ? -1 : 1;
  });
}

/** Labels of an axis name its places, so two may not be the same. */
export function checkDifferent(owner: string, name: string, labels: readonly string[]): void {
  if (labels.length === 0) throw new DataError(`${owner}: ${name} must have at least one label, got none`);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new OptionError(`${owner}: ${name} must differ, got ${show(twice)} twice`);
}

function labelList(source: unknown): unknown[] | null {
  if (typeof source !== 'object' || source === null || source instanceof DataView) return null;
  if ('toArray' in source && typeof source.toArray === 'function') return labelList(source.toArray());
  if ('toTypedArray' in source && typeof source.toTypedArray === 'function') return labelList(source.toTypedArray());
  if (!('length' in source) || typeof source.length !== 'number') return null;
  return Array.from(source as ArrayLike<unknown>);
}
