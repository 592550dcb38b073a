import { readFileSync } from 'node:fs';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  box,
  confusionMatrix,
  dendrogram,
  joint,
  regression,
  residuals,
  roc,
  scoreCurve,
  scree,
} from '../src/index.ts';
import { type Any, look, textOf } from './help.ts';

const reference = JSON.parse(readFileSync(new URL('fixtures/plots.json', import.meta.url), 'utf8'));
const { points } = reference;

/** The numbers of a field in rows of data. */
const column = (rows: Any[], field: string): number[] => rows.map((row) => row[field]);

/** The number at the end of a title. */
const numberIn = (title: Any): number => Number(/(-?[\d.]+)%?$/.exec(textOf(title.text ?? title)!)![1]);

describe('numbers in plots against NumPy, SciPy, scikit-learn and statsmodels', () => {
  it.each(Object.entries<Any>(reference.box))('box: %s', (_, { values, outliers, ...wanted }) => {
    const spec = look(box(values));
    const { name, ...numbers } = spec.data.values[0];
    expectClose(numbers, wanted, { rtol: 1e-12 });
    expect(column(spec.layer.at(-1).data.values, 'outlier')).toEqual(outliers);
  });

  it('regression: the ends of the line of least squares', () => {
    const line = look(regression(points)).layer[1].data.values;
    expectClose(column(line, 'x'), [Math.min(...points.x), Math.max(...points.x)]);
    expectClose(column(line, 'y'), reference.regression.ends, { rtol: 1e-12 });
  });

  it("joint: Pearson's correlation in the title", () => {
    expectClose(numberIn(look(joint(points)).title), reference.joint.r, { atol: 5e-4 });
  });

  it('residuals: the smooth line', () => {
    const smooth = look(residuals(points.x, points.y)).layer[1].data.values;
    expectClose(column(smooth, 'x'), reference.residuals.x, { rtol: 1e-12, atol: 1e-14 });
    // It cuts weights off a thousandth before the farthest point, ours a ten-thousandth behind it.
    expectClose(column(smooth, 'y'), reference.residuals.smooth, { rtol: 2e-3, atol: 2e-3 });
  });

  it('dendrogram: the same joins at the same places, left and right as in SciPy', () => {
    const { children, distances, across, up, leaves } = reference.dendrogram;
    const spec = look(dendrogram({ children, distances }));
    const corners = spec.layer[0].data.values as Any[];
    const ours = children.map((_: Any, i: number) => corners.slice(4 * i, 4 * i + 4).map(({ x, y }: Any) => [x, y]));
    const shapes = (all: number[][][]) =>
      all
        .map((one) =>
          one
            .flat()
            .map((v) => v.toFixed(9))
            .join(' '),
        )
        .sort();
    // SciPy's leaves stand at 5, 15, 25, ...
    const theirs = across.map((xs: number[], i: number) => xs.map((x, j) => [(x - 5) / 10, up[i][j]]));
    expect(shapes(ours)).toEqual(shapes(theirs));
    expect(spec.encoding.x.axis.labelExpr).toBe(`${JSON.stringify(leaves.map(String))}[datum.value]`);
  });

  it('scoreCurve: means of folds, and bands of their deviations', () => {
    const { trainScores, testScores, means, deviations } = reference.scoreCurve;
    const rows = findRows(look(scoreCurve({ values: [1, 2, 3, 4], trainScores, testScores })), 'low');
    const [low, high] = [column(rows, 'low'), column(rows, 'high')];
    expectClose(
      low.map((v, i) => (v + high[i]!) / 2),
      means.flat(),
      { rtol: 1e-12 },
    );
    expectClose(
      low.map((v, i) => (high[i]! - v) / 2),
      deviations.flat(),
      { rtol: 1e-10 },
    );
  });

  it('confusionMatrix: counts, shares of rows, and the accuracy in the title', () => {
    const { true: truth, predicted, counts, shares, accuracy } = reference.confusionMatrix;
    const counted = look(confusionMatrix(truth, predicted));
    expect(column(findRows(counted, 'value'), 'value')).toEqual(counts);
    expectClose(
      column(findRows(look(confusionMatrix(truth, predicted, { normalize: true })), 'value'), 'value'),
      shares,
      {
        rtol: 1e-12,
      },
    );
    expectClose(numberIn(counted.title) / 100, accuracy, { atol: 5e-4 });
  });

  it('roc: the area in the title', () => {
    const { fpr, tpr, auc } = reference.roc;
    expectClose(numberIn(look(roc({ fpr, tpr })).title), auc, { atol: 5e-4 });
  });

  it('scree: shares of the variance, each and added up', () => {
    const { eigenvalues, shares, cumulative } = reference.scree;
    const rows = look(scree(eigenvalues)).data.values;
    expectClose(column(rows, 'share'), shares, { rtol: 1e-12 });
    expectClose(column(rows, 'cumulative'), cumulative, { rtol: 1e-12 });
  });
});

/** The first rows of data in a specification that have a field. */
function findRows(spec: Any, field: string): Any[] {
  if (spec?.data?.values?.[0] !== undefined && field in spec.data.values[0]) return spec.data.values;
  for (const layer of spec?.layer ?? []) {
    const rows = findRows(layer, field);
    if (rows.length > 0) return rows;
  }
  return [];
}
