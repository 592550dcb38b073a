import { takeItems } from '../rows.ts';
import type { Split } from '../splits/split.ts';
import { score } from '../validation/score-steps.ts';
import type { AnyScorer } from '../validation/scorers.ts';
import type { Answer, Reply } from '../worker-fits.ts';
import type { SearchFitAsyncOptions } from './options.ts';
import { showParams } from './parameters.ts';
import { failed, named, type Plan, progressOf } from './plan.ts';
import type { FitScores } from './search-state.ts';

/** Has workers fit what is not finished, and scores their answers. What that takes is loaded only now. */
export async function fitAllOnWorkers(
  plan: Plan,
  module: string,
  ownScorers: boolean,
  options: SearchFitAsyncOptions,
): Promise<void> {
  const { owner, points, splits, finished } = plan;
  const fits = points.flatMap((params, candidate) => {
    const folds = [...splits.keys()].filter((fold) => finished.get(candidate, fold) === undefined);
    return folds.map((fold) => ({ params, candidate, fold, place: `${owner}: ${showParams(params)}, fold ${fold}` }));
  });
  if (fits.length === 0) return;
  const { fitOnWorkers } = await import('../worker-fits.ts');
  await fitOnWorkers(plan, fits, module, ownScorers, options, ({ params, candidate, fold }, reply) => {
    let found: FitScores;
    try {
      found = scored(plan, reply(), splits[fold]!);
    } catch (error) {
      found = failed(plan, params, fold, error, 0);
    }
    finished.set(candidate, fold, found);
    return options.onProgress?.(progressOf(plan, found)) !== false;
  });
}

/** The scores that go with a worker's answers. */
function scored(plan: Plan, reply: Reply, { train, test }: Split): FitScores {
  const { owner, scorers, data } = plan;
  const start = performance.now();
  const scores = (answer: Answer, rows: Int32Array) => {
    const { scores: found, ...answers } = answer;
    const model = Object.fromEntries(Object.entries(answers).map(([method, value]) => [method, () => value]));
    const here = scorers.map(([name, scorer]): [string, AnyScorer] => {
      return [name, name in found ? () => found[name]! : scorer];
    });
    const y = data.y === null ? null : takeItems(data.y, rows);
    return named(
      scorers,
      score(owner, here, { ...model, classes: reply.classes, constructor: { name: reply.type } } as never, null, y),
    );
  };
  return {
    test: scores(reply.test, test),
    train: reply.train === undefined ? undefined : scores(reply.train, train),
    fitTime: reply.fitTime,
    scoreTime: reply.scoreTime + performance.now() - start,
    error: undefined,
  };
}
