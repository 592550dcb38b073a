import { describe, expect, test } from 'vitest';
import { expectClose, expectError } from '../testing/index.js';

/** The message of what `run` throws. @param {() => void} run */
function messageOf(run) {
  try {
    run();
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
  return 'nothing was thrown';
}

describe('expectClose', () => {
  test('accepts numbers within the tolerance, in every form', () => {
    expectClose(1 + 1e-10, 1);
    expectClose([[1, 2], [3]], [[1, 2], [3]]);
    expectClose(new Float32Array([1, 2]), [1, 2]);
    expectClose({ toArray: () => [[1, 2]] }, [[1, 2]]);
    expectClose({ toTypedArray: () => new Float64Array([1]) }, [1]);
    expectClose({ a: 1, b: ['x', null, true] }, { a: 1, b: ['x', null, true] });
    expectClose(0.5, 0, { atol: 0.5 });
    expectClose(101, 100, { rtol: 0.01 });
  });

  test('NaN equals NaN, an infinity equals itself, and zero its negative', () => {
    expectClose([Number.NaN, Infinity, -Infinity, 0], [Number.NaN, Infinity, -Infinity, -0]);
    const options = { rtol: 1, atol: 1e300 };
    expect(messageOf(() => expectClose(Infinity, 1, options))).toMatch('got Infinity, expected 1');
    expect(messageOf(() => expectClose(1, Infinity, options))).toMatch('got 1, expected Infinity');
    expect(messageOf(() => expectClose(Infinity, -Infinity, options))).toMatch('got Infinity, expected -Infinity');
    expect(messageOf(() => expectClose(Number.NaN, 1, options))).toMatch('got NaN, expected 1');
    expect(messageOf(() => expectClose(1, Number.NaN, options))).toMatch('got 1, expected NaN');
  });

  test('names the index of the worst value, both values and the relative error', () => {
    expect(
      messageOf(() =>
        expectClose(
          [
            [1, 2.1],
            [3, 4.4],
          ],
          [
            [1, 2],
            [3, 4],
          ],
        ),
      ),
    ).toBe(
      'expectClose: at [1, 1] got 4.4, expected 4, relative error 0.100 (rtol 1e-9, atol 0); 2 of 4 values differ',
    );
    expect(messageOf(() => expectClose({ a: { b: [0.1] } }, { a: { b: [0] } }, { atol: 0.01, name: 'slope' }))).toBe(
      'slope: at a.b.0 got 0.1, expected 0, relative error Infinity (rtol 1e-9, atol 0.01); 1 of 1 values differ',
    );
  });

  test('refuses other structures', () => {
    expect(messageOf(() => expectClose([1, 2], [1, 2, 3]))).toBe('expectClose: got 2 values, expected 3');
    expect(messageOf(() => expectClose([[1], []], [[1], [2]]))).toBe('expectClose: at [1] got 0 values, expected 1');
    expect(messageOf(() => expectClose([1, 2], [[1, 2]]))).toBe('expectClose: got 2 values, expected 1');
    expect(messageOf(() => expectClose([1, 2], [1, [2, 3]]))).toBe('expectClose: at [1] got 2, expected [2, 3]');
    expect(messageOf(() => expectClose(undefined, 1))).toBe('expectClose: got undefined, expected 1');
    expect(messageOf(() => expectClose(['1'], [1]))).toBe("expectClose: at [0] got '1', expected 1");
    expect(messageOf(() => expectClose({ a: 1 }, { a: 1, b: 2 }))).toBe(
      'expectClose: got the keys [a], expected [a, b]',
    );
    expect(messageOf(() => expectClose({ a: 1, b: 2 }, { a: 1 }))).toBe(
      'expectClose: got the keys [a, b], expected [a]',
    );
    expect(messageOf(() => expectClose(new Map(), new Map()))).toBe(
      'expectClose: got Map, expected Map (not comparable)',
    );
  });

  test('refuses a tolerance that would accept anything', () => {
    expect(messageOf(() => expectClose(1, 2, { rtol: Number.NaN }))).toBe(
      'expectClose: rtol and atol must be ≥ 0, got NaN and 0',
    );
  });
});

describe('expectError', () => {
  const fail = () => {
    throw new RangeError('too far');
  };

  test('compares the class and the whole message', () => {
    expectError(fail, RangeError, 'too far');
    expectError(fail, Error, 'too far');
    expect(messageOf(() => expectError(fail, RangeError, 'too'))).toBe(
      'expectError: the message differs\n  expected too\n  got      too far',
    );
    expect(messageOf(() => expectError(fail, TypeError, 'too far'))).toMatch(
      'expectError: expected TypeError: too far\n  got RangeError: too far',
    );
    expect(messageOf(() => expectError(() => 1, RangeError, 'too far'))).toBe(
      'expectError: nothing was thrown, expected RangeError: too far',
    );
  });

  test('waits for promises', async () => {
    await expectError(async () => fail(), RangeError, 'too far');
    await expect(expectError(async () => 1, RangeError, 'too far')).rejects.toThrow(
      'expectError: nothing was thrown, expected RangeError: too far',
    );
    await expect(expectError(async () => fail(), RangeError, 'near')).rejects.toThrow('the message differs');
  });
});
