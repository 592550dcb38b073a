import { readable } from '@maru-ml/base';
import type { Alternative } from './sample.ts';

/** An interval that holds the true value in this share of samples. An open side is infinite. */
export interface ConfidenceInterval {
  readonly low: number;
  readonly high: number;
  /** The share, such as .95. */
  readonly level: number;
}

/** What every test tells. Results are frozen plain objects that print readably. */
export interface TestResult {
  readonly statistic: number;
  /** How probable a statistic at least as extreme is if the null hypothesis is true. */
  readonly pvalue: number;
}

/** A distribution as the tests use it. */
interface Tails {
  cdf(x: number): number;
  sf(x: number): number;
}

/** How probable a statistic at least as extreme is, for a distribution that is symmetric about 0. */
export function tailProbability(distribution: Tails, statistic: number, alternative: Alternative): number {
  if (alternative === 'less') return distribution.cdf(statistic);
  if (alternative === 'greater') return distribution.sf(statistic);
  return Math.min(1, 2 * distribution.sf(Math.abs(statistic)));
}

/** The fields as a frozen object that prints as a small table under its title. Infinities are words in its JSON form. */
export function testResult<T extends object>(title: string, fields: T): Readonly<T> {
  const result: T = Object.create(Report.prototype);
  Object.defineProperty(result, TITLE, { value: title });
  Object.assign(result, fields);
  readable(result);
  return Object.freeze(result);
}

const TITLE = Symbol.for('maru.stats.title');

/** What results inherit: their text and JSON form. */
class Report {
  toJSON(): object {
    return Object.fromEntries(Object.entries(this).map(([name, value]) => [name, plain(value)]));
  }

  toString(): string {
    const entries = Object.entries(this).filter(([, value]) => !isList(value));
    const width = Math.max(...entries.map(([name]) => name.length));
    const lines = entries.map(([name, value]) => `  ${name.padEnd(width)}  ${shown(value)}`);
    return [(this as unknown as { [TITLE]: string })[TITLE], ...lines].join('\n');
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, plain);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (typeof value !== 'object' || value === null) return String(value);
  const { low, high, level } = value as ConfidenceInterval;
  return `[${shown(low)}, ${shown(high)}] at ${shown(100 * level)}%`;
}

/** What is too long to be shown: arrays and tables. */
function isList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('length' in value || 'shape' in value);
}
