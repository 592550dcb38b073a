/**
 * Damaged copies of valid files, for tests of readers: bytes, JSON, and the arrays that stand in the JSON of models.
 * Whatever draws integers chooses (`Random` of `@maru-ml/base` does), so the same seed gives the same damage.
 */

/** @typedef {{ integer(n: number): number }} Draws a number from 0 to n - 1 */

/** What the bytes of a number become: counts and lengths that are none. */
const NUMBERS = [0, 1, 2, 127, 128, 255, 256, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff];

/** What a number in a text becomes. */
const TEXTS = [
  '-1',
  '0',
  '0.5',
  '1e999',
  '-0',
  'NaN',
  'null',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '',
];

/** Bytes that mean something in one format or another. */
const SIGNS = [0, 255, 10, 13, 34, 39, 44, 92, 123, 125, 91, 93, 40, 41];

/** @type {((bytes: Uint8Array, random: Draws) => Uint8Array)[]} */
const BYTE_CHANGES = [
  // A bit.
  (bytes, random) => changed(bytes, random, (byte) => byte ^ (1 << random.integer(8))),
  // A byte.
  (bytes, random) => changed(bytes, random, () => (random.integer(2) ? random.integer(256) : pick(SIGNS, random))),
  // The end is missing.
  (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  // Bytes put in.
  (bytes, random) => {
    const at = random.integer(bytes.length + 1);
    return joined(
      bytes.subarray(0, at),
      Uint8Array.from({ length: 1 + random.integer(8) }, () => random.integer(256)),
      bytes.subarray(at),
    );
  },
  // Bytes taken out.
  (bytes, random) => {
    const [from, to] = block(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  // A block twice.
  (bytes, random) => {
    const [from, to] = block(bytes, random);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  // Two blocks in each other's place.
  (bytes, random) => {
    const places = [0, 1, 2, 3].map(() => random.integer(bytes.length + 1)).sort((a, b) => a - b);
    const [a = 0, b = 0, c = 0, d = 0] = places;
    return joined(
      bytes.subarray(0, a),
      bytes.subarray(c, d),
      bytes.subarray(b, c),
      bytes.subarray(a, b),
      bytes.subarray(d),
    );
  },
  // A number of 2, 4 or 8 bytes, in either order.
  (bytes, random) => {
    const width = pick([2, 4, 8], random);
    if (bytes.length < width) return bytes;
    const out = bytes.slice();
    const at = random.integer(2)
      ? random.integer(bytes.length - width + 1)
      : random.integer(Math.min(bytes.length - width + 1, 32));
    const value = pick(NUMBERS, random);
    const little = random.integer(2) === 1;
    const view = new DataView(out.buffer);
    if (width === 2) view.setUint16(at, value, little);
    else if (width === 4) view.setUint32(at, value, little);
    else view.setBigUint64(at, random.integer(4) === 0 ? 2n ** 64n - 1n : BigInt(value), little);
    return out;
  },
  // A number written in digits.
  (bytes, random) => {
    const text = String.fromCharCode(...bytes.subarray(0, 4096));
    const runs = [...text.matchAll(/[\d.]+/g)];
    if (runs.length === 0) return bytes;
    const run = pick(runs, random);
    const other = random.integer(4) === 0 ? run[0].repeat(1 + random.integer(40)) : pick(TEXTS, random);
    const end = run.index + run[0].length;
    return joined(
      bytes.subarray(0, run.index),
      Uint8Array.from(other, (c) => c.charCodeAt(0)),
      bytes.subarray(end),
    );
  },
];

/** One to three changes of the bytes of a file. @param {Uint8Array} bytes @param {Draws} random @returns {Uint8Array} */
export function mutateBytes(bytes, random) {
  /** @type {Uint8Array} */
  let out = bytes.slice();
  for (let change = random.integer(3); change >= 0; change--) out = pick(BYTE_CHANGES, random)(out, random);
  return out;
}

/** @typedef {{ holder: any, key: string | number, value: any }} Place of a value in a tree of JSON */

/** What a value becomes, made anew each time. @type {((random: Draws) => unknown)[]} */
const VALUES = [
  () => null,
  (random) => random.integer(2) === 1,
  (random) =>
    pick(
      [0, -0, 1, -1, 2, 0.5, 1e9, -(2 ** 31), 2 ** 32, 2 ** 53, 1e308, -1e308, 5e-324, Number.POSITIVE_INFINITY],
      random,
    ),
  (random) => pick(['', 'x', '0', 'NaN', '__proto__', 'constructor', 'toString', '한글', '\0', '='], random),
  () => [],
  () => ({}),
  (random) => Array(1 + random.integer(3)).fill(0),
  () => Array(5000).fill(1),
  (random) => nested(random.integer(8) === 0 ? 1000 : 40),
  () => ({ dtype: 'float64', shape: [1e9, 1e9], data: '' }),
  () => ({ dtype: 'float64', shape: [0], data: '' }),
  () => ({ length: 1e9 }),
];

/** Keys that plain objects have by birth. */
const BORN = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'length', 'then'];

/** @type {((place: Place, places: Place[], random: Draws) => void)[]} */
const JSON_CHANGES = [
  // A key or an element is missing.
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  // Another value of the tree.
  ({ holder, key }, places, random) => put(holder, key, structuredClone(pick(places, random).value)),
  // Another value.
  ({ holder, key }, _, random) => put(holder, key, pick(VALUES, random)(random)),
  // A number that is a little or a lot off.
  (place, places, random) => {
    const { holder, key, value } = ofType('number', place, places, random);
    if (typeof value !== 'number') return;
    put(holder, key, pick([value + 1, value - 1, -value, value + 0.5, value * 1000, String(value), value / 3], random));
  },
  // A text that is cut, or has another letter.
  (place, places, random) => {
    const { holder, key, value } = ofType('string', place, places, random);
    if (typeof value !== 'string') return;
    const at = random.integer(value.length + 1);
    put(holder, key, pick([value.slice(0, at), value + value, `${value.slice(0, at)}=${value.slice(at + 1)}`], random));
  },
  // A list that is longer, shorter or in another order.
  (place, places, random) => {
    const lists = places.filter(({ value }) => Array.isArray(value));
    const { value } = lists.length === 0 ? place : pick(lists, random);
    if (!Array.isArray(value)) return;
    const at = random.integer(value.length + 1);
    pick(
      [
        () => value.reverse(),
        () => value.push(structuredClone(value[0])),
        () => value.splice(at),
        () => value.splice(at, 0, value[0]),
      ],
      random,
    )();
  },
  // A key that plain objects have by birth.
  (place, places, random) => {
    const objects = places.filter(({ value }) => isObject(value));
    const { value } = objects.length === 0 ? place : pick(objects, random);
    if (!isObject(value)) return;
    const evil = pick([{ polluted: true }, { prototype: { polluted: true } }, null, 3], random);
    Object.defineProperty(value, pick(BORN, random), {
      value: evil,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  },
  // Numbers of a saved array.
  (_, places, random) => changeArray(places, random, (bytes) => changeElements(bytes, random)),
  // Rows of a saved array, so that its shape and its data still agree.
  (_, places, random) => changeArray(places, random, (bytes, array) => changeRows(bytes, array, random)),
];

/**
 * One to three changes of a tree of JSON, such as a saved model. Arrays saved as `{ dtype, shape, data }` in base64 are known, so
 * that their elements and rows change too. The tree itself stays as it is.
 *
 * @param {unknown} json @param {Draws} random @returns {any}
 */
export function mutateJson(json, random) {
  const root = { json: structuredClone(json) };
  for (let change = random.integer(3); change >= 0; change--) {
    const places = placesOf(root);
    if (places.length === 0) break;
    // The whole is seldom the place.
    const place = places.length > 1 && random.integer(20) > 0 ? pick(places.slice(1), random) : pick(places, random);
    pick(JSON_CHANGES, random)(place, places, random);
  }
  return root.json;
}

/** All values of a tree, level by level. @param {any} tree @returns {Place[]} */
function placesOf(tree) {
  /** @type {Place[]} */
  const places = [];
  const open = [tree];
  // A list of thousands of numbers is one place with some elements, so that other places get their turn.
  for (let holder = open.shift(); holder !== undefined && places.length < 5000; holder = open.shift()) {
    const keys = Array.isArray(holder) ? [...holder.keys()].slice(0, 50) : Object.keys(holder);
    for (const key of keys) {
      const value = Object.getOwnPropertyDescriptor(holder, key)?.value;
      places.push({ holder, key, value });
      if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return places;
}

/** @param {string} type @param {Place} place @param {Place[]} places @param {Draws} random */
function ofType(type, place, places, random) {
  const fit = places.filter(({ value }) => typeof value === type);
  return fit.length === 0 ? place : pick(fit, random);
}

/** @param {any} holder @param {string | number} key @param {unknown} value */
function put(holder, key, value) {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Changes the bytes of one of the saved arrays.
 * @param {Place[]} places @param {Draws} random @param {(bytes: Uint8Array, array: any) => Uint8Array} change
 */
function changeArray(places, random, change) {
  const arrays = places.filter(
    ({ value }) => isObject(value) && typeof value.data === 'string' && Array.isArray(value.shape),
  );
  if (arrays.length === 0) return;
  const { value: array } = pick(arrays, random);
  const bytes = change(Uint8Array.from(Buffer.from(array.data, 'base64')), array);
  array.data = Buffer.from(bytes).toString('base64');
}

/** @param {Uint8Array} bytes @param {Draws} random */
function changeElements(bytes, random) {
  if (bytes.length < 4) return changed(bytes, random, () => random.integer(256));
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const width = bytes.length >= 8 && bytes.length % 8 === 0 ? pick([4, 8], random) : 4;
  const at = width * random.integer(Math.floor(bytes.length / width));
  if (width === 4)
    view.setInt32(at, pick([-1, 0, 1, 2, 7, 1000, 2 ** 31 - 1, -(2 ** 31), 0x7fc00000, 0x7f800000], random), true);
  else
    view.setFloat64(
      at,
      pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1, 1e9, 0.5, 1e-9], random),
      true,
    );
  return random.integer(4) === 0 ? changed(out, random, (byte) => byte ^ (1 << random.integer(8))) : out;
}

/** @param {Uint8Array} bytes @param {{ shape: any[] }} array @param {Draws} random */
function changeRows(bytes, array, random) {
  const axis = random.integer(Math.max(1, array.shape.length));
  const rows = array.shape[axis];
  if (!Number.isInteger(rows) || rows < 1) return bytes;
  const less = random.integer(2) === 0;
  const length = (bytes.length / rows) * (less ? rows - 1 : rows + 1);
  if (!Number.isInteger(length)) return bytes;
  array.shape[axis] = less ? rows - 1 : rows + 1;
  return less ? bytes.slice(0, length) : joined(bytes, bytes.subarray(0, length - bytes.length));
}

/** @param {number} depth */
function nested(depth) {
  /** @type {any} */
  let value = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value };
  return value;
}

/** @param {Uint8Array} bytes @param {Draws} random @param {(byte: number) => number} change */
function changed(bytes, random, change) {
  if (bytes.length === 0) return bytes;
  const out = bytes.slice();
  const at = random.integer(bytes.length);
  out[at] = change(out[at] ?? 0);
  return out;
}

/** The ends of some bytes, most often few. @param {Uint8Array} bytes @param {Draws} random @returns {[number, number]} */
function block(bytes, random) {
  const from = random.integer(bytes.length + 1);
  const length = 1 + random.integer(random.integer(4) === 0 ? bytes.length + 1 : 8);
  return [from, Math.min(bytes.length, from + length)];
}

/** @param {...Uint8Array} parts */
function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @template T @param {readonly T[]} list @param {Draws} random @returns {T} */
function pick(list, random) {
  return /** @type {T} */ (list[random.integer(list.length)]);
}
