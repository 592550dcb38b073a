/** The checks of regressors. */
import { assert, close, refuses, same, text, values } from './kit.js';

export const regressor = { supervised: true, methods: ['predict'] };

/** @type {import('./kit.js').Check[]} */
export const regressorChecks = [
  {
    name: 'fits a line with little noise, and scores R²',
    like: ['check_regressors_train'],
    run(subject) {
      const { x, y } = subject.data;
      const model = subject.fit();
      const predicted = model.predict(x);
      assert(
        predicted instanceof Float64Array,
        `predict must give a Float64Array, got ${predicted?.constructor?.name}`,
      );
      const mean = sum(y) / y.length;
      const rest = sum(y.map((value, i) => (value - (predicted[i] ?? 0)) ** 2));
      const r2 = 1 - rest / sum(y.map((value) => (value - mean) ** 2));
      assert(r2 > 0.5, `R² must be above 0.5, got ${r2}`);
      close(model.score(x, y), r2, 'score');
      const doubled = [...x.keys(), ...x.keys()];
      const twice = model.score(
        doubled.map((i) => x[i]),
        doubled.map((i) => y[i]),
      );
      close(model.score(x, y, { sampleWeight: x.map(() => 2) }), twice, 'weighted score');
    },
  },
  {
    name: 'integer targets are numbers like others',
    like: ['check_regressors_int'],
    run(subject) {
      const { x, y } = subject.data;
      const whole = y.map(Math.round);
      same(text(subject.fit(x, Int32Array.from(whole))), text(subject.fit(x, whole)), 'model');
    },
  },
  {
    name: 'has no classes, probabilities or decision function',
    like: ['check_regressors_no_decision_function'],
    run(subject) {
      const model = subject.fit();
      for (const name of ['classes', 'predictProba', 'decisionFunction']) {
        assert(!(name in model), `a regressor must not have ${name}`);
      }
    },
  },
  {
    name: 'a constant target is predicted as it is',
    run(subject) {
      const { x } = subject.data;
      const y = x.map(() => 3);
      close(values(subject.fit(x, y).predict(x)), y, 'predictions', 1e-6);
    },
  },
  {
    name: 'refuses targets that are missing, no numbers, or not one for each row',
    like: ['check_supervised_y_no_nan', 'check_requires_y_none', 'check_supervised_y_2d'],
    run(subject) {
      const { x, y } = subject.data;
      const n = x.length;
      const number = `${subject.name}: y[1] must be a finite number, got`;
      for (const [bad, shown] of [
        [Number.NaN, 'NaN'],
        [Number.POSITIVE_INFINITY, 'Infinity'],
        ['a', "'a'"],
        [[1], '[1]'],
      ]) {
        const replaced = y.map((value, i) => (i === 1 ? bad : value));
        refuses(() => subject.fit(x, replaced), 'DataError', `${number} ${shown}`);
      }
      const short = `${subject.name}: y has ${n - 1} numbers, but x has ${n} rows`;
      refuses(() => subject.fit(x, y.slice(1)), 'ShapeError', short);
      const none = `${subject.name}: y must be an array of numbers, got`;
      const estimator = subject.create();
      refuses(() => estimator.fit(x), 'OptionError', `${none} undefined`);
      refuses(() => estimator.fit(x, 'abc'), 'OptionError', `${none} 'abc'`);
    },
  },
];

/** @param {number[]} list */
function sum(list) {
  return list.reduce((total, value) => total + value, 0);
}
