import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageConfig } from '../vitest.js';
import { readPlan, withSwitches } from './plan.js';

const plan = readPlan();
const mutants = new Set(plan.mutants.map(({ id }) => id));

export default packageConfig({
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      /** @param {string} id */
      load(id) {
        const file = plan.texts[id.replace(/\?.*$/, '')];
        if (file === undefined) return undefined;
        return withSwitches(readFileSync(file, 'utf8'), mutants, plan.phase === 'cover');
      },
    },
  ],
  test: {
    include: plan.tests,
    runner: fileURLToPath(new URL('./runner.js', import.meta.url)),
    reporters: ['dot'],
    globalSetup: [],
    pool: 'forks',
    // One process and one copy of every module: a mutant is switched on in place.
    isolate: false,
    maxWorkers: 1,
    silent: true,
    // A machine with other work may be slow; what holds a mutant up is ended from outside.
    testTimeout: 0,
    hookTimeout: 0,
  },
});
