/**
 * How long `fitAsync` holds the thread of a page, for every estimator of the packages that has one; `npm run holds` runs
 * it in Chromium. Estimators are found by themselves.
 */
import * as bayes from '@maru-ml/bayes';
import * as cluster from '@maru-ml/cluster';
import * as ensemble from '@maru-ml/ensemble';
import * as linalg from '@maru-ml/linalg';
import * as linear from '@maru-ml/linear';
import * as modelSelection from '@maru-ml/model-selection';
import * as neighbors from '@maru-ml/neighbors';
import * as preprocessing from '@maru-ml/preprocessing';
import * as stats from '@maru-ml/stats';
import * as svm from '@maru-ml/svm';
import * as text from '@maru-ml/text';
import * as tree from '@maru-ml/tree';
import { CASES } from './cases.ts';
import { labels, numbers, rows } from './data.ts';

const PACKAGES = [
  ...[bayes, cluster, ensemble, linalg, linear, modelSelection],
  ...[neighbors, preprocessing, stats, svm, text, tree],
];

interface Estimator {
  fitAsync(...args: unknown[]): Promise<unknown>;
}

export interface Hold {
  name: string;
  data: string;
  /** Milliseconds of the whole fit, and the longest time between two turns of the event loop; or what went wrong. */
  whole: number;
  longest: number;
  error: string | null;
}

/** All estimators, or those that `/only.json` names. */
export async function run(): Promise<Hold[]> {
  const only: string[] = await (await fetch('/only.json')).json();
  const found: Hold[] = [];
  for (const exported of PACKAGES) {
    for (const [name, value] of Object.entries(exported)) {
      if (typeof value !== 'function' || typeof value.prototype?.fitAsync !== 'function') continue;
      if (only.length === 0 || only.includes(name)) found.push(await measured(name, value as never));
    }
  }
  return found;
}

async function measured(name: string, Estimator: new (...options: unknown[]) => Estimator): Promise<Hold> {
  const { shape = [100_000, 20], options = [], args } = CASES[name] ?? {};
  const data = shape.join(' x ');
  try {
    const estimator = new Estimator(...options);
    const given = args?.(...shape) ?? common(name, estimator, shape);
    return { name, data, ...(await timed(() => estimator.fitAsync(...given))), error: null };
  } catch (error) {
    return { name, data, whole: 0, longest: 0, error: String(error) };
  }
}

/** Rows alone, or with numbers or labels behind them. */
function common(name: string, estimator: Estimator, [n, d]: [number, number]): unknown[] {
  if (estimator.fitAsync.length < 2) return [rows(n, d)];
  const numeric = /(Regression|Regressor|Ridge|RidgeCV|Lasso|LassoCV|ElasticNet|ElasticNetCV|SVR)$/.test(name);
  return [rows(n, d), numeric && name !== 'LogisticRegression' ? numbers(n) : labels(n)];
}

/** Messages sent in a ring tell when the thread was free last. */
async function timed(fit: () => Promise<unknown>): Promise<{ whole: number; longest: number }> {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  const start = performance.now();
  let last = start;
  port1.onmessage = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    port2.postMessage(null);
  };
  port2.postMessage(null);
  try {
    await fit();
    const whole = performance.now() - start;
    await new Promise((done) => setTimeout(done));
    return { whole, longest };
  } finally {
    port1.close();
  }
}
