/**
 * Prints the README's table: the largest relative differences from mpmath's values in `test/fixtures`.
 *
 *   npx turbo run build --filter @maru-ml/special && node packages/special/scripts/accuracy.js
 */
import * as special from '../dist/index.js';
import { measure } from '../test/measure.js';

const families = ['functions', 'gamma', 'beta', 'continuous', 'discrete', 'kolmogorov', 'studentized-range'];
const found = families.flatMap((family) => measure(family, special));

/** @param {string} what @returns {string} the row that a value is shown in */
function rowOf(what) {
  const [name, method] = what.split('.');
  if (method === undefined) return `\`${name}\``;
  if (/^log/.test(method)) return `\`${name}\`: logarithms`;
  if (/^(ppf|isf)$/.test(method)) return `\`${name}\`: quantiles`;
  return `\`${name}\`: tails, density`;
}

/** @type {Map<string, { small: number[], large: number[] }>} */
const rows = new Map();
for (const { what, range, error } of found) {
  const row = rows.get(rowOf(what)) ?? { small: [], large: [] };
  (range === 'to 1e6' ? row.large : row.small).push(error);
  rows.set(rowOf(what), row);
}

/** @param {number[]} errors */
const worst = (errors) => {
  if (errors.length === 0) return '-';
  const error = Math.max(...errors);
  return error === 0 ? '0' : error.toExponential(0);
};

console.log('| | values | parameters to 1e3 | to 1e6 |');
console.log('| --- | --- | --- | --- |');
for (const [name, { small, large }] of rows) {
  console.log(`| ${name} | ${small.length + large.length} | ${worst(small)} | ${worst(large)} |`);
}
console.log(`\n${found.length} values`);
