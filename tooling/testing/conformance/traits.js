/** The table of traits in READMEs. */

/** @typedef {import('./kit.js').Traits} Traits */

/** @type {[string, (traits: Traits) => string][]} */
const COLUMNS = [
  ['kind', ({ kind }) => kind],
  ['missing values', ({ missing }) => ({ accept: 'accepted', pass: 'stay missing', refuse: 'refused' })[missing]],
  ['sparse rows', ({ sparse }) => (sparse ? 'yes' : 'no')],
  ['float32', ({ float32 }) => (float32 === 'keep' ? 'stays' : 'becomes float64')],
  ['seed', ({ deterministic }) => (deterministic ? 'not needed' : 'yes')],
  ['sample weights', ({ sampleWeight }) => ({ repeat: 'as if repeated', use: 'yes', refuse: 'no' })[sampleWeight]],
  ['row order', ({ rowOrder }) => (rowOrder === 'free' ? 'does not matter' : 'matters')],
  ['progress, stop', ({ iterative }) => (iterative ? 'yes' : 'one step')],
];

/** A row for each estimator, in Markdown. @param {Record<string, Traits>} estimators */
export function traitsTable(estimators) {
  const head = ['', ...COLUMNS.map(([name]) => name)];
  const rows = Object.entries(estimators).map(([name, traits]) => [
    `\`${name}\``,
    ...COLUMNS.map(([, cell]) => cell(traits)),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
