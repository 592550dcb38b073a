import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anovaDigits, type Certified, digitsOf, digitsTables, linearDigits, univariateDigits } from './nist-digits.ts';

const certified = JSON.parse(readFileSync(new URL('./fixtures/nist.json', import.meta.url), 'utf8')) as Certified;

describe('values certified by NIST', () => {
  for (const [name, set] of Object.entries(certified.linear)) {
    // In Filip, powers up to the tenth are rounded before a regression sees them; that leaves some 8 digits.
    const least = name === 'Filip' ? 7.5 : 12;
    it(`${name}: coefficients, standard errors, residual standard deviation and R² to ${least} digits`, () => {
      for (const digits of linearDigits(set)) expect(digits).toBeGreaterThanOrEqual(least);
    });
  }

  for (const [name, set] of Object.entries(certified.anova)) {
    it(`${name}: F, R² and residual standard deviation`, () => {
      const { digits, ofDoubles } = anovaDigits(set);
      // Doubles keep 4 digits of differences of .1 between numbers of 10¹²; of what they keep, nothing is lost.
      const least = name >= 'SmLs07' && name <= 'SmLs09' ? 4 : 10;
      for (const value of digits) expect(value).toBeGreaterThanOrEqual(least);
      for (const value of ofDoubles) expect(value).toBeGreaterThanOrEqual(12);
    });
  }

  // The digits that differences of .1 between numbers of 10⁶ and 10⁷ keep in doubles.
  const kept: Record<string, number> = { NumAcc3: 9, NumAcc4: 8 };
  for (const [name, set] of Object.entries(certified.univariate)) {
    it(`${name}: mean, standard deviation and autocorrelation`, () => {
      const { digits, ofDoubles } = univariateDigits(set);
      expect(digits[0]).toBe(15);
      for (const value of digits) expect(value).toBeGreaterThanOrEqual(kept[name] ?? 13);
      // The mean is a double too, and deviations are from it.
      for (const value of ofDoubles) expect(value).toBeGreaterThanOrEqual(name in kept ? 11 : 13);
    });
  }

  it('counts digits as -log₁₀ of the relative error, in the worst place', () => {
    expect(digitsOf([1, 2.002], [1, 2])).toBeCloseTo(3, 10);
    expect(digitsOf([1e-5], [0])).toBeCloseTo(5, 10);
    expect(digitsOf([1], [1])).toBe(15);
    expect(digitsOf([Number.NaN], [1])).toBe(0);
  });

  it('the README has these digits, but for one that rounding may bring or take', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const cells = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^\| \w+ \| \d/.test(line))
        .map((line) =>
          line
            .split('|')
            .map((cell) => cell.trim())
            .filter((cell) => cell !== ''),
        );
    const printed = new Map(cells(readme).map(([name, ...digits]) => [name, digits.map(Number)]));
    for (const [name, ...digits] of cells(digitsTables(certified))) {
      for (const [i, digit] of digits.entries())
        expect(Math.abs(printed.get(name!)![i]! - Number(digit))).toBeLessThanOrEqual(1);
    }
    expect(printed.size).toBeGreaterThanOrEqual(31);
  });
});
