/**
 * Measures in Chromium how long `fitAsync` holds the thread of a page at most, for each estimator on data of middling size:
 *
 *   npm run holds
 *   npm run holds -- --only PCA,KMeans
 *
 * 50 ms are the most that is wanted; it fails if a fit holds the thread for twice that, or cannot be run.
 */
import { parseArgs } from 'node:util';
import { inChromium } from './browser.js';

/** Milliseconds that nobody notices, and how many count as a fault: the system, too, takes its time. */
const WANTED = 50;
const FAULT = 100;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = JSON.stringify(values.only?.split(',') ?? []);
/** @type {import('../apps/bench/src/holds/page.ts').Hold[]} */
const holds = await inChromium(new URL('../apps/bench/src/holds/page.ts', import.meta.url), {
  files: { '/only.json': only },
  timeout: 1_800_000,
});
console.log('| estimator | data | whole fit, ms | longest hold, ms |\n| --- | --- | ---: | ---: |');
for (const { name, data, whole, longest, error } of holds.sort((a, b) => b.longest - a.longest)) {
  console.log(`| ${name} | ${data} | ${error ?? Math.round(whole)} | ${Math.round(longest)} |`);
}
const over = holds.filter(({ longest }) => longest > WANTED);
const wrong = holds.filter(({ longest, error }) => longest > FAULT || error !== null);
console.log(
  `${holds.length} estimators, ${over.length} above ${WANTED} ms, ${wrong.length} above ${FAULT} ms or failed`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;
