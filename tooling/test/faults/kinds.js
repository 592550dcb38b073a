import { tensor } from '../fixtures/toys.js';

/** Faults of classifiers, regressors and the other kinds. @type {import('./common.js').Faults} */
export const KINDS_FAULTS = [
  ['clusterer', 'labels every row with an integer from -1 up, as many as there are rows', { model: { labels: [0] } }],
  ['clusterer', 'finds three groups that lie far apart', { model: { labels: new Int32Array(36) } }],
  [
    'clusterer',
    'its labels are what it predicts for the rows it was fitted with',
    { model: { predict: () => new Int32Array(36) } },
  ],
  [
    'clusterer',
    'fitPredict gives the labels of fit',
    {
      estimator: (Base) =>
        class extends Base {
          fitPredict() {
            return new Int32Array(36);
          }
        },
    },
  ],
  [
    'detector',
    'labels rows 1 or -1, by the sign of what the score is above the offset',
    { model: { predict: (/** @type {any} */ x) => new Int32Array(x.length).fill(1) } },
  ],
  [
    'detector',
    'a row far from all others is an outlier, and no row of the fit is further out',
    { model: { predictOne: () => 1 } },
  ],
  ['transformer', 'gives a row of nFeaturesOut columns for each row', { model: { nFeaturesOut: 3 } }],
  [
    'transformer',
    'transformOne gives what transform gives, in the array it is handed',
    { model: { transformOne: (/** @type {any} */ row) => Float64Array.from(row) } },
  ],
  ['transformer', 'the way back leads back', { model: { inverseTransform: (/** @type {any} */ x) => x } }],
  ['regressor', 'fits a line with little noise, and scores R²', { model: { score: () => 1 } }],
  [
    'regressor',
    'integer targets are numbers like others',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ y, /** @type {any} */ o) {
            return super.fit(x, y instanceof Int32Array ? y.map((v) => v + 1) : y, o);
          }
        },
    },
  ],
  ['regressor', 'has no classes, probabilities or decision function', { model: { classes: [] } }],
  [
    'regressor',
    'a constant target is predicted as it is',
    { model: { predict: (/** @type {any} */ x) => new Float64Array(x.length) } },
  ],
  [
    'regressor',
    'refuses targets that are missing, no numbers, or not one for each row',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ y, /** @type {any} */ o) {
            return super.fit(x, Array.isArray(y) ? y.map((v) => v || 0) : y, o);
          }
        },
    },
  ],
  ['classifier', 'labels may be strings or any integers, and come back as they are', { model: { classes: [0, 1, 2] } }],
  ['classifier', 'labels may be true and false', { model: { classes: [0, 1] } }],
  [
    'classifier',
    'tells groups apart that lie far apart, and scores the share it gets right',
    { model: { score: () => 0.9 } },
  ],
  [
    'classifier',
    'probabilities are from 0 to 1, add up to 1, and agree with predict, their logarithms and decisionFunction',
    { model: { predictProba: (/** @type {any} */ x) => tensor(x.map(() => [0.5, 0.5, 0.5])) } },
  ],
  [
    'classifier',
    'one class: always that one, or a refusal',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ y, /** @type {any} */ o) {
            if (y?.[0] === 'only') throw new TypeError('no');
            return super.fit(x, y, o);
          }
        },
    },
  ],
  [
    'classifier',
    'refuses labels that are missing, no labels, or not one for each row',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ y, /** @type {any} */ o) {
            return super.fit(x, Array.isArray(y) ? y.map((v) => v ?? 0) : y, o);
          }
        },
    },
  ],
];
