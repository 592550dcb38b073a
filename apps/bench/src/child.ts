/**
 * The process that measures, apart from the command, so that a row which crashes, hangs or fills the memory costs that row alone.
 * It is told what to measure one job at a time, and answers with a message for each.
 */
import { rowFigures } from './figures.ts';
import { type MeasureOptions, measure, sentence } from './measure.ts';
import { endPythons } from './python.ts';
import { rows } from './rows.ts';
import { scalings } from './scaling.ts';
import { scale } from './scaling-run.ts';

export type Job = { row: string; options: MeasureOptions } | { scaling: string };

async function answerTo(job: Job): Promise<unknown> {
  if ('scaling' in job) return scale(scalings.find(({ id }) => id === job.scaling)!);
  const row = rows.find(({ id }) => id === job.row)!;
  return rowFigures(row, await measure(row, job.options));
}

process.on('message', async (job: Job) => {
  try {
    process.send!({ done: await answerTo(job) });
  } catch (error) {
    process.send!({ failed: sentence(error) });
  }
  globalThis.gc?.();
});
process.on('disconnect', () => {
  endPythons();
  process.exit();
});
