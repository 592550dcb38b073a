import { describe, expect, it } from 'vitest';
import { DataError, OptionError, ShapeError } from '../src/index.ts';

describe('errors', () => {
  for (const [Class, name] of [
    [OptionError, 'OptionError'],
    [ShapeError, 'ShapeError'],
    [DataError, 'DataError'],
  ] as const) {
    it(`${name} has its name in its text and at the head of its stack`, () => {
      const cause = new Error('below');
      const error = new Class('KMeans: no', { cause });
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toBe(`${name}: KMeans: no`);
      expect(error.stack?.split('\n')[0]).toBe(`${name}: KMeans: no`);
      expect(error.cause).toBe(cause);
      expect(Object.keys(error)).toEqual([]);
    });
  }
});
