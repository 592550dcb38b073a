import { readFileSync } from 'node:fs';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { OLS } from '../src/index.ts';
import { answerOf, answersTable, ESTIMATORS, INPUTS } from './answers.ts';

describe('unusual input: an error, a warning, or an answer, and never a silent NaN', () => {
  for (const input of INPUTS) {
    for (const [name, fit] of ESTIMATORS) {
      it(`${input.name}: ${name}`, () => {
        const { text, model } = answerOf(fit, input);
        if (model === null) {
          expect(text).toMatch(/^(Data|Option|Shape)Error: \w+: .+/);
          return;
        }
        const { params, warnings = [] } = model;
        const numbers = Object.entries(model).filter(
          ([, value]) => typeof value === 'number' || value instanceof Float64Array,
        );
        for (const value of Array.from('data' in params ? params.data : params))
          expect(Number.isFinite(value)).toBe(true);
        const strange = numbers.filter(
          ([, value]) =>
            [value].flat().some((v) => typeof v === 'number' && Number.isNaN(v)) ||
            (value instanceof Float64Array && value.some(Number.isNaN)),
        );
        if (strange.length > 0) expect(warnings.join(), `NaN in ${strange.map(([key]) => key)}`).not.toBe('');
      });
    }
  }

  it('the README has this table', () => {
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(answersTable());
  });
});

describe('dependent columns', () => {
  it('of all solutions the shortest is taken: equal columns share their coefficient', () => {
    const x = [1, 2, 3, 5].map((v) => [v, v]);
    const model = new OLS().fit(x, [2, 4, 6, 10]);
    expectClose(model.params, [1, 1], { rtol: 1e-12 });
    expect(model.rank).toBe(1);
    expect(model.warnings[0]).toBe(
      'the columns are linearly dependent (rank 1 of 2): of all solutions the one of least norm is given, and single coefficients have no meaning',
    );
  });

  it('more columns than rows, of which the first are dependent: the rank is that of all', () => {
    const x = [[1, 2, 3, 1, 0], [1, 2, 3, 0, 1], [1, 2, 3, 0, 0]]; // biome-ignore format: rows
    const model = new OLS().fit(x, [3, 5, 14]);
    expect(model.rank).toBe(3);
    // b₀ + 2 b₁ + 3 b₂ = 14 is shortest as (1, 2, 3); what is missing to 3 and 5 is for b₃ and b₄.
    expectClose(model.params, [1, 2, 3, -11, -9], { rtol: 1e-12 });
    expectClose(model.resid, [0, 0, 0], { atol: 1e-12 });
  });

  it('more columns than rows: the shortest solution goes through all points', () => {
    // The shortest b with b₀ + 2 b₁ + 2 b₂ = 9 is 9 (1, 2, 2) / 9.
    const model = new OLS().fit([[1, 2, 2]], [9]);
    expectClose(model.params, [1, 2, 2], { rtol: 1e-12 });
    expectClose(model.predict([[1, 2, 2]]), [9], { rtol: 1e-12 });
  });

  it('units do not decide the rank', () => {
    const rows = Array.from({ length: 12 }, (_, i) => [1, i, Math.sin(i)]);
    const y = rows.map(([, a, b]) => 1 + 2 * a! + 3 * b!);
    const small = rows.map(([c, a, b]) => [c!, a! * 1e-9, b! * 1e9]);
    const model = new OLS().fit(small, y);
    expect(model.rank).toBe(3);
    expectClose(model.params, [1, 2e9, 3e-9], { rtol: 1e-9 });
  });
});
