/**
 * What the conformance checks are made of. A check is plain data: a name, what of scikit-learn's `check_estimator` it
 * stands for, when it does not apply, and a function that throws if the subject fails it. It imports no package of Maru:
 * estimators, models, tensors and errors are known by what they have.
 */
import { expectClose } from '../close.js';

/**
 * @typedef {object} Traits what an estimator promises; README tables are made from it
 * @property {'classifier' | 'regressor' | 'clusterer' | 'detector' | 'transformer'} kind
 * @property {'refuse' | 'accept' | 'pass'} missing NaN in x; 'pass': it stays where it is, as in scalers
 * @property {boolean} sparse whether it takes sparse rows
 * @property {'keep' | 'widen'} float32 whether float32 input is computed with as it is
 * @property {boolean} deterministic false where a seed matters
 * @property {'repeat' | 'use' | 'refuse'} sampleWeight 'repeat': weights equal repetition; 'use': they count, but not so exactly
 * @property {'free' | 'matters'} rowOrder whether the order of the rows changes the model beyond rounding
 * @property {boolean} iterative whether it tells of progress, stops when told to, and has `nIter` and `converged`
 * @property {boolean} [lossy] transformers: whether the way back leads only near to where it came from; false
 * @property {number} [groups] clusterers: how many groups of the three in the data it finds by itself or by its options; classifiers: 2 for those of two classes; 3
 */

/**
 * @typedef {object} Spec what is checked
 * @property {string} name how errors call the estimator, such as 'KMeans'
 * @property {new (options?: any) => any} Estimator
 * @property {{ fromJSON(json: any): any }} Model
 * @property {(model: any) => Uint8Array} toBytes that of the package under test, as the kit imports none
 * @property {(Model: Spec['Model'], bytes: Uint8Array) => any} fromBytes the same way back
 * @property {Traits} traits
 * @property {boolean} [supervised] transformers: whether fit takes y; false
 * @property {(rows: number[][], dtype: 'float32' | 'float64') => any} tensor makes a tensor
 * @property {(rows: number[][]) => any} [sparseRows] makes sparse rows; where the traits say so
 * @property {Record<string, unknown>} [options] those that the checks run with: a seed, and what suits three groups in four columns
 * @property {Record<string, unknown>} [settled] further options that leave nothing to chance, such as given centers
 * @property {(data: { x: number[][], y: any[] }) => { x: number[][], y: any[] }} [adapt] changes the data, for estimators that need positive numbers and the like
 */

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string[]} [like] the checks of scikit-learn that it stands for
 * @property {(subject: Subject) => boolean} [applies] default: always
 * @property {(subject: Subject) => void | Promise<void>} run
 */

/** @typedef {{ x: number[][], y: any[] }} Data */

/** An estimator under check: what differs between kinds is in here, so that most checks are written once. */
export class Subject {
  /** @param {Spec} spec @param {{ supervised: boolean, methods: string[], smooth?: string[] }} kind @param {Data} data */
  constructor(spec, { supervised, methods, smooth = methods }, data) {
    this.spec = spec;
    this.name = spec.name;
    this.traits = spec.traits;
    this.supervised = spec.supervised ?? supervised;
    this.methods = methods;
    this.smooth = smooth;
    this.data = spec.adapt === undefined ? data : spec.adapt(data);
  }

  /** @param {Record<string, unknown>} [extra] */
  create(extra) {
    return new this.spec.Estimator({ ...this.spec.options, ...extra });
  }

  /** An estimator that leaves nothing to chance. */
  createSettled() {
    return this.create(this.spec.settled);
  }

  /** @param {any} [x] @param {any} [y] @param {object} [options] @param {any} [estimator] */
  fit(x = this.data.x, y = this.data.y, options = undefined, estimator = this.create()) {
    return this.supervised ? estimator.fit(x, y, options) : estimator.fit(x, options);
  }

  /** @param {any} x @param {any} y @param {object} options @param {any} [estimator] @returns {Promise<any>} */
  fitAsync(x, y, options, estimator = this.create()) {
    return this.supervised ? estimator.fitAsync(x, y, options) : estimator.fitAsync(x, options);
  }

  /** The methods that take rows and that the model has. @param {any} model */
  methodsOf(model) {
    return this.methods.filter((method) => typeof model[method] === 'function');
  }

  /** What the model says of the rows, by method. @param {any} model @param {any} x @returns {Record<string, any>} */
  answers(model, x = this.data.x) {
    return Object.fromEntries(this.methodsOf(model).map((method) => [method, values(model[method](x))]));
  }

