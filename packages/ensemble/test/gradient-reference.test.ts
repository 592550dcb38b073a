import { expectClose } from '@maru-ml/tooling/testing';
import { describe, it } from 'vitest';
import {
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  RandomForestClassifier,
  RandomForestRegressor,
} from '../src/index.ts';
import { numbers, rounded } from './data.ts';
import gradient from './fixtures/gradient.json' with { type: 'json' };

const x = numbers(7, 200, 4).map((row) => row.map(Math.fround));
const noise = numbers(11, 200, 1);
const y = x.map(([a, b, c], i) => rounded(3 * a! + 2 * Math.abs(b!) + a! * c! + 0.5 * noise[i]![0]!, 3));
const weights = numbers(23, 200, 1).map(([value]) => rounded(1 + Math.abs(value!) * 3, 2));
const held = numbers(17, 40, 4).map((row) => row.map(Math.fround));

/** Values of options as they are called here. */
function own(options: Record<string, unknown>): Record<string, unknown> {
  const camel = (value: unknown) =>
    typeof value === 'string' ? value.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) : value;
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, camel(value)]));
}

describe('the numbers of scikit-learn', () => {
  it.each(gradient.cases)('$estimator: $name', ({ estimator, target, weighted, options, ...expected }) => {
    const fitOptions = weighted ? { sampleWeight: weights } : {};
    const boosting = { nEstimators: 25, ...own(options) };
    const forest = { nEstimators: 1, bootstrap: false, maxFeatures: null, ...own(options) };
    const edges = target === 'binary' ? [1] : [0, 2];
    const labels = y.map((value) => edges.filter((edge) => value >= edge).length);
    const model =
      estimator === 'boosting'
        ? target === 'numbers'
          ? new GradientBoostingRegressor(boosting).fit(x, y, fitOptions)
          : new GradientBoostingClassifier(boosting).fit(x, labels, fitOptions)
        : target === 'numbers'
          ? new RandomForestRegressor(forest).fit(x, y, fitOptions)
          : new RandomForestClassifier(forest).fit(x, labels, fitOptions);
    const answer =
      'predictProba' in model ? Array.from(model.predictProba(held).data) : Array.from(model.predict(held));
    expectClose(answer, expected.answer, { rtol: 1e-9, atol: 1e-10 });
    expectClose(Array.from(model.featureImportances), expected.importances, { rtol: 1e-7, atol: 1e-9 });
    if ('trainScore' in model) expectClose(Array.from(model.trainScore), expected.trainScore, { rtol: 1e-9 });
  });
});
