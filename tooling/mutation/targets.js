/**
 * What is mutated, and which test files tell nothing about it. A package is mutated with the tests of its own.
 *
 * @typedef {object} Target
 * @property {RegExp} sources paths of the sources that are mutated, from the package's folder
 * @property {RegExp} [leftOut] names of test files that are not run: they load the package in processes, pages or copies of its own, where no mutant is; or they are slow and tell what others tell
 * @property {RegExp} [leftOutTests] names of tests that are not run: they measure
 */

/** Of garbage, or the scores of twenty seeds. */
const measurements = /allocat|garbage|mean scores of twenty seeds/;

/** @type {Record<string, Target>} */
export const targets = {
  linalg: { sources: /^src\//, leftOutTests: measurements },
  optim: { sources: /^src\// },
  tensor: {
    sources: /^src\/(ops\/|functional\/|backward|graph)/,
    leftOut: /^(twins|two-copies|files|types)\.test/,
    leftOutTests: measurements,
  },
  tree: { sources: /^src\//, leftOut: /^hostile\.test/, leftOutTests: measurements },
};
