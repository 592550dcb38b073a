/**
 * Measures in Chromium how long `fitAsync` holds the thread of a page at most, for each estimator of the packages on data of
 * middling size, and so pipelines, validation, searches, training and updates, by the tasks of the browser's own trace:
 *
 *   npm run holds
 *   npm run holds -- --only PCA,KMeans --limit 60
 *
 * What counts is the time that a task had a processor, so that a busy machine gives the same answer; how long it was on the clock
 * stands beside it. 50 ms are the most that is wanted; it fails if a fit holds the thread for twice that, ends in an error or takes
 * longer than `--limit` seconds.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openChromium } from '@maru-ml/tooling/browser';
import { packages } from '@maru-ml/tooling/workspace';
import { sentence } from '../measure.ts';
import type { Fit } from './page.ts';
import { longestTask } from './trace.ts';

/** Milliseconds that nobody notices, and how many count as a fault: the system, too, takes its time. */
const WANTED = 50;
const FAULT = 100;

/** A fit, with its longest task in milliseconds of processor time, and how long that was on the clock. */
interface Hold extends Fit {
  readonly name: string;
  readonly longest: number;
  readonly onClock: number;
}

const { values } = parseArgs({ options: { only: { type: 'string' }, limit: { type: 'string', default: '20' } } });
const limit = 1000 * Number(values.limit);
const chromium = await openChromium(new URL('../../src/holds/page.ts', import.meta.url), {
  modules: { 'every-package': everyPackage() },
});
const holds: Hold[] = [];
try {
  const all: string[] = await chromium.run(undefined, limit);
  const names = values.only?.split(',') ?? all;
  for (const [i, name] of names.entries()) {
    const hold = await measured(name);
    const result = hold.error ?? `${Math.round(hold.longest)} ms of ${Math.round(hold.whole)}`;
    console.log(`${i + 1}/${names.length} ${name}: ${result}`);
    holds.push(hold);
  }
} finally {
  await chromium.close();
}
console.log('\n| estimator | data | whole fit, ms | longest hold, ms | on the clock, ms |');
console.log('| --- | --- | ---: | ---: | ---: |');
for (const { name, data, whole, longest, onClock, error } of holds.sort((a, b) => b.longest - a.longest)) {
  console.log(
    `| ${name} | ${data} | ${error ?? Math.round(whole)} | ${Math.round(longest)} | ${Math.round(onClock)} |`,
  );
}
const over = holds.filter(({ longest }) => longest > WANTED);
const wrong = holds.filter(({ longest, error }) => longest > FAULT || error !== null);
console.log(`${holds.length} fits, ${over.length} above ${WANTED} ms, ${wrong.length} above ${FAULT} ms or failed`);
process.exitCode = wrong.length > 0 ? 1 : 0;

async function measured(name: string): Promise<Hold> {
  const failed = { name, data: '', whole: 0, longest: 0, onClock: 0 };
  await chromium.browser.startTracing(undefined, { categories: ['toplevel', 'blink.user_timing'] });
  try {
    const fit: Fit = await chromium.run(name, limit);
    const { traceEvents } = JSON.parse((await chromium.browser.stopTracing()).toString());
    return { ...failed, ...fit, ...(fit.error === null && longestTask(traceEvents)) };
  } catch (error) {
    await chromium.browser.stopTracing();
    return { ...failed, error: sentence(error) };
  }
}

/** A module that exports what each package of the workspace exports. */
function everyPackage(): string {
  const sources = packages().flatMap(({ folder, manifest }) => {
    const source = manifest.exports?.['.']?.source;
    return source === undefined ? [] : [join(folder, source)];
  });
  const imports = sources.map((source, i) => `import * as package${i} from ${JSON.stringify(source)};`);
  return `${imports.join('\n')}\nexport const PACKAGES = [${sources.map((_, i) => `package${i}`).join(', ')}];\n`;
}
