import { LineModel, tensor } from '../fixtures/toys.js';

/** @typedef {import('../../testing/conformance.js').Traits} Traits */
/**
 * What is wrong with an estimator: `model` replaces methods of what it fits, `estimator` its own, `traits` what it promises.
 *
 * @typedef {{ model?: object, estimator?: (Base: any) => any, traits?: Partial<Traits>, Model?: object, fromBytes?: () => any }} Fault
 * @typedef {[kind: keyof typeof import('../../testing/conformance/kinds.js').KINDS, check: string, fault: Fault][]} Faults by the check that must
 *   find them
 */

/** Faults that an estimator of any kind may have. @type {Faults} */
export const COMMON_FAULTS = [
  [
    'regressor',
    'can be made without options, and its options are plain data with all defaults',
    {
      estimator: (Base) =>
        class extends Base {
          constructor(/** @type {any} */ o) {
            super(o);
            this.options = { .../** @type {any} */ (this).options };
          }
        },
    },
  ],
  [
    'classifier',
    'gives an equal estimator for equal options',
    {
      estimator: (Base) => {
        let made = 0;
        return class extends Base {
          number = ++made;
          fit(/** @type {any[]} */ ...args) {
            const model = super.fit(...args);
            return Object.freeze(
              Object.create(model, { toJSON: { value: () => ({ ...model.toJSON(), number: this.number }) } }),
            );
          }
        };
      },
    },
  ],
  [
    'regressor',
    'refuses unknown options by name',
    {
      estimator: (Base) =>
        class extends Base {
          constructor(/** @type {any} */ { notAnOption: _, ...o } = {}) {
            super(o);
          }
        },
    },
  ],
  [
    'transformer',
    'fit changes nothing of the estimator and leaves no trace on it',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any[]} */ ...args) {
            this.fitted = true;
            return super.fit(...args);
          }
        },
    },
  ],
  [
    'transformer',
    'same seed, same model',
    {
      estimator: (Base) => {
        let fits = 0;
        return class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            const model = super.fit(x, o);
            fits++;
            const json = { ...model.toJSON(), fits };
            return Object.freeze(Object.create(model, { toJSON: { value: () => json } }));
          }
        };
      },
    },
  ],
  [
    'transformer',
    'the model is frozen, and later changes of the data do not reach it',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            const model = super.fit(x, o);
            return Object.create(model, {});
          }
        },
    },
  ],
  ['transformer', 'knows its number of columns', { model: { nFeaturesIn: 5 } }],
  ['regressor', 'prints readably, estimator and model', { model: { toString: () => '[object Object]' } }],
  [
    'transformer',
    'the answers to some rows are some of the answers, in any order',
    {
      model: {
        transform(/** @type {any} */ x) {
          return tensor(x.map((/** @type {number[]} */ row) => row.map((v) => v / x.length)));
        },
      },
    },
  ],
  ['regressor', 'predictOne gives what predict gives, and checks its row', { model: { predictOne: () => 0 } }],
  [
    'transformer',
    'the order of the rows does not matter',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ o) {
            return super.fit(Array.isArray(x) ? x.slice(0, 9) : x, o?.sampleWeight ? undefined : o);
          }
        },
    },
  ],
  [
    'regressor',
    'weights equal repetition, weights of 1 none, weights of 0 absence',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ y) {
            return super.fit(x, y);
          }
        },
    },
  ],
  [
    'regressor',
    'weights come as a list or typed array, and are checked',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ y) {
            return super.fit(x, y);
          }
        },
    },
  ],
  ['regressor', 'refuses weights that it would not use', { traits: { sampleWeight: 'refuse' } }],
  ['regressor', 'survives JSON and bytes', { fromBytes: () => ({}) }],
  [
    'regressor',
    'refuses to load what is no such model',
    { Model: { fromJSON: (/** @type {any} */ json) => LineModel.fromJSON({ ...json, type: 'LineModel' }) } },
  ],
  [
    'regressor',
    'fitAsync gives the model that fit gives',
    {
      estimator: (Base) =>
        class extends Base {
          async fitAsync(/** @type {any} */ x, /** @type {any} */ y) {
            return super.fit(x.slice(0, 9), y.slice(0, 9));
          }
        },
    },
  ],
  [
    'regressor',
    'fitAsync rejects with what fit throws, and with the reason of an aborted signal',
    {
      estimator: (Base) =>
        class extends Base {
          async fitAsync(/** @type {any} */ x, /** @type {any} */ y) {
            return super.fit(x, y);
          }
        },
    },
  ],
  ['clusterer', 'tells of its progress and stops when told to', { model: { nIter: 0 } }],
  [
    'regressor',
    'refuses unknown options of fit',
    {
      estimator: (Base) =>
        class extends Base {
          fit(/** @type {any} */ x, /** @type {any} */ y, /** @type {any} */ { onprogress: _, ...o } = {}) {
            return super.fit(x, y, o);
          }
        },
    },
  ],
];
