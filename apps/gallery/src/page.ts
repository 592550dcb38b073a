import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison, Context, Figure, Spec, Study } from './study.ts';

/** What a study showed, in its order. */
export type Part =
  | { kind: 'text' | 'code' | 'erratum' | 'shrunk'; text: string }
  | { kind: 'figure'; figure: Figure }
  | { kind: 'plot'; spec: Spec; caption: string }
  | { kind: 'table'; columns: readonly string[]; rows: readonly (readonly (string | number)[])[] };

/** The page of a study: what it showed, how long it took, and the error that ended it, if one did. */
export interface Page {
  study: Study;
  parts: Part[];
  seconds: number;
  error: string | null;
}

export interface RunOptions {
  data: string | null;
  full: boolean;
  onProgress: (share: number, message: string) => void;
}

/** Runs a study and collects what it shows. */
export async function runStudy(study: Study, { data, full, onProgress }: RunOptions): Promise<Page> {
  const parts: Part[] = [];
  const context: Context = {
    data,
    full,
    find: (name) => (data !== null && existsSync(join(data, name)) ? join(data, name) : null),
    text: (text) => void parts.push({ kind: 'text', text }),
    code: (text) => void parts.push({ kind: 'code', text }),
    erratum: (text) => void parts.push({ kind: 'erratum', text }),
    shrunk: (text) => void parts.push({ kind: 'shrunk', text }),
    plot: (spec, caption) => void parts.push({ kind: 'plot', spec, caption }),
    table: (columns, rows) => void parts.push({ kind: 'table', columns, rows }),
    figure: (name, source, ours, comparison = {}) => {
      const reached = compare(source, ours, comparison);
      parts.push({ kind: 'figure', figure: { name, source, ours, reached, digits: comparison.digits ?? null } });
    },
    progress: (share, message = '') => onProgress(share, message),
  };
  const begin = performance.now();
  let error: string | null = null;
  try {
    await study.run(context);
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  return { study, parts, seconds: (performance.now() - begin) / 1000, error };
}

export function figuresOf(page: Page): Figure[] {
  return page.parts.flatMap((part) => (part.kind === 'figure' ? [part.figure] : []));
}

/** A number to the digits that a reader wants, or to `digits` after the point; whole numbers stay whole. */
export function showValue(value: number | string | null, digits: number | null = null): string {
  if (value === null) return '';
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  if (digits !== null && Math.abs(value) >= 10 ** -digits) return String(Number(value.toFixed(digits)));
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(3);
  return String(Number(value.toPrecision(5)));
}

function compare(
  source: number | string | null,
  ours: number | string,
  { digits, atLeast, atMost }: Comparison,
): boolean | null {
  if (source === null) return null;
  if (typeof source === 'string' || typeof ours === 'string') return source === ours;
  if (atLeast) return ours >= source;
  if (atMost) return ours <= source;
  return Math.abs(ours - source) <= 0.5000001 * 10 ** -(digits ?? 0);
}
