import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The page HOSTILE-INPUT.md of a package: what every estimator answers to every input that may be meant badly or by mistake. A test makes
 * it and holds the estimators to it.
 */

/** The errors that an estimator may throw: an answer, where others are faults. */
const ERRORS = ['DataError', 'OptionError', 'ShapeError'];

/**
 * One cell: the answer in words of an estimator to an input. What it throws is its answer, if it is one of the three errors.
 *
 * @typedef {[input: string, estimator: string, answer: () => string]} Cell
 */

/**
 * The page as it is and as the cells make it, which must be equal; with UPDATE=1 in the environment it is written.
 *
 * @param {URL} test the address of the test, beside whose folder the page lies
 * @param {string} about a paragraph on what all models there have in common
 * @param {Iterable<Cell>} cells input by input; estimators with the same answer share a line
 * @param {string} [separator] between estimators; default ', '
 * @returns {{ page: string, made: string }}
 */
export function hostileTable(test, about, cells, separator = ', ') {
  /** @type {Map<string, Map<string, string[]>>} */
  const inputs = new Map();
  for (const [input, estimator, answer] of cells) {
    const answers = inputs.get(input) ?? new Map();
    inputs.set(input, answers);
    const text = wordsOf(estimator, answer);
    answers.set(text, [...(answers.get(text) ?? []), estimator]);
  }
  const lines = [...inputs].flatMap(([input, answers]) =>
    [...answers].map(([text, names]) => `| ${input} | ${names.join(separator)} | ${text.replaceAll('|', '\\|')} |`),
  );
  const made = [
    '# What hostile input gives',
    '',
    'Made by `test/hostile.test.ts`, which holds every estimator to it: `UPDATE=1 npx vitest run test/hostile.test.ts` writes it anew.',
    about,
    '',
    '| input | estimator | answer |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
  const path = new URL('../HOSTILE-INPUT.md', test);
  if (globalThis.process?.env.UPDATE === '1') writeFileSync(path, made);
  return { page: readFileSync(path, 'utf8'), made };
}

/** An answer; of an error its sentence, less the estimator's own name, so that estimators can share a line. @param {string} estimator @param {() => string} answer */
function wordsOf(estimator, answer) {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Error && ERRORS.includes(error.constructor.name))) throw error;
    const owner = `${estimator.split(' ')[0]}: `;
    return error.message.startsWith(owner) ? `Error: ${error.message.slice(owner.length)}` : error.message;
  }
}

/**
 * Saves a model as JSON and as bytes and loads it again: both must be the same as it, and answer the same.
 *
 * @param {object} model
 * @param {object} models the package of the model: what loads it stands there under the name that it saves, beside `toBytes` and `fromBytes`
 * @param {(model: never) => unknown} answer what is asked of each
 * @param {object} [options] what its class takes besides, such as the functions of a kernel
 * @returns {void}
 */
export function expectSavable(model, models, answer, options = {}) {
  const text = JSON.stringify(model);
  const { toBytes, fromBytes, [JSON.parse(text).type]: Model } = /** @type {any} */ (models);
  const wanted = JSON.stringify(answer(/** @type {never} */ (model)));
  const loaded = {
    JSON: Model.fromJSON(JSON.parse(text), options),
    bytes: fromBytes(Model, toBytes(model), options),
  };
  for (const [form, again] of Object.entries(loaded)) {
    if (JSON.stringify(again) !== text) throw new Error(`${model}: loaded from ${form} it is another model, ${again}`);
    const got = JSON.stringify(answer(/** @type {never} */ (again)));
    if (got !== wanted) throw new Error(`${model}: loaded from ${form} it answers ${got}, not ${wanted}`);
  }
}
