import { readFileSync } from 'node:fs';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { type DataColumns, readDesign, readRows } from '../src/design.ts';
import { Formula, FittedFormula } from '../src/formula/formula.ts';

interface Case {
  formula: string;
  yName: string;
  names: string[];
  terms: [string, number, number][];
  x: number[][];
  y: number[];
  fresh: number[][];
}

describe('formulas, as patsy', () => {
  const path = new URL('./fixtures/formulas.json', import.meta.url);
  const { data, fresh, cases } = JSON.parse(readFileSync(path, 'utf8')) as { data: DataColumns; fresh: DataColumns; cases: Case[] };

  for (const c of cases) {
    it(c.formula, () => {
      const design = readDesign('OLS', c.formula, data);
      expect(design.names).toEqual(c.names);
      expect(design.yName).toBe(c.yName);
      expect(design.terms.map(({ name, start, end }) => [name, start, end])).toEqual(c.terms);
      expectClose(design.x, c.x.flat(), { rtol: 1e-11, atol: 1e-13 });
      expectClose(design.y, c.y, { rtol: 1e-11 });
      // Stateful terms and levels are those of the fit, also after a way through JSON.
      expectClose(readRows('OLS', design.source, fresh).x, c.fresh.flat(), { rtol: 1e-11, atol: 1e-13 });
      const copy = FittedFormula.fromJSON(JSON.parse(JSON.stringify(design.source.formula)));
      expect(copy.rows('OLS', fresh).x).toEqual(readRows('OLS', design.source, fresh).x);
    });
  }
});
