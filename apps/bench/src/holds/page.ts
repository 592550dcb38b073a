/**
 * Fits one estimator by `fitAsync`, or runs something else that is to leave the thread to others, while the browser's trace is written;
 * `npm run holds` calls it in Chromium for each that the packages hold. Estimators are found by themselves, the rest stands in `runs.ts`.
 */
/// <reference path="./packages.d.ts" />
import { PACKAGES } from 'every-package';
import { CASES } from './cases.ts';
import { labels, numbers, rows } from './data.ts';
import { RUNS } from './runs.ts';
import { BEGIN, END } from './trace.ts';

interface Estimator {
  fitAsync(...args: unknown[]): Promise<unknown>;
}

/** What was fitted to what, in milliseconds; or what went wrong. */
export interface Fit {
  data: string;
  whole: number;
  error: string | null;
}

/** The names of all estimators and runs; or the fit of the one that is named. */
export async function run(name?: string): Promise<string[] | Fit> {
  return name === undefined ? [...Object.keys(estimators()), ...Object.keys(RUNS)] : await fitOf(name);
}

function estimators(): Record<string, new (...options: unknown[]) => Estimator> {
  const exported = PACKAGES.flatMap((names) => Object.entries(names));
  return Object.fromEntries(
    exported.filter(([, value]) => typeof value === 'function' && typeof value.prototype?.fitAsync === 'function'),
  ) as never;
}

async function fitOf(name: string): Promise<Fit> {
  const { shape = [100_000, 20] } = RUNS[name] ?? CASES[name] ?? {};
  const data = shape.join(' x ');
  try {
    const begin = RUNS[name]?.prepare(...shape) ?? prepared(name, shape);
    // Making the data is no part of the fit's first task.
    await turn();
    performance.mark(BEGIN);
    const start = performance.now();
    await begin();
    const whole = performance.now() - start;
    await turn();
    performance.mark(END);
    return { data, whole, error: null };
  } catch (error) {
    return { data, whole: 0, error: String(error) };
  }
}

function prepared(name: string, shape: [number, number]): () => Promise<unknown> {
  const { options = [], args } = CASES[name] ?? {};
  const estimator = new (estimators()[name]!)(...options);
  const given = args?.(...shape) ?? common(name, estimator, shape);
  return () => estimator.fitAsync(...given);
}

/** Rows alone, or with numbers or labels behind them. */
function common(name: string, estimator: Estimator, [n, d]: [number, number]): unknown[] {
  if (estimator.fitAsync.length < 2) return [rows(n, d)];
  const numeric = /(Regression|Regressor|Ridge|RidgeCV|Lasso|LassoCV|ElasticNet|ElasticNetCV|SVR)$/.test(name);
  return [rows(n, d), numeric && name !== 'LogisticRegression' ? numbers(n) : labels(n)];
}

function turn(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}
