import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { box, cooksDistance, correlation, histogram, joint, residuals, roc, scree, toSvg } from '../src/index.ts';
import { lowess } from '../src/lowess.ts';
import { look, strict, textOf } from './help.ts';

describe('residuals', () => {
  it('names the largest and draws a smooth line', () => {
    const spec = look(
      residuals([1, 2, 3, 4, 5], [0.1, -3, 0.3, Number.NaN, 2], { labels: ['a', 'b', 'c', 'd', 'e'], mark: 2 }),
    );
    expect(spec.title.subtitle).toBe('1 point of 5 left out: not finite');
    expect(spec.layer.at(-1).data.values).toEqual([
      { x: 2, y: -3, label: 'b' },
      { x: 5, y: 2, label: 'e' },
    ]);
    expect(spec.layer[1].mark.type).toBe('line');
  });

  it('has a level line at 0, and the plot of distances one at the threshold', async () => {
    for (const spec of [residuals([1, 2, 3, 4], [1, -1, 1, -1]), cooksDistance([1, 2], { threshold: 1.5 })]) {
      expect((await toSvg(spec, { strict })).match(/stroke-dasharray/g)).toHaveLength(1);
    }
  });

  it('refuses what does not fit', () => {
    expectError(() => residuals([1, 2], [1]), ShapeError, 'residuals: resid has 1 value, but fitted has 2');
    expectError(() => residuals([1], [Number.NaN]), DataError, 'residuals: resid must have a finite value, got none');
    const labels = 'residuals: labels has 1 value, but fitted has 2';
    expectError(() => residuals([1, 2], [1, 2], { labels: ['a'] }), ShapeError, labels);
  });

  it('the smooth line of points on a line is that line', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -100, max: 100 }), { minLength: 4, maxLength: 40 }),
        fc.integer({ min: -5, max: 5 }),
        (xs, slope) => {
          for (const { x, y } of lowess(xs.map((x) => ({ x, y: 2 + slope * x })))) {
            expectClose(y, 2 + slope * x, { rtol: 1e-9, atol: 1e-7 });
          }
        },
      ),
    );
  });

  it('the smooth line weighs near points more, by hand', () => {
    // Four points, windows of three. At x = 0 the farthest is 2 away: weights 1, (1 - .125)³ = .67, about 0.
    const [first] = lowess([
      { x: 0, y: 0 },
      { x: 1, y: 1 },
      { x: 2, y: 9 },
      { x: 3, y: 9 },
    ]);
    expectClose(first!.y, 0, { atol: 1e-3 });
  });
});

describe('cooksDistance', () => {
  it('counts the rows above 4 / n and names the most influential', () => {
    const spec = look(cooksDistance([0.1, 3, 0.2, 1.5]));
    expect(spec.title.text).toBe("Cook's distance: 2 of 4 rows above 1");
    expect(spec.data.values[1]).toEqual({ x: 1, y: 3, zero: 0, influential: true });
    expect(spec.layer.at(-1).data.values.map(({ label }: { label: string }) => label)).toEqual(['1', '3']);
    expect(textOf(look(cooksDistance([0.1], { threshold: 2 })).title.text)).toBe("Cook's distance: 0 of 1 row above 2");
  });
});

describe('box', () => {
  it('draws the five numbers and what lies beyond, by hand', () => {
    // Of 1 2 3 4 20: quartiles 2, 3, 4; whiskers within 3 of the box, so to 1 and 4; 20 beyond.
    const spec = look(box([4, 1, 20, 3, 2]));
    expect(spec.data.values).toEqual([{ name: 'values', q1: 2, median: 3, q3: 4, low: 1, high: 4 }]);
    expect(spec.layer.at(-1).data.values).toEqual([{ name: 'values', outlier: 20 }]);
    expect(look(box([4, 1, 20, 3, 2], { whiskers: 100 })).data.values[0].high).toBe(20);
  });

  it('refuses what it cannot draw', () => {
    const groups = 'must be numbers, or several of them by names, got';
    expectError(() => box(undefined as never), OptionError, `box: values ${groups} undefined`);
    expectError(() => histogram(3 as never), OptionError, `histogram: values ${groups} 3`);
    const curves = 'roc: curves must be { fpr, tpr }, or several of them by names, got null';
    expectError(() => roc(null as never), OptionError, curves);
    expectError(() => box({}), DataError, 'box: values must have at least one group, got none');
    expectError(() => box({ a: [Number.NaN] }), DataError, 'box: a must have a finite value, got none');
    expectError(() => box([1], { whiskers: -1 }), OptionError, 'box: whiskers must be a number ≥ 0, got -1');
  });
});

