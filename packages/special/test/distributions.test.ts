import { OptionError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { chiSquare, fisherF, normal, studentT } from '../src/index.ts';

describe('distributions, worked by hand', () => {
  it('has the closed forms of t with 1 and 2 degrees of freedom', () => {
    // 1: ½ - atan(t)/π. 2: ½ (1 - t/√(2 + t²)).
    for (const t of [-3, -0.5, 0, 0.25, 1, 7]) {
      expectClose(studentT(1).sf(t), 0.5 - Math.atan(t) / Math.PI, { rtol: 1e-14 });
      expectClose(studentT(2).sf(t), 0.5 * (1 - t / Math.sqrt(2 + t * t)), { rtol: 1e-13 });
    }
    // Far out, t with 1 degree of freedom falls as 1/(π t).
    expectClose(studentT(1).sf(1e200), 1 / Math.PI / 1e200, { rtol: 1e-14 });
  });

  it('has the closed forms of F and chi-square with 2 degrees of freedom', () => {
    for (const x of [0, 0.3, 2, 50, 700]) {
      expectClose(chiSquare(2).sf(x), Math.exp(-x / 2), { rtol: 1e-14 });
      expectClose(fisherF(2, 10).sf(x), (1 + x / 5) ** -5, { rtol: 1e-13 });
      expectClose(fisherF(2, 10).isf((1 + x / 5) ** -5), x, { rtol: 1e-12 });
    }
    expectClose(chiSquare(2).logSf(1e5), -5e4, { rtol: 1e-15 });
  });

  it('has the quantiles of tables', () => {
    expectClose(normal().ppf(0.975), 1.959963984540054, { rtol: 1e-15 });
    expectClose(normal(10, 2).isf(0.025), 10 + 2 * 1.959963984540054, { rtol: 1e-15 });
    expectClose(studentT(10).isf(0.025), 2.228138852, { rtol: 1e-9 });
    expectClose(chiSquare(3).isf(0.05), 7.814727903251, { rtol: 1e-12 });
    expect(`${normal()} ${studentT(3)} ${fisherF(1, 2)} ${chiSquare(4)}`).toBe(
      'normal(0, 1) studentT(3) fisherF(1, 2) chiSquare(4)',
    );
  });

  it('refuses parameters and probabilities that have no meaning', () => {
    expectError(() => normal(0, 0), OptionError, 'normal: std must be a number > 0, got 0');
    expectError(() => studentT(-1), OptionError, 'studentT: df must be a number > 0, got -1');
    expectError(() => chiSquare(2).isf(1.5), OptionError, 'chiSquare: q must be a number ≥ 0 and ≤ 1, got 1.5');
  });
});
