import { describe, expect, it } from 'vitest';
import { mutateBytes, mutateJson } from '../testing/mutate.js';

/** A generator that the kit needs no package for. @param {number} seed */
function draws(seed) {
  let state = seed;
  return {
    /** @param {number} n */
    integer(n) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    },
  };
}

const file = Uint8Array.from('{"n": 12}', (c) => c.charCodeAt(0));
const model = {
  type: 'M',
  coef: { dtype: 'float64', shape: [2], data: Buffer.from(new Float64Array([1, 2]).buffer).toString('base64') },
  names: ['a', 'b'],
};
const seeds = Array.from({ length: 400 }, (_, seed) => seed * 7919 + 1);

describe('damage', () => {
  it('is the same for the same seed, and leaves the original as it was', () => {
    const [bytes, json] = [file.slice(), JSON.stringify(model)];
    for (const seed of seeds) {
      expect(mutateBytes(file, draws(seed))).toEqual(mutateBytes(file, draws(seed)));
      expect(mutateJson(model, draws(seed))).toEqual(mutateJson(model, draws(seed)));
    }
    expect([file, JSON.stringify(model)]).toEqual([bytes, json]);
  });

  it('of bytes cuts, lengthens and changes them', () => {
    const made = seeds.map((seed) => mutateBytes(file, draws(seed)));
    expect(made.some(({ length }) => length === 0)).toBe(true);
    expect(made.some(({ length }) => length > 2 * file.length)).toBe(true);
    expect(made.some((bytes) => bytes.length === file.length && String(bytes) !== String(file))).toBe(true);
    expect(made.some((bytes) => Buffer.from(bytes).includes('1e999'))).toBe(true);
  });

  it('of JSON takes keys out, puts those of all objects in, and changes rows and elements of saved arrays', () => {
    const made = seeds.map((seed) => mutateJson(model, draws(seed)));
    const coefs = made.map((json) => json?.coef).filter((coef) => typeof coef?.data === 'string');
    const length = (/** @type {{ data: string }} */ { data }) => Buffer.from(data, 'base64').length;
    expect(made.some((json) => typeof json === 'object' && json !== null && !('names' in json))).toBe(true);
    expect(made.some((json) => json !== null && Object.hasOwn(Object(json), '__proto__'))).toBe(true);
    expect(coefs.some((coef) => coef.shape?.[0] === 3 && length(coef) === 24)).toBe(true);
    expect(coefs.some((coef) => length(coef) === 16 && coef.data !== model.coef.data)).toBe(true);
    expect(/** @type {any} */ ({}).polluted).toBeUndefined();
  });
});