  /** Those that rounding changes by rounding only: without labels that hang on a threshold. @param {any} model @param {any} [x] */
  smoothAnswers(model, x) {
    return Object.fromEntries(
      Object.entries(this.answers(model, x)).filter(([method]) => this.smooth.includes(method)),
    );
  }
}

/**
 * Runs checks without a test runner, and tells which failed.
 * @param {Check[]} checks @param {Subject} subject @returns {Promise<Record<string, string>>} messages by check
 */
export async function failures(checks, subject) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const check of checks) {
    if (check.applies?.(subject) === false) continue;
    try {
      await check.run(subject);
    } catch (error) {
      found[check.name] = error instanceof Error ? error.message : String(error);
    }
  }
  return found;
}

/** Numbers, nested arrays or labels, whatever they came in. @param {any} value @returns {any} */
export function values(value) {
  if (typeof value?.toArray === 'function') return value.toArray();
  if (ArrayBuffer.isView(value?.indptr)) return dense(value);
  return ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value;
}

/** Sparse rows with their zeros. @param {{ data: any, indices: any, indptr: any, shape: any }} rows */
function dense({ data, indices, indptr, shape: [n, d] }) {
  const rows = Array.from({ length: n }, () => Array(d).fill(0));
  for (const [i, row] of rows.entries()) {
    for (let at = indptr[i]; at < indptr[i + 1]; at++) row[indices[at]] = data[at];
  }
  return rows;
}

/** @param {unknown} condition @param {string} message @returns {asserts condition} */
export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Asserts that both are the same to the last bit. @param {unknown} actual @param {unknown} expected @param {string} name */
export function same(actual, expected, name) {
  expectClose(actual, expected, { rtol: 0, name });
}

/** Asserts that both agree but for rounding. @param {unknown} actual @param {unknown} expected @param {string} name @param {number} [rtol] */
export function close(actual, expected, name, rtol = 1e-8) {
  expectClose(actual, expected, { rtol, atol: rtol, name });
}

/** The model as text: equal texts are equal models. @param {any} model */
export function text(model) {
  return JSON.stringify(model);
}

/** The message of the error that `run` throws, which must be one of Maru's three. @param {() => unknown} run @param {string} what */
export function refusal(run, what) {
  let result;
  try {
    result = run();
  } catch (error) {
    return { name: errorName(error, what), message: /** @type {Error} */ (error).message };
  }
  throw new Error(`${what} must be refused, but gave ${show(result)}`);
}

/** Asserts that a message about an unknown option goes on with those that there are. @param {string} message @param {string} start */
export function namesOthers(message, start) {
  const good = message.startsWith(start) && /^(, only .+|; there are none)$/.test(message.slice(start.length));
  assert(good, `the message must be '${start}' and ', only ...' or '; there are none', got '${message}'`);
}

/** Asserts that `run` is refused with this class of error and this whole message. @param {() => unknown} run @param {string} name @param {string} message */
export function refuses(run, name, message) {
  const came = refusal(run, `what gives '${message}'`);
  assert(
    came.name === name && came.message === message,
    `the refusal differs\n  expected ${name}: ${message}\n  got      ${came.name}: ${came.message}`,
  );
}

/** Runs it; an error of Maru's three is an answer too, and gives undefined. @template T @param {() => T} run @param {string} what @returns {T | undefined} */
export function answerOrRefusal(run, what) {
  try {
    return run();
  } catch (error) {
    errorName(error, what);
    return undefined;
  }
}

/** Asserts that there is no NaN or infinity in answers; the logarithm of a probability may be one. @param {any} value @param {string} name */
export function finite(value, name) {
  if (Array.isArray(value)) for (const item of value) finite(item, name);
  else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) if (key !== 'predictLogProba') finite(item, `${name}: ${key}`);
  } else assert(typeof value !== 'number' || Number.isFinite(value), `${name} must be finite, got ${value}`);
}

/** Freezes nested arrays, so that writing to them throws. @template T @param {T} value @returns {T} */
export function frozen(value) {
  if (Array.isArray(value)) for (const item of value) frozen(item);
  return Object.freeze(value);
}

/** @param {number[][]} rows @returns {{ data: Float64Array, shape: [number, number] }} */
export function flat(rows) {
  return { data: Float64Array.from(rows.flat()), shape: [rows.length, rows[0]?.length ?? 0] };
}

/** @param {unknown} error @param {string} what */
function errorName(error, what) {
  const name = error instanceof Error ? error.name : '';
  if (['OptionError', 'ShapeError', 'DataError'].includes(name)) return name;
  const trace = error instanceof Error ? error.stack : String(error);
  throw new Error(`${what} must be refused with an OptionError, ShapeError or DataError, got ${trace}`);
}

/** @param {unknown} value */
function show(value) {
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name}` : String(value);
}
