/**
 * Kills trainings that write checkpoints at random moments, starts them again, and compares the parameters at the end with
 * those of an uninterrupted training, bit by bit: `node packages/nn/scripts/kill.js [--kills 50]`, kills for each net.
 * It runs a part of test/guarantees.test.ts, which the tests run with a few kills.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '50' } } });

const vitest = await startVitest('test', ['test/guarantees.test.ts'], {
  root: fileURLToPath(new URL('..', import.meta.url)),
  watch: false,
  env: { MARU_KILLS: values.kills },
  testNamePattern: 'a training that is killed',
});
await vitest.close();
