import { expect, test } from 'vitest';
import { bundleSize } from '../bundle-size.js';
import { sameTable, tableIn, tableText } from '../table.js';

const row = { short: 'nn', name: '@maru-ml/nn', version: '1.2.0', description: 'Nets.', gzip: 12_345 };

test('a row links to the package and tells its size', () => {
  expect(
    tableText([row, { ...row, version: '0.0.0' }])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| [`@maru-ml/nn`](packages/nn) | Nets. | 12.3 KB | 1.2.0 |',
    '| [`@maru-ml/nn`](packages/nn) | Nets. | 12.3 KB | not yet |',
  ]);
});

test('tables are the same up to a tenth of the size or half a KB', () => {
  const table = tableText([row]);
  expect(sameTable(table, tableText([{ ...row, gzip: 13_400 }]))).toBe(true);
  expect(sameTable(table, tableText([{ ...row, gzip: 13_700 }]))).toBe(false);
  expect(sameTable(table, tableText([{ ...row, version: '1.3.0' }]))).toBe(false);
  expect(sameTable(table, tableText([row, row]))).toBe(false);
});

test('finds the markers', () => {
  const readme = 'a\n<!-- packages: written by `npm run fix` -->\nold\n<!-- /packages -->\nb';
  expect(tableIn(readme)).toEqual({
    before: 'a\n<!-- packages: written by `npm run fix` -->',
    table: 'old',
    after: '<!-- /packages -->\nb',
  });
  expect(() => tableIn('a')).toThrow("README.md: the lines '<!-- packages: written by `npm run fix` -->' and");
});

test('the size of a bundle is that of what is used', async () => {
  const { minified, gzip, first } = await bundleSize("const used = 'x'.repeat(9); const unused = 1; export { used };");
  expect(minified).toBeGreaterThan(20);
  expect(minified).toBeLessThan(60);
  expect(gzip).toBeGreaterThan(20);
  expect(first).toBe(gzip);
});

test('what is loaded when it is asked for is told apart', async () => {
  const { gzip, first } = await bundleSize("export const svg = () => import('@maru-ml/plot');");
  expect(gzip).toBeGreaterThan(5000);
  expect(first).toBeLessThan(200);
});
