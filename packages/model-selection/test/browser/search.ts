import { gridSearch } from '../../src/index.ts';
import type { NearestCentroid } from '../estimators.ts';

type Factory = (params: { k?: number; fault?: string }) => NearestCentroid;

/** A search in a page, on the calling thread and on workers, and what became of a worker that could not start. */
export async function run(): Promise<Record<string, unknown>> {
  const at = (path: string) => new URL(path, location.href);
  const x = Array.from({ length: 30 }, (_, i) => [i % 7, (i * i) % 11]);
  const y = x.map(([a, b]) => (a! > b! ? 'more' : 'less'));
  const search = gridSearch<Factory>(at('/factory.js'), { k: [1, 3, 5] }, { cv: 3, scoring: 'accuracy' });
  const files = { workerUrl: '/worker.js', searchWorkerUrl: at('/search-worker.js') };
  const scores = async (workers: number) => {
    const { candidates, bestParams } = await search.fitAsync(x, y, { workers, ...files });
    return { bestParams, scores: candidates.map(({ testScores }) => [...testScores]) };
  };
  const lost = search.fitAsync(x, y, { workers: 2, ...files, workerUrl: '/gone.js' });
  const error = await lost.catch(({ name, message }: Error) => `${name}: ${message}`);
  return { alone: await scores(1), workers: await scores(2), error };
}
