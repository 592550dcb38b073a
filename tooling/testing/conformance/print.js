/** Prints what becomes of scikit-learn's checks, as a table in Markdown: node tooling/testing/conformance/print.js */
import { KINDS } from './kinds.js';
import { scikitLearnTable } from './scikit-learn.js';

console.log(scikitLearnTable(Object.fromEntries(Object.entries(KINDS).map(([name, { checks }]) => [name, checks]))));
