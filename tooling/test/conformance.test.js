import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../testing/conformance/kinds.js';
import { NOT_APPLICABLE, scikitLearnTable } from '../testing/conformance/scikit-learn.js';
import {
  checkClassifier,
  checkClusterer,
  checkDetector,
  checkModule,
  checkRegressor,
  checkTransformer,
  failuresOf,
  failuresOfModule,
  traitsTable,
} from '../testing/conformance.js';
import * as toys from './fixtures/toys.js';

/** @typedef {import('../testing/conformance.js').Spec} Spec */
/** @typedef {import('../testing/conformance.js').Traits} Traits */

/** @type {Omit<Traits, 'kind'>} */
const usual = {
  missing: 'refuse',
  sparse: false,
  float32: 'widen',
  deterministic: true,
  sampleWeight: 'repeat',
  rowOrder: 'free',
  iterative: false,
};
const { tensor, toBytes, fromBytes } = toys;
/** @type {Record<keyof typeof KINDS, Spec>} */
const SPECS = {
  classifier: {
    name: 'NearestMean',
    Estimator: toys.NearestMean,
    Model: /** @type {any} */ (toys.NearestMeanModel),
    tensor,
    toBytes,
    fromBytes,
    traits: { ...usual, kind: 'classifier' },
  },
  regressor: {
    name: 'Line',
    Estimator: toys.Line,
    Model: /** @type {any} */ (toys.LineModel),
    tensor,
    toBytes,
    fromBytes,
    traits: { ...usual, kind: 'regressor' },
  },
  transformer: {
    name: 'Center',
    Estimator: toys.Center,
    Model: /** @type {any} */ (toys.CenterModel),
    tensor,
    toBytes,
    fromBytes,
    traits: { ...usual, kind: 'transformer' },
  },
  detector: {
    name: 'Far',
    Estimator: toys.Far,
    Model: /** @type {any} */ (toys.FarModel),
    tensor,
    toBytes,
    fromBytes,
    traits: { ...usual, kind: 'detector' },
  },
  clusterer: {
    name: 'Groups',
    Estimator: toys.Groups,
    Model: /** @type {any} */ (toys.GroupsModel),
    tensor,
    toBytes,
    fromBytes,
    traits: { ...usual, kind: 'clusterer', iterative: true },
    options: {
      centers: [
        [1, 1, 1, 1],
        [5, 5, 0, -5],
        [-5, 5, 5, 2],
      ],
    },
  },
};
const moduleSpec = {
  name: 'Scale',
  create: (/** @type {number} */ seed) => new toys.Scale(seed),
  inputs: () => [[1, 2]],
  loss: (/** @type {any} */ out) => out,
};

checkClassifier(SPECS.classifier);
checkRegressor(SPECS.regressor);
checkTransformer(SPECS.transformer);
checkClusterer(SPECS.clusterer);
checkDetector(SPECS.detector);
checkModule(moduleSpec);

/**
 * A spec whose estimator has a fault: `change` may give other fields to the model, `model` replaces its methods, and
 * `estimator` those of the estimator.
 * @param {Spec} spec
 * @param {{ model?: object, estimator?: (Base: any) => any, traits?: Partial<Traits>, Model?: object, fromBytes?: () => any }} fault
 * @returns {Spec}
 */
function broken(spec, { model = {}, estimator = (Base) => Base, traits = {}, Model = {}, ...saving }) {
  const Base = spec.Estimator;
  const Broken = class extends Base {
    /** @param {any[]} args */
    fit(...args) {
      const fitted = /** @type {any} */ (Base.prototype).fit.apply(this, args);
      const copy = Object.create(fitted, Object.getOwnPropertyDescriptors(model));
      return Object.freeze(copy);
    }
  };
  const given = Object.keys(model).length === 0 ? Base : Broken;
  return {
    ...spec,
    ...saving,
    Estimator: estimator(given),
    Model: /** @type {any} */ ({ fromJSON: spec.Model.fromJSON, ...Model }),
    traits: { ...spec.traits, ...traits },
  };
}

