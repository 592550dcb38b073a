/** The checks of classifiers. */
import { answerOrRefusal, assert, close, finite, refuses, same, values } from './kit.js';

/** @typedef {import('./kit.js').Subject} Subject */

export const classifier = {
  supervised: true,
  methods: ['predict', 'predictProba', 'predictLogProba', 'decisionFunction'],
};

/** The same three groups under names of each type, in ascending order. */
const NAMES = {
  strings: ['bat', 'cat', 'dog'],
  'words with accents and spaces': ['', 'Ärger 1', '고양이'],
  'integers that skip and are negative': [-7, 0, 1000],
};

/** @type {import('./kit.js').Check[]} */
export const classifierChecks = [
  {
    name: 'labels may be strings or any integers, and come back as they are',
    like: ['check_classifiers_classes', 'check_dtype_object'],
    run(subject) {
      const { x, y } = subject.data;
      const numbered = subject.fit(x, y).predict(x);
      for (const [kind, three] of Object.entries(NAMES)) {
        const names = three.slice(0, subject.traits.groups ?? 3);
        const model = subject.fit(
          x,
          y.map((group) => names[group]),
        );
        same(model.classes, names, `classes of ${kind}`);
        same(
          model.predict(x),
          numbered.map((/** @type {number} */ group) => names[group]),
          `predictions of ${kind}`,
        );
        same(model.predictOne(x[0]), model.predict(x)[0], `predictOne of ${kind}`);
      }
    },
  },
  {
    name: 'labels may be true and false',
    like: ['check_classifiers_train'],
    run(subject) {
      const { x, y } = subject.data;
      const model = subject.fit(
        x,
        y.map((group) => group === 1),
      );
      same(model.classes, [false, true], 'classes');
      assert(typeof model.predict(x)[0] === 'boolean', 'predictions must be booleans');
    },
  },
  {
    name: 'tells groups apart that lie far apart, and scores the share it gets right',
    like: ['check_classifiers_train'],
    run(subject) {
      const { x, y } = subject.data;
      const model = subject.fit();
      const predicted = model.predict(x);
      const right = y.filter((label, i) => label === predicted[i]).length / y.length;
      assert(right > 0.83, `it must get most rows right, got ${right}`);
      close(model.score(x, y), right, 'score');
      const last = x.map((_, i) => (i === x.length - 1 ? 1 : 0));
      same(model.score(x, y, { sampleWeight: last }), y.at(-1) === predicted.at(-1) ? 1 : 0, 'weighted score');
    },
  },
  {
    name: 'probabilities are from 0 to 1, add up to 1, and agree with predict, their logarithms and decisionFunction',
    like: ['check_classifiers_train', 'check_decision_proba_consistency'],
    run(subject) {
      for (const classes of subject.traits.groups === 2 ? [2] : [3, 2]) {
        const x = subject.data.x;
        const y = subject.data.y.map((group) => Math.min(group, classes - 1));
        const model = subject.fit(x, y);
        if (model.predictProba === undefined) return;
        const probabilities = values(model.predictProba(x));
        const predicted = model.predict(x);
        for (const [i, row] of probabilities.entries()) {
          same(row.length, classes, 'columns of predictProba');
          assert(
            row.every((/** @type {number} */ p) => p >= 0 && p <= 1),
            `probabilities of row ${i} must be from 0 to 1, got ${row}`,
          );
          close(sum(row), 1, `sum of the probabilities of row ${i}`);
          same(model.classes[largest(row)], predicted[i], `class of the largest probability of row ${i}`);
        }
        const logarithms = probabilities.map((/** @type {number[]} */ row) => row.map(Math.log));
        if (model.predictLogProba !== undefined)
          close(exponentials(model.predictLogProba(x)), exponentials(logarithms), 'predictLogProba');
        if (model.decisionFunction === undefined) return;
        const scores = values(model.decisionFunction(x));
        for (const [i, score] of scores.entries()) {
          const best = Array.isArray(score) ? largest(score) : Number(score > 0);
          same(model.classes[best], predicted[i], `class of the largest score of row ${i}`);
        }
      }
    },
  },
  {
    name: 'one class: always that one, or a refusal',
    like: ['check_classifiers_one_label', 'check_classifiers_one_label_sample_weights'],
    run(subject) {
      const { x } = subject.data;
      const model = answerOrRefusal(
        () =>
          subject.fit(
            x,
            x.map(() => 'only'),
          ),
        'one class',
      );
      if (model === undefined) return;
      same(
        model.predict(x),
        x.map(() => 'only'),
        'predictions',
      );
      finite(subject.answers(model), 'answers');
    },
  },
  {
    name: 'refuses labels that are missing, no labels, or not one for each row',
    like: [
      'check_supervised_y_no_nan',
      'check_classifiers_regression_target',
      'check_requires_y_none',
      'check_supervised_y_2d',
    ],
    run(subject) {
      const { x, y } = subject.data;
      const n = x.length;
      const label = `${subject.name}: y[1] must be a string, an integer or a boolean, got`;
      const replaced = (/** @type {unknown} */ value) => y.map((group, i) => (i === 1 ? value : group));
      for (const [bad, shown] of [
        [Number.NaN, 'NaN'],
        [0.5, '0.5'],
        [null, 'null'],
        [[1], '[1]'],
      ]) {
        refuses(() => subject.fit(x, replaced(bad)), 'DataError', `${label} ${shown}`);
      }
      const mixed = `${subject.name}: y must hold labels of one type, but y[0] is ${y[0]} and y[1] is 'a'`;
      refuses(() => subject.fit(x, replaced('a')), 'DataError', mixed);
      const short = `${subject.name}: y has ${n - 1} labels, but x has ${n} rows`;
      refuses(() => subject.fit(x, y.slice(1)), 'ShapeError', short);
      const none = `${subject.name}: y must be an array of labels, got`;
      const estimator = subject.create();
      refuses(() => estimator.fit(x), 'OptionError', `${none} undefined`);
      refuses(() => estimator.fit(x, 'abc'), 'OptionError', `${none} 'abc'`);
    },
  },
];

/** @param {number[]} row */
function largest(row) {
  return row.indexOf(Math.max(...row));
}

/** @param {number[]} row */
function sum(row) {
  return row.reduce((total, value) => total + value, 0);
}

/** Exponentials of a table, in which a probability of 0 needs no infinity. @param {any} table */
function exponentials(table) {
  return values(table).map((/** @type {number[]} */ row) => row.map(Math.exp));
}
