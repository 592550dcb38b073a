/**
 * Compares every kernel with its TypeScript twin, bit by bit, on random calls:
 * `node scripts/twins.js [--cases 10000] [--only reduce/sum] [--seed 0]`. It runs what is built: `pnpm build` first.
 */
import { compare } from '../test/twins/run.js';
import { plain, table } from '../test/twins/table.js';

const options = { cases: '10000', only: '', seed: '0' };
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i]?.replace('--', '') ?? '';
  if (!(name in options))
    throw new Error(`there is no option ${process.argv[i]}; the options are --cases, --only and --seed`);
  Object.assign(options, { [name]: process.argv[i + 1] });
}

const moduleApi = await import('../dist/module.js');
const memoryApi = await import('../dist/memory.js');
let failed = 0;
for (const [family, samplers] of Object.entries(table)) {
  if (Object.keys(samplers).length === 0) continue;
  const kernels = await import(`../dist/${family}.js`);
  for (const [name, sampler] of Object.entries(samplers)) {
    const full = `${family}/${name}`;
    if (!full.startsWith(options.only)) continue;
    try {
      const entered = compare(full, kernels[name], sampler, +options.cases, +options.seed, moduleApi, memoryApi);
      if (entered === 0 && !plain.includes(full)) throw new Error(`${full}: no call entered WebAssembly`);
      console.log(`${full}: ${options.cases} calls equal, ${entered} of them in WebAssembly`);
    } catch (error) {
      failed++;
      console.error(error instanceof Error ? error.message : error);
    }
  }
}
if (failed > 0) {
  console.error(`${failed} kernels differ from their twins`);
  process.exitCode = 1;
}