/** Faults by the check that must find them. @type {[keyof typeof KINDS, string, Parameters<typeof broken>[1]][]} */
const FAULTS = [
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
    { Model: { fromJSON: (/** @type {any} */ json) => toys.LineModel.fromJSON({ ...json, type: 'LineModel' }) } },
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

describe('the kit finds each fault', () => {
  for (const [kind, check, fault] of FAULTS) {
    it(`${kind}: ${check}`, async () => {
      expect(Object.keys(await failuresOf(kind, broken(SPECS[kind], fault)))).toContain(check);
    });
  }

  it('has a fault for every check but the one of sparse rows, which no toy has', () => {
    const checks = Object.values(KINDS).flatMap(({ checks: all }) => all.map(({ name }) => name));
    const tried = FAULTS.map(([, check]) => check);
    expect([...new Set(checks)].filter((name) => !tried.includes(name))).toEqual([
      'sparse rows give what dense ones give',
    ]);
  });

  it('asks for sparse rows where the traits promise them', async () => {
    const found = await failuresOf('transformer', broken(SPECS.transformer, { traits: { sparse: true } }));
    expect(found).toEqual({
      'sparse rows give what dense ones give': 'the traits promise sparse rows, so the spec must make some',
    });
    const dense = {
      ...broken(SPECS.transformer, { traits: { sparse: true } }),
      sparseRows: (/** @type {any} */ x) => x,
    };
    expect(await failuresOf('transformer', dense)).toEqual({});
  });

  it('compares sparse answers by their numbers', async () => {
    const sparse = {
      transform(/** @type {any} */ x) {
        const rows = Object.getPrototypeOf(this).transform.call(this, x).toArray();
        const d = rows[0].length;
        const whole = rows.map((/** @type {number[]} */ _, /** @type {number} */ i) => i * d);
        return Object.assign(
          { data: Float64Array.from(rows.flat()), shape: [rows.length, d], dtype: 'float64' },
          {
            indices: Int32Array.from({ length: rows.length * d }, (_, at) => at % d),
            indptr: Int32Array.from([...whole, rows.length * d]),
          },
        );
      },
    };
    const found = await failuresOf('transformer', broken(SPECS.transformer, { model: sparse }));
    expect(found).not.toHaveProperty('rows, flat data and tensors give the same model and the same answers');
  });

  it('does not ask for the whole way back where the traits say that it is lossy', async () => {
    const fault = { model: { inverseTransform: (/** @type {any} */ x) => x }, traits: { lossy: true } };
    const found = await failuresOf('transformer', broken(SPECS.transformer, fault));
    expect(found).not.toHaveProperty('the way back leads back');
  });

  it('hands y to transformers that want it', async () => {
    const Estimator = class extends toys.Center {
      /** @override @param {any} x @param {any} y @param {any} [options] */
      fit(x, y, options) {
        if (y === undefined && Array.isArray(x) && x.length > 0) throw new RangeError('no y');
        return super.fit(x, options);
      }
      /** @override @param {any} x @param {any} _y @param {any} [options] */
      fitAsync(x, _y, options) {
        return super.fitAsync(x, options);
      }
    };
    const Model = /** @type {any} */ (toys.CenterModel);
    const found = await failuresOf('transformer', { ...SPECS.transformer, Estimator, Model, supervised: true });
    expect(found).toEqual({});
    const without = await failuresOf('transformer', { ...SPECS.transformer, Estimator, Model });
    expect(Object.keys(without).length).toBeGreaterThan(5);
  });
});

describe('the kit finds each fault of a module', () => {
  /** @type {[string, (module: any, seed: number) => void][]} */
  const faults = [
    [
      'same seed, same parameters and same output',
      (module) => (module.weight.values[0] += Math.floor(performance.now() * 1e6)),
    ],
    ['other seed, other parameters, if there are any that are drawn', (module) => (module.weight.values = [1, 2])],
    [
      'in use it gives the same output each time and changes nothing',
      (module) => {
        const { forward } = toys.Scale.prototype;
        module.forward = (/** @type {any} */ x) => {
          module.bias.values[0]++;
          return forward.call(module, x);
        };
      },
    ],
    ['train and eval return the module and reach all modules in it', (module) => (module.eval = () => module)],
    [
      'every parameter is named, comes once, is trained, and gets a gradient of its shape',
      (module) => (module.zeroGrad = () => {}),
    ],
    [
      'its state dict makes another module give the same output',
      (module) => {
        const { loadStateDict } = toys.Scale.prototype;
        module.loadStateDict = (/** @type {any} */ dict) =>
          loadStateDict.call(module, { ...module.stateDict(), weight: dict.weight ?? module.weight }) && null;
      },
    ],
    [
      'refuses a state dict with missing, unknown or mis-shaped entries, and has not changed then',
      (module) => (module.loadStateDict = () => module),
    ],
    ['prints its name', (module) => (module.toString = () => 'a module')],
  ];
  for (const [check, spoil] of faults) {
    it(check, async () => {
      const create = (/** @type {number} */ seed) => {
        const module = new toys.Scale(seed);
        spoil(module, seed);
        return module;
      };
      expect(Object.keys(await failuresOfModule({ ...moduleSpec, create }))).toContain(check);
    });
  }
});

describe('tables', () => {
  it('of traits has a row for each estimator', () => {
    const traits = {
      KMeans: /** @type {Traits} */ ({ ...usual, kind: 'clusterer', deterministic: false, iterative: true }),
    };
    expect(traitsTable(traits)).toBe(
      [
        '|  | kind | missing values | sparse rows | float32 | seed | sample weights | row order | progress, stop |',
        '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
        '| `KMeans` | clusterer | refused | no | becomes float64 | yes | as if repeated | does not matter | yes |',
      ].join('\n'),
    );
  });

  it('of scikit-learn has each of its checks once, with ours or a reason', () => {
    const rows = scikitLearnTable(Object.fromEntries(Object.entries(KINDS).map(([kind, { checks }]) => [kind, checks])))
      .split('\n')
      .slice(2);
    const names = rows.map((row) => row.split(' | ')[0]);
    expect(new Set(names).size).toBe(names.length);
    expect(rows.every((row) => /^\| check_\w+ \| .{10,} \|$/.test(row))).toBe(true);
    const both = Object.keys(NOT_APPLICABLE).filter(
      (name) => !rows.some((row) => row.startsWith(`| ${name} | does not apply`)),
    );
    expect(both).toEqual([]);
  });

  it('refuses an estimator of another kind', () => {
    expect(() => checkRegressor(SPECS.classifier)).toThrow(
      'NearestMean is a classifier by its traits, so it cannot be checked as a regressor',
    );
    expect(inspect(SPECS.classifier.traits.kind)).toBe("'classifier'");
  });
});
