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
import { COMMON_FAULTS } from './faults/common.js';
import { INPUT_FAULTS } from './faults/input.js';
import { KINDS_FAULTS } from './faults/kinds.js';
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

/** A spec whose estimator has a fault. @param {Spec} spec @param {import('./faults/common.js').Fault} fault @returns {Spec} */
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

const FAULTS = [...INPUT_FAULTS, ...COMMON_FAULTS, ...KINDS_FAULTS];

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
  });
});
