import { expect, test } from 'vitest';
import { addUp, skippedLine } from '../test.js';

const fine = { passed: 2, failed: 0, needNode: 1, needWasm: 0, skipped: [], problems: [] };

test('sums the reports of all packages', () => {
  const skipped = [
    { name: 'learns all of MNIST', reason: 'no data folder' },
    { name: 'reads all of MNIST', reason: 'no data folder' },
    { name: 'draws', reason: 'no Chromium' },
  ];
  const total = addUp([
    ['a', fine],
    ['b', { passed: 3, failed: 1, needNode: 2, needWasm: 0, skipped, problems: ['test/b.test.js > adds: 1 is not 2'] }],
  ]);
  expect([total.passed, total.failed, total.needNode, total.problems]).toEqual([
    ...[5, 1, 3],
    ['b: test/b.test.js > adds: 1 is not 2'],
  ]);
  expect(skippedLine(total.skipped)).toBe('3 skipped: no data folder (2 in b); no Chromium (1 in b)');
  expect(skippedLine([])).toBe('0 skipped');
});

test('what was not tested counts as a failure', () => {
  expect(
    addUp([
      ['a', fine],
      ['b', null],
    ]),
  ).toMatchObject({ failed: 1, problems: ['b: there is no report of its tests'] });
  expect(addUp([['a', { passed: 0, failed: 0, needNode: 0, needWasm: 0, skipped: [], problems: [] }]])).toMatchObject({
    failed: 1,
    problems: ['a: it has no test'],
  });
  expect(addUp([])).toMatchObject({ failed: 1, problems: ['no package was tested'] });
  expect(addUp([['a', { ...fine, skipped: [{ name: 't', reason: '' }] }]])).toMatchObject({
    failed: 1,
    problems: ["a: 't' is skipped without a reason; use context.skip('the reason')"],
  });
});
