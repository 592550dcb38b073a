/**
 * @typedef {object} CloseOptions
 * @property {number} [rtol] relative tolerance, of the expected value's size; default 1e-9
 * @property {number} [atol] absolute tolerance, added to the relative one; default 0
 * @property {string} [name] what is compared, put before the message; default 'expectClose'
 */

/**
 * What `globalThis.maruCompared` is told of each comparison, if there is such a function: `parity/record.js` sets it.
 *
 * @typedef {object} Comparison
 * @property {string} name
 * @property {number} rtol
 * @property {number} atol
 * @property {boolean} failed
 * @property {number} values how many were compared
 * @property {number} relative the largest |actual - expected| / |expected| where atol ≤ rtol |expected|; -1 without such a number
 * @property {number} absolute the largest |actual - expected| of the other numbers; -1 without any
 * @property {number} scale the largest |expected|
 */

/**
 * Asserts that numbers agree: |actual - expected| ≤ atol + rtol |expected|, for single numbers, arrays nested to any
 * depth, typed arrays, plain objects of these, and whatever has `toArray()` or `toTypedArray()` (tensors). Both sides
 * must have the same structure. NaN equals NaN and an infinity equals itself; strings, booleans and null must be the same.
 *
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {CloseOptions} [options]
 * @returns {void}
 */
export function expectClose(actual, expected, { rtol = 1e-9, atol = 0, name = 'expectClose' } = {}) {
  if (!(rtol >= 0 && atol >= 0)) throw new TypeError(`${name}: rtol and atol must be ≥ 0, got ${rtol} and ${atol}`);
  const found = { values: 0, far: 0, worst: -1, message: '', relative: -1, absolute: -1, scale: 0 };
  /** @type {((comparison: Comparison) => void) | undefined} */
  const record = /** @type {any} */ (globalThis).maruCompared;
  const tell = (/** @type {boolean} */ failed) => record?.({ name, rtol, atol, failed, ...found });
  try {
    compare(actual, expected, []);
    tell(found.far > 0);
  } catch (error) {
    tell(true);
    if (error instanceof Mismatch) fail(`${name}: ${error.message}`, expectClose);
    throw error;
  }
  if (found.far > 0) {
    const tolerance = `rtol ${rtol}, atol ${atol}`;
    fail(`${name}: ${found.message} (${tolerance}); ${found.far} of ${found.values} values differ`, expectClose);
  }

  /** @param {unknown} a @param {unknown} e @param {(string | number)[]} path */
  function compare(a, e, path) {
    const left = plain(a);
    const right = plain(e);
    if (typeof left === 'number' && typeof right === 'number') {
      compareNumbers(left, right, path);
    } else if (isList(left) && isList(right)) {
      if (left.length !== right.length) {
        throw new Mismatch(`${at(path)}got ${left.length} values, expected ${right.length}`);
      }
      for (let i = 0; i < right.length; i++) {
        if (typeof left[i] === 'number' && typeof right[i] === 'number') compareNumbers(left[i], right[i], path, i);
        else compare(left[i], right[i], [...path, i]);
      }
    } else if (isRecord(left) && isRecord(right)) {
      const keys = Object.keys(right);
      const others = Object.keys(left).filter((key) => !(key in right));
      const missing = keys.filter((key) => !(key in left));
      if (others.length + missing.length > 0) {
        throw new Mismatch(`${at(path)}got the keys ${show(Object.keys(left))}, expected ${show(keys)}`);
      }
      for (const key of keys) compare(left[key], right[key], [...path, key]);
    } else if (!Object.is(left, right)) {
      const opaque = typeof left === 'object' && typeof right === 'object' && left !== null && right !== null;
      throw new Mismatch(`${at(path)}got ${show(left)}, expected ${show(right)}${opaque ? ' (not comparable)' : ''}`);
    } else {
      found.values++;
    }
  }

  /** @param {number} a @param {number} e @param {(string | number)[]} path @param {number} [last] */
  function compareNumbers(a, e, path, last) {
    found.values++;
    if (record !== undefined) measure(a, e);
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) return;
    const distance = Math.abs(a - e);
    if (Number.isFinite(a) && Number.isFinite(e) && distance <= atol + rtol * Math.abs(e)) return;
    found.far++;
    const relative = e !== 0 && Number.isFinite(distance) ? distance / Math.abs(e) : Number.POSITIVE_INFINITY;
    if (relative <= found.worst) return;
    found.worst = relative;
    const where = at(last === undefined ? path : [...path, last]);
    found.message = `${where}got ${a}, expected ${e}, relative error ${relative.toPrecision(3)}`;
  }

  /** @param {number} a @param {number} e */
  function measure(a, e) {
    const distance = Math.abs(a - e);
    if (!Number.isFinite(distance)) return;
    found.scale = Math.max(found.scale, Math.abs(e));
    if (e !== 0 && atol <= rtol * Math.abs(e)) found.relative = Math.max(found.relative, distance / Math.abs(e));
    else found.absolute = Math.max(found.absolute, distance);
  }
}

