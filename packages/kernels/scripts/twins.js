/**
 * Compares every kernel with its TypeScript twin, bit by bit, on random calls:
 * `node scripts/twins.js [--cases 10000] [--only reduce/sum] [--seed 0]`, after `node scripts/generate.js`.
 */
import { readFileSync } from 'node:fs';
import { load } from './source.js';

const options = { cases: '10000', only: '', seed: '0' };
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i]?.replace('--', '') ?? '';
  if (!(name in options))
    throw new Error(`there is no option ${process.argv[i]}; the options are --cases, --only and --seed`);
  Object.assign(options, { [name]: process.argv[i + 1] });
}

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const families = Object.keys(manifest.exports)
  .map((path) => path.slice(2))
  .filter((name) => !['', 'memory', 'tensor'].includes(name));
const { kernels, compare, table, plain, moduleApi, memoryApi } = await load(`
  ${families.map((name, i) => `import * as family${i} from './src/${name}.ts';`).join('\n')}
  export const kernels = { ${families.map((name, i) => `'${name}': family${i}`)} };
  export { compare } from './test/twins/run.js';
  export { table, plain } from './test/twins/table.js';
  export * as moduleApi from './src/module.ts';
  export * as memoryApi from './src/memory.ts';
`);
let failed = 0;
for (const family of families) {
  for (const [name, kernel] of Object.entries(kernels[family])) {
    const full = `${family}/${name}`;
    if (typeof kernel !== 'function' || !full.startsWith(options.only)) continue;
    try {
      const sampler = table[family]?.[name];
      if (sampler === undefined) throw new Error(`${full}: there is no sampler in test/twins`);
      const entered = compare(full, kernel, sampler, +options.cases, +options.seed, moduleApi, memoryApi);
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
