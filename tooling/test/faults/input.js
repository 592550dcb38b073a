import { tensor } from '../fixtures/toys.js';

/** Faults in what an estimator lets in or refuses. @type {import('./common.js').Faults} */
export const INPUT_FAULTS = [
  [
    'transformer',
    'rows, flat data and tensors give the same model and the same answers',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            return super.fit(x.toArray ? x.toArray().slice(1) : x, o);
          }
        },
    },
  ],
  [
    'transformer',
    'integers are numbers like others',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            return super.fit(
              x.data instanceof Int32Array ? { ...x, data: x.data.map((/** @type {number} */ v) => v & 1) } : x,
              o,
            );
          }
        },
    },
  ],
  ['transformer', 'float32 stays float32, with the same answers but for rounding', { traits: { float32: 'keep' } }],
  [
    'transformer',
    'leaves its input untouched',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            const model = super.fit(x, o);
            if (x.data) x.data[0] = 9;
            return model;
          }
        },
    },
  ],
  [
    'transformer',
    'refuses NaN by its place',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            return super.fit(
              Array.isArray(x) && Array.isArray(x[0])
                ? x.map((row) => (row.map ? row.map((/** @type {any} */ v) => (Number.isNaN(v) ? 0 : v)) : row))
                : x,
              o,
            );
          }
        },
    },
  ],
  ['transformer', 'accepts NaN as a missing value', { traits: { missing: 'accept' } }],
  ['transformer', 'lets NaN pass: it stays where it is and touches nothing else', { traits: { missing: 'pass' } }],
  [
    'transformer',
    'refuses infinity by its place',
    {
      model: {
        transform() {
          return tensor([[0]]);
        },
      },
    },
  ],
  [
    'regressor',
    'refuses empty input',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any[]} */ ...rest) {
            if (x?.length === 0) throw new Error('oops');
            return super.fit(x, ...rest);
          }
        },
    },
  ],
  [
    'transformer',
    'refuses ragged rows by their place',
    {
      model: {
        transform(/** @type {any} */ x) {
          return tensor(x);
        },
      },
    },
  ],
  [
    'transformer',
    'refuses what is no table of numbers',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            return super.fit(x ?? [[1]], o);
          }
        },
    },
  ],
  [
    'transformer',
    'refuses rows with other columns than it was fitted with',
    {
      model: {
        transform(/** @type {any} */ x) {
          return tensor(x);
        },
      },
    },
  ],
  [
    'transformer',
    'one row, one column, constant columns, more columns than rows: finite answers or a refusal',
    {
      model: {
        transform(/** @type {any} */ x) {
          return tensor(
            x.map((/** @type {number[]} */ row) =>
              row.map((v) => v / (x[0] === x[1] || String(x[0]) === String(x[1]) ? 0 : 1)),
            ),
          );
        },
      },
    },
  ],
  [
    'transformer',
    'huge and tiny numbers: finite answers or a refusal',
    {
      model: {
        transform(/** @type {any} */ x) {
          return tensor(x.map((/** @type {number[]} */ row) => row.map((v) => v * v)));
        },
      },
    },
  ],
];
