/**
 * Compares the results and gradients of every operation with WebAssembly kernels to those with their twins, bit by bit,
 * at random shapes and values: `node scripts/twins.js [--cases 10000] [--only conv2d] [--seed 0]`, cases for each operation.
 * It runs test/twins.test.ts, which the tests run with a thousandth of the cases.
 */
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';

const options = { cases: '10000', only: '', seed: '0' };
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i]?.replace('--', '') ?? '';
  if (!(name in options)) {
    throw new Error(`there is no option ${process.argv[i]}; the options are --cases, --only and --seed`);
  }
  Object.assign(options, { [name]: process.argv[i + 1] });
}

const vitest = await startVitest('test', ['test/twins.test.ts'], {
  root: fileURLToPath(new URL('..', import.meta.url)),
  watch: false,
  testTimeout: 0,
  hookTimeout: 0,
  env: { MARU_TWIN_CASES: options.cases, MARU_TWIN_SEED: options.seed },
  ...(options.only !== '' && { testNamePattern: ` ${options.only}$` }),
});
await vitest.close();
