import { readdirSync, readFileSync } from 'node:fs';

/** The fixtures' folder. */
const folder = new URL('fixtures/', import.meta.url);

/**
 * @typedef {object} Difference
 * @property {string} what the function, or the distribution and its method
 * @property {string} range the range of its parameters
 * @property {number[]} args
 * @property {number} value
 * @property {number} expected
 * @property {number} error relative
 */

/**
 * All that a family of fixtures says, compared with what the package computes.
 *
 * @param {string} name of the files: name.json, or name-1.json, name-2.json, …
 * @param {Record<string, any>} special the package
 * @returns {Difference[]}
 */
export function measure(name, special) {
  return rowsOf(name).flatMap((row) =>
    name === 'functions' ? ofFunction(row, special) : ofDistribution(row, name, special),
  );
}

/** The incomplete functions behind the methods of these distributions, whose scale is 1. @type {Record<string, string[]>} */
const INCOMPLETE = {
  gamma: ['gammainc', 'gammaincc', 'gammaincinv', 'gammainccinv'],
  beta: ['betainc', 'betaincc', 'betaincinv', 'betainccinv'],
};

/**
 * The same of the incomplete gamma or beta function, its complement and their inverses.
 *
 * @param {'gamma' | 'beta'} name
 * @param {Record<string, any>} special the package
 * @returns {Difference[]}
 */
export function measureIncomplete(name, special) {
  return rowsOf(name).flatMap(([, parameters, x, ...values]) =>
    ['cdf', 'sf', 'ppf', 'isf'].flatMap((method, i) => {
      const expected = values[METHODS.indexOf(method)];
      const at = i < 2 ? x : values[i - 2];
      if (expected === null || at === null) return [];
      const what = /** @type {string[]} */ (INCOMPLETE[name])[i] ?? '';
      const range = Math.max(...parameters) > 1000 ? 'to 1e6' : 'to 1e3';
      return [difference(what, range, [...parameters, at], special[what](...parameters, at), expected)];
    }),
  );
}

/** @param {string} name @returns {any[][]} */
function rowsOf(name) {
  const files = readdirSync(folder).filter((file) => new RegExp(`^${name}(-\\d+)?\\.json$`).test(file));
  return files.flatMap((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')).rows);
}

/** [function, arguments, value] @param {any[]} row @param {Record<string, any>} special @returns {Difference[]} */
function ofFunction([name, args, expected], special) {
  return [difference(name, '', args, special[name](...args), expected)];
}

/** What stands in a row behind the factory, its parameters and x. */
const METHODS = ['cdf', 'sf', 'pdf', 'logCdf', 'logSf', 'logPdf', 'ppf', 'isf'];

/** [factory, parameters, x, values of METHODS, null where there is none] @param {any[]} row @param {string} family @param {Record<string, any>} special @returns {Difference[]} */
function ofDistribution([factory, parameters, x, ...values], family, special) {
  const numbers = parameters.map((value) => (value === 'inf' ? Number.POSITIVE_INFINITY : value));
  const distribution = special[factory](...numbers);
  const range = Math.max(0, ...numbers) > 1000 && numbers.at(-1) !== Number.POSITIVE_INFINITY ? 'to 1e6' : 'to 1e3';
  const discrete = family === 'discrete';
  return METHODS.flatMap((method, i) => {
    const expected = values[i];
    // The quantiles are those of the tails' doubles.
    const at = method === 'ppf' ? values[0] : method === 'isf' ? values[1] : x;
    if (expected === null || expected === undefined || at === null) return [];
    const name = discrete ? method.replace(/pdf/i, (found) => found.replace('df', 'mf').replace('Df', 'Mf')) : method;
    return [difference(`${factory}.${name}`, range, [...numbers, at], distribution[name](at), expected)];
  });
}

/** @param {string} what @param {string} range @param {number[]} args @param {number} value @param {number} expected @returns {Difference} */
function difference(what, range, args, value, expected) {
  // Where values pass through 0, as logarithms of densities do, only the absolute error means anything.
  const size = passesZero(what) ? Math.max(1, Math.abs(expected)) : Math.abs(expected);
  const distance = Math.abs(value - expected);
  const error = value === expected ? 0 : distance / size;
  return { what, range, args, value, expected, error: Number.isNaN(error) ? Number.POSITIVE_INFINITY : error };
}

/** Whether values are also held to an absolute error, near 0. @param {string} what */
export const passesZero = (what) => /log[PM]|betaln|logComb/.test(what);

/**
 * Differences by function and range.
 *
 * @param {Difference[]} differences
 * @returns {{ what: string, range: string, count: number, differences: Difference[] }[]}
 */
export function grouped(differences) {
  /** @type {Map<string, Difference[]>} */
  const groups = new Map();
  for (const found of differences) {
    const key = `${found.what} ${found.range}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [found]);
    else group.push(found);
  }
  return [...groups.values()].map((group) => ({
    what: /** @type {Difference} */ (group[0]).what,
    range: /** @type {Difference} */ (group[0]).range,
    count: group.length,
    differences: group,
  }));
}
