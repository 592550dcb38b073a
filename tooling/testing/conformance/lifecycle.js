/** The checks of saving and of fitting step by step. */
import { inspect } from 'node:util';
import { assert, finite, namesOthers, refusal, refuses, same, text } from './kit.js';

/** @type {import('./kit.js').Check[]} */
export const lifecycleChecks = [
  {
    name: 'survives JSON and bytes',
    like: ['check_estimators_pickle'],
    run(subject) {
      const { Model, toBytes, fromBytes } = subject.spec;
      const model = subject.fit();
      const copies = {
        JSON: Model.fromJSON(JSON.parse(JSON.stringify(model))),
        'its JSON form': Model.fromJSON(model.toJSON()),
        bytes: fromBytes(Model, toBytes(model)),
        // Bytes from a file may lie anywhere in a larger buffer.
        'bytes within others': fromBytes(Model, Uint8Array.from([0, 0, 0, ...toBytes(model)]).subarray(3)),
      };
      for (const [way, copy] of Object.entries(copies)) {
        assert(copy.constructor === model.constructor, `what comes through ${way} must be a model of the same class`);
        same(text(copy), text(model), `model through ${way}`);
        same(subject.answers(copy), subject.answers(model), `answers through ${way}`);
        same(inspect(copy), inspect(model), `text through ${way}`);
      }
    },
  },
  {
    name: 'refuses to load what is no such model',
    run(subject) {
      const { Model, toBytes, fromBytes } = subject.spec;
      const model = subject.fit();
      const { type, version } = JSON.parse(text(model));
      assert(typeof type === 'string' && Number.isInteger(version), 'the JSON form must have a type and a version');
      const owner = `${type}.fromJSON`;
      refuses(() => Model.fromJSON(3), 'DataError', `${owner}: this is no saved model, got 3`);
      refuses(() => Model.fromJSON({}), 'DataError', `${owner}: this is no saved model, got an object`);
      const other = `${owner}: this is a saved OtherModel, not a ${type}`;
      refuses(() => Model.fromJSON({ ...JSON.parse(text(model)), type: 'OtherModel' }), 'DataError', other);
      const newer = `${owner}: the model was saved in version 99 of its form, but this release reads versions up to ${version}; update the package`;
      refuses(() => Model.fromJSON({ ...JSON.parse(text(model)), version: 99 }), 'DataError', newer);
      for (const [key, value] of Object.entries(JSON.parse(text(model)))) {
        const { [key]: _, ...rest } = JSON.parse(text(model));
        refusal(() => Model.fromJSON(rest), `a model without ${key}`);
        if (!isCount(key, value)) continue;
        refusal(() => Model.fromJSON({ ...rest, [key]: value + 0.5 }), `a model with ${value + 0.5} for ${key}`);
      }
      const bytes = toBytes(model);
      for (const length of [0, 7, 20, bytes.length - 1]) {
        refusal(() => fromBytes(Model, bytes.slice(0, length)), `the first ${length} of ${bytes.length} bytes`);
      }
    },
  },
  {
    name: 'fitAsync gives the model that fit gives',
    async run(subject) {
      const { x, y } = subject.data;
      same(text(await subject.fitAsync(x, y, {})), text(subject.fit()), 'model');
    },
  },
  {
    name: 'fitAsync rejects with what fit throws, and with the reason of an aborted signal',
    async run(subject) {
      const { x, y } = subject.data;
      const thrown = await outcome(() => subject.fitAsync([], [], {}));
      const expected = refusal(() => subject.fit([], []), 'empty input').message;
      assert(thrown instanceof Error && thrown.message === expected, `must reject with '${expected}', got ${thrown}`);
      const reason = new Error('enough');
      const aborted = await outcome(() => subject.fitAsync(x, y, { signal: AbortSignal.abort(reason) }));
      assert(aborted === reason, `must reject with the reason of the signal, got ${aborted}`);
    },
  },
  {
    name: 'tells of its progress and stops when told to',
    like: ['check_non_transformer_estimators_n_iter', 'check_transformer_n_iter'],
    applies: ({ traits }) => traits.iterative,
    async run(subject) {
      const { x, y } = subject.data;
      const told = (/** @type {any[]} */ list) => (/** @type {any} */ progress) => void list.push(progress);
      /** @type {any[]} */
      const [sync, async] = [[], []];
      const model = subject.fit(x, y, { onProgress: told(sync) });
      await subject.fitAsync(x, y, { onProgress: told(async) });
      assert(Number.isInteger(model.nIter) && model.nIter >= 1, `nIter must be an integer ≥ 1, got ${model.nIter}`);
      assert(typeof model.converged === 'boolean', `converged must be true or false, got ${model.converged}`);
      assert(sync.length > 0, 'onProgress must be called');
      same(async, sync, 'progress of fitAsync');
      for (const [i, { step, total, unit, metrics }] of sync.entries()) {
        assert(step === i + 1, `step must count from 1, got ${step} at place ${i}`);
        assert(total === undefined || total >= sync.length, `total must be at least ${sync.length}, got ${total}`);
        assert(typeof unit === 'string' && unit !== '', 'unit must say what a step is');
        assert(
          Object.values(metrics).every((value) => typeof value === 'number'),
          'metrics must be numbers',
        );
      }
      let calls = 0;
      const stopped = subject.fit(x, y, { onProgress: () => ++calls < 1 });
      assert(calls === 1, `it must stop when onProgress returns false, but went on for ${calls} steps`);
      finite(subject.answers(stopped), 'answers of the model so far');
    },
  },
  {
    name: 'refuses unknown options of fit',
    run(subject) {
      const came = refusal(() => subject.fit(undefined, undefined, { onprogress: 1 }), 'an unknown option').message;
      namesOthers(came, `${subject.name}: there is no option onprogress`);
    },
  },
];

/** Whether a number is a count by its name: nIter, nFeaturesIn, rank. @param {string} key @param {unknown} value */
function isCount(key, value) {
  return typeof value === 'number' && /^(n[A-Z]|rank$)/.test(key);
}

/** What a promise ends with, be it an error. @param {() => Promise<unknown>} run */
async function outcome(run) {
  try {
    return await run();
  } catch (error) {
    return error;
  }
}