/**
 * Asserts that `run` throws an error of this class whose whole message is `message`. If `run` returns a promise, so
 * does this function, and the promise must be rejected with that error.
 *
 * @template R
 * @param {() => R} run
 * @param {new (...args: any[]) => Error} ErrorClass
 * @param {string} message
 * @returns {[R] extends [never] ? void : R extends PromiseLike<unknown> ? Promise<void> : void}
 */
export function expectError(run, ErrorClass, message) {
  /** @type {any} */
  let result;
  try {
    result = run();
  } catch (error) {
    return /** @type {any} */ (checkError(error, ErrorClass, message));
  }
  const missing = `expectError: nothing was thrown, expected ${ErrorClass.name}: ${message}`;
  if (typeof result?.then !== 'function') fail(missing, expectError);
  return result.then(
    () => fail(missing, expectError),
    (/** @type {unknown} */ error) => checkError(error, ErrorClass, message),
  );
}

/** @param {unknown} error @param {Function} ErrorClass @param {string} message */
function checkError(error, ErrorClass, message) {
  if (!(error instanceof ErrorClass)) {
    const came = error instanceof Error ? `${error.constructor.name}: ${error.message}\n${error.stack}` : String(error);
    fail(`expectError: expected ${ErrorClass.name}: ${message}\n  got ${came}`, expectError);
  }
  const came = /** @type {Error} */ (error).message;
  if (came !== message)
    fail(`expectError: the message differs\n  expected ${message}\n  got      ${came}`, expectError);
}

class Mismatch extends Error {}

/** Throws an error whose stack starts at the caller of `from`. @param {string} message @param {Function} from */
function fail(message, from) {
  const error = new Error(message);
  error.name = 'AssertionError';
  /** @type {any} */ (Error).captureStackTrace?.(error, from);
  throw error;
}

/** The plain numbers behind a tensor. @param {any} value @returns {any} */
function plain(value) {
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.toArray === 'function') return value.toArray();
  if (typeof value.toTypedArray === 'function') return value.toTypedArray();
  return value;
}

/** @param {unknown} value @returns {value is ArrayLike<any>} */
function isList(value) {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  if (value === null || typeof value !== 'object' || isList(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** @param {(string | number)[]} path */
function at(path) {
  if (path.length === 0) return '';
  const numbers = path.every((part) => typeof part === 'number');
  return numbers ? `at [${path.join(', ')}] ` : `at ${path.join('.')} `;
}

/** @param {unknown} value */
function show(value) {
  if (isList(value)) {
    const parts = Array.from(value).slice(0, 6);
    return `[${parts.map((part) => (isList(part) ? '[…]' : String(part))).join(', ')}${value.length > 6 ? ', …' : ''}]`;
  }
  if (value !== null && typeof value === 'object') return value.constructor?.name ?? 'an object';
  return typeof value === 'string' ? `'${value}'` : String(value);
}