describe('joint', () => {
  it('tells the correlation and draws three plots', () => {
    // Σ(x - x̄)(y - ȳ) = 3, Σ(x - x̄)² = Σ(y - ȳ)² = 5
    const spec = look(joint({ x: [1, 2, 3, 4], y: [2, 1, 4, 3] }, { xLabel: 'a', yLabel: 'b' }));
    expect(spec.title.text).toBe('b and a, r = 0.600');
    expect(spec.vconcat).toHaveLength(2);
    expect(spec.vconcat[1].hconcat).toHaveLength(2);
    expect(look(joint({ x: [1, 1], y: [1, 2] }, { fit: false })).title.text).toBe('y and x');
  });
});

describe('scree', () => {
  it('worked example 8: ten eigenvalues, of which four explain 70 %', () => {
    const eigenvalues = [4.724, 1.143, 0.884, 0.599, 0.502, 0.487, 0.471, 0.451, 0.376, 0.363];
    const spec = look(scree(eigenvalues, { threshold: 0.7 }));
    expect(textOf(spec.title.text)).toBe('Variance explained: 4 of 10 components reach 70 %');
    const shares = spec.data.values.map(({ share }: { share: number }) => 100 * share);
    expectClose(shares.slice(0, 4), [47.242, 11.433, 8.836, 5.992], { rtol: 0, atol: 0.01 });
    expectClose(spec.data.values[2].cumulative, 0.6751, { rtol: 1e-4 });
  });

  it('refuses what is no variance', () => {
    expectError(() => scree([1, -1]), DataError, 'scree: eigenvalues[1] must be a finite number ≥ 0, got -1');
    expectError(() => scree([0, 0]), DataError, 'scree: eigenvalues must not be all 0');
  });
});

describe('roc', () => {
  it('tells the area below, by hand', () => {
    // Trapezoids of width ½: (.5 + 1) / 4 + 1 / 2
    const spec = look(roc({ fpr: [0, 0, 0.5, 1], tpr: [0, 0.5, 1, 1] }));
    expect(spec.title.text).toBe('ROC curve, AUC 0.875');
    const several = look(roc({ a: { fpr: [0, 1], tpr: [0, 1] }, b: { fpr: [0, 0, 1], tpr: [0, 1, 1] } }));
    expect(several.layer[1].encoding.color.scale.domain).toEqual(['a, AUC 0.500', 'b, AUC 1.000']);
  });

  it('refuses what are no rates', () => {
    expectError(() => roc({}), DataError, 'roc: curves must have at least one curve, got none');
    expectError(() => roc({ fpr: [0, 2], tpr: [0, 1] }), DataError, 'roc: fpr[1] must be from 0 to 1, got 2');
    const falls = 'roc: a.tpr must not descend, but a.tpr[1] is 0.5 after 1';
    expectError(() => roc({ a: { fpr: [0, 1], tpr: [1, 0.5] } }), DataError, falls);
    expectError(() => roc({ fpr: [0, 1], tpr: [1] }), ShapeError, 'roc: tpr has 1 value, but fpr has 2');
  });
});

describe('correlation', () => {
  it('goes from -1 to 1 whatever the values', () => {
    const spec = look(
      correlation(
        [
          [1, 0.2],
          [0.2, 1],
        ],
        { labels: ['a', 'b'] },
      ),
    );
    expect(spec.layer[0].encoding.color.scale.domain).toEqual([-1, 1]);
    expect(spec.data.values).toHaveLength(4);
  });

  it('refuses what are no correlations', () => {
    expectError(() => correlation([[1, 2]]), ShapeError, 'correlation: matrix must be square, got shape [1, 2]');
    expectError(
      () =>
        correlation([
          [1, 2],
          [2, 1],
        ]),
      DataError,
      'correlation: matrix[0, 1] must be from -1 to 1, got 2',
    );
  });
});
