import { type RandomState, runSteps } from '@maru-ml/base';
import type { TaskContext } from '@maru-ml/base/workers';
import { criterionOf, splitterNamed, type TreeArrays } from '@maru-ml/tree/grow';
import { type ForestJob, growOne } from './forest/job.ts';

/** What a worker does for a forest: grows a tree for each state of a generator, and tells of each. */
export function growTrees(job: ForestJob, states: readonly RandomState[], context: TaskContext): TreeArrays[] {
  const Splitter = splitterNamed(job.splitter);
  return states.map((state, i) => {
    const tree = runSteps(growOne(job, state, (weights) => criterionOf(job.target, weights), Splitter));
    context.report({ step: i + 1, unit: 'tree', metrics: {} });
    // As plain data, which can be sent.
    return { ...tree };
  });
}
