/** The checks of every estimator, whatever its kind. */
import { inspect } from 'node:util';
import { reordered, take } from './data.js';
import { answerOrRefusal, assert, close, finite, flat, frozen, refusal, refuses, same, text, values } from './kit.js';

/** @typedef {import('./kit.js').Subject} Subject */

const BAD_NUMBERS = { nan: Number.NaN, infinite: Number.POSITIVE_INFINITY };

/** @type {import('./kit.js').Check[]} */
export const commonChecks = [
  // Options
  {
    name: 'can be made without options, and its options are plain data with all defaults',
    like: ['check_parameters_default_constructible', 'check_get_params_invariance'],
    run({ spec }) {
      const { options } = new spec.Estimator();
      assert(Object.isFrozen(options), 'options must be frozen');
      same(JSON.parse(JSON.stringify(options)), clean(options), 'options through JSON');
      same(new spec.Estimator(options).options, options, 'options of an estimator made from options');
    },
  },
  {
    name: 'gives an equal estimator for equal options',
    like: ['check_estimator_cloneable', 'check_set_params'],
    run(subject) {
      const first = subject.create();
      const second = new subject.spec.Estimator(JSON.parse(JSON.stringify(first.options)));
      same(text(subject.fit(undefined, undefined, undefined, second)), text(subject.fit()), 'model');
    },
  },
  {
    name: 'refuses unknown options by name',
    like: ['check_param_validation'],
    run({ spec, name }) {
      const message = refusal(() => new spec.Estimator({ notAnOption: 1 }), 'an unknown option').message;
      const start = `${name}: there is no option notAnOption; `;
      assert(message.startsWith(start), `the message must start with '${start}', got '${message}'`);
      refuses(() => new spec.Estimator(3), 'OptionError', `${name}: options must be an object, got 3`);
    },
  },
  {
    name: 'fit changes nothing of the estimator and leaves no trace on it',
    like: [
      'check_dict_unchanged',
      'check_dont_overwrite_parameters',
      'check_estimators_overwrite_params',
      'check_no_attributes_set_in_init',
    ],
    run(subject) {
      const estimator = subject.create();
      const before = JSON.stringify(estimator.options);
      const keys = Object.keys(estimator).join();
      subject.fit(undefined, undefined, undefined, estimator);
      same(JSON.stringify(estimator.options), before, 'options');
      same(Object.keys(estimator).join(), keys, 'fields');
      assert(estimator.predict === undefined && estimator.transform === undefined, 'an estimator must not predict');
    },
  },

  // The model
  {
    name: 'same seed, same model',
    like: ['check_fit_idempotent'],
    run(subject) {
      const estimator = subject.create();
      const first = subject.fit(undefined, undefined, undefined, estimator);
      const second = subject.fit(undefined, undefined, undefined, estimator);
      assert(first !== second, 'each fit must give a model of its own');
      same(text(second), text(first), 'model');
      same(text(subject.fit()), text(first), 'model of another estimator');
      same(subject.answers(second), subject.answers(first), 'answers');
    },
  },
  {
    name: 'the model is frozen, and later changes of the data do not reach it',
    run(subject) {
      const x = flat(subject.data.x);
      const y = [...subject.data.y];
      const model = subject.fit(x, y);
      assert(Object.isFrozen(model), 'the model must be frozen');
      const [before, answers] = [text(model), subject.answers(model)];
      x.data.fill(99);
      y.fill(y[0]);
      subject.fit([...subject.data.x].reverse(), [...subject.data.y].reverse());
      same(text(model), before, 'model');
      same(subject.answers(model), answers, 'answers');
    },
  },
  {
    name: 'knows its number of columns',
    like: ['check_n_features_in'],
    run(subject) {
      same(subject.fit().nFeaturesIn, subject.data.x[0]?.length, 'nFeaturesIn');
    },
  },
  {
    name: 'prints readably, estimator and model',
    like: ['check_estimator_repr'],
    run(subject) {
      for (const thing of [subject.create(), subject.fit()]) {
        const printed = String(thing);
        assert(printed.startsWith(`${subject.name}`), `the text must start with ${subject.name}, got '${printed}'`);
        assert(printed.length < 400, `the text must be short, got ${printed.length} characters`);
        same(inspect(thing), printed, 'what console.log shows');
      }
    },
  },

  // Forms of input
  {
    name: 'rows, flat data and tensors give the same model and the same answers',
    like: [
      'check_classifier_data_not_an_array',
      'check_regressor_data_not_an_array',
      'check_transformer_data_not_an_array',
      'check_estimators_dtypes',
    ],
    run(subject) {
      const { x } = subject.data;
      const model = subject.fit();
      const { data, shape } = flat(x);
      const forms = {
        'flat Float64Array': { data, shape },
        'flat numbers': { data: [...data], shape },
        tensor: subject.spec.tensor(x, 'float64'),
        'rows of Float64Array': x.map((row) => Float64Array.from(row)),
      };
      for (const [form, given] of Object.entries(forms)) {
        same(text(subject.fit(given)), text(model), `model from ${form}`);
        same(subject.answers(model, given), subject.answers(model), `answers to ${form}`);
      }
    },
  },
  {
    name: 'integers are numbers like others',
    like: ['check_estimators_dtypes'],
    run(subject) {
      const x = subject.data.x.map((row) => row.map((value) => Math.round(4 * value)));
      const whole = { data: Int32Array.from(x.flat()), shape: flat(x).shape };
      same(text(subject.fit(whole)), text(subject.fit(x)), 'model');
    },
  },
  {
    name: 'float32 stays float32, with the same answers but for rounding',
    like: ['check_transformer_preserve_dtypes', 'check_estimators_dtypes'],
    applies: ({ traits }) => traits.float32 === 'keep',
    run(subject) {
      const x = subject.data.x.map((row) => row.map(Math.fround));
      const given = subject.spec.tensor(x, 'float32');
      const model = subject.fit(given);
      for (const method of subject.methodsOf(model)) {
        const answer = model[method](given);
        if (answer.dtype === undefined) continue;
        assert(answer.dtype !== 'float64', `${method} must give float32 for float32, got ${answer.dtype}`);
      }
      close(subject.answers(model, given), subject.answers(subject.fit(x), x), 'answers', 1e-4);
    },
  },
  {
    name: 'leaves its input untouched',
    like: ['check_readonly_memmap_input', 'check_sample_weights_not_overwritten'],
    run(subject) {
      const x = frozen(structuredClone(subject.data.x));
      const y = frozen([...subject.data.y]);
      const weights = subject.traits.sampleWeight === 'refuse' ? undefined : frozen(x.map((_, i) => 1 + (i % 2)));
      const options = weights === undefined ? undefined : { sampleWeight: weights };
      subject.answers(subject.fit(x, y, options), x);
      const given = flat(subject.data.x);
      subject.answers(subject.fit(given, y), given);
      same(given, flat(subject.data.x), 'flat data');
      const tensor = subject.spec.tensor(subject.data.x, 'float64');
      subject.answers(subject.fit(tensor, y), tensor);
      same(tensor.toArray(), subject.data.x, 'tensor');
    },
  },
  {
    name: 'sparse rows give what dense ones give',
    like: ['check_estimator_sparse_tag', 'check_estimator_sparse_array', 'check_estimator_sparse_matrix'],
    applies: ({ traits }) => traits.sparse,
    run(subject) {
      const { sparseRows } = subject.spec;
      assert(sparseRows !== undefined, 'the traits promise sparse rows, so the spec must make some');
      const x = subject.data.x.map((row) => row.map((value) => (Math.abs(value) < 0.5 ? 0 : value)));
      close(subject.answers(subject.fit(sparseRows(x)), sparseRows(x)), subject.answers(subject.fit(x), x), 'answers');
    },
  },

  // Hostile input
  {
    name: 'refuses NaN by its place',
    like: ['check_estimators_nan_inf'],
    applies: ({ traits }) => traits.missing === 'refuse',
    run(subject) {
      const x = damaged(subject, BAD_NUMBERS.nan);
      const message = `${subject.name}: x[2, 1] is NaN; impute or drop missing values first (see SimpleImputer)`;
      refuses(() => subject.fit(x), 'DataError', message);
      forEachMethod(subject, (model, method) => refuses(() => model[method](x), 'DataError', message));
    },
  },
  {
    name: 'accepts NaN as a missing value',
    like: ['check_estimators_nan_inf'],
    applies: ({ traits }) => traits.missing === 'accept',
    run(subject) {
      const x = damaged(subject, BAD_NUMBERS.nan);
      const model = subject.fit(x);
      finite(subject.answers(model, x), 'answers');
    },
  },
  {
    name: 'refuses infinity by its place',
    like: ['check_estimators_nan_inf'],
    run(subject) {
      const x = damaged(subject, BAD_NUMBERS.infinite);
      const message = `${subject.name}: x[2, 1] is Infinity; all numbers must be finite`;
      refuses(() => subject.fit(x), 'DataError', message);
      forEachMethod(subject, (model, method) => refuses(() => model[method](x), 'DataError', message));
    },
  },
  {
    name: 'refuses empty input',
    like: ['check_estimators_empty_data_messages'],
    run(subject) {
      const message = (/** @type {string} */ shape) =>
        `${subject.name}: x must have at least one row and one column, got shape ${shape}`;
      refuses(() => subject.fit([], []), 'DataError', message('[0, 0]'));
      refuses(() => subject.fit([[], []], subject.data.y.slice(0, 2)), 'DataError', message('[2, 0]'));
      refuses(() => subject.fit({ data: [], shape: [0, 3] }, []), 'DataError', message('[0, 3]'));
    },
  },
  {
    name: 'refuses ragged rows by their place',
    run(subject) {
      const x = structuredClone(subject.data.x);
      x[5]?.pop();
      const columns = x[0]?.length ?? 0;
      const message = `${subject.name}: x[5] has ${columns - 1} columns, but x[0] has ${columns}`;
      refuses(() => subject.fit(x), 'ShapeError', message);
      forEachMethod(subject, (model, method) => refuses(() => model[method](x), 'ShapeError', message));
    },
  },
  {
    name: 'refuses what is no table of numbers',
    like: ['check_fit1d', 'check_fit2d_predict1d', 'check_dtype_object', 'check_complex_data'],
    run(subject) {
      const n = subject.data.x.length;
      const list = subject.data.x.map(([value = 0]) => value);
      const oneAxis = `${subject.name}: x must be a table [n, d], got a list of ${n} numbers; wrap each in a row: x.map((v) => [v])`;
      refuses(() => subject.fit(list), 'ShapeError', oneAxis);
      forEachMethod(subject, (model, method) => refuses(() => model[method](list), 'ShapeError', oneAxis));
      const threeAxes = { data: new Float64Array(n * 4), shape: [n, 2, 2] };
      const message = `${subject.name}: x must have 2 axes [n, d], got shape [${n}, 2, 2]`;
      refuses(() => subject.fit(threeAxes), 'ShapeError', message);
      const short = { data: new Float64Array(7), shape: [n, 4] };
      const holds = `${subject.name}: x has 7 numbers, but its shape [${n}, 4] holds ${n * 4}`;
      refuses(() => subject.fit(short), 'ShapeError', holds);
      const words = subject.data.x.map((row) => row.map((value) => String(value)));
      const word = `${subject.name}: x[0, 0] must be a number, got '${words[0]?.[0]}'`;
      refuses(() => subject.fit(words), 'DataError', word);
      for (const [nothing, shown] of [
        [undefined, 'undefined'],
        [null, 'null'],
        ['abc', "'abc'"],
        [{}, 'an object'],
      ]) {
        const none = `${subject.name}: x must be a Tensor [n, d], an array of rows, or { data, shape }, got ${shown}`;
        // Not through subject.fit, which has defaults for undefined.
        const estimator = subject.create();
        refuses(() => estimator.fit(nothing, subject.supervised ? subject.data.y : undefined), 'OptionError', none);
      }
    },
  },
  {
    name: 'refuses rows with other columns than it was fitted with',
    like: ['check_n_features_in_after_fitting', 'check_estimators_partial_fit_n_features'],
    run(subject) {
      const columns = subject.data.x[0]?.length ?? 0;
      const wide = subject.data.x.map((row) => [...row, 1]);
      const narrow = subject.data.x.map((row) => row.slice(0, 1));
      forEachMethod(subject, (model, method) => {
        const message = (/** @type {string} */ has) =>
          `${subject.name}: x has ${has}, but the model was fitted with ${columns}`;
        refuses(() => model[method](wide), 'ShapeError', message(`${columns + 1} columns`));
        refuses(() => model[method](narrow), 'ShapeError', message('1 column'));
      });
    },
  },
  {
    name: 'one row, one column, constant columns, more columns than rows: finite answers or a refusal',
    like: ['check_fit2d_1sample', 'check_fit2d_1feature'],
    run(subject) {
      const { x, y } = subject.data;
      const [first = []] = x;
      const cases = {
        'one row': { x: [first], y: y.slice(0, 1) },
        'one column': { x: x.map(([value = 0]) => [value]), y },
        'a constant column': { x: x.map((row) => [...row.slice(1), 5]), y },
        'all rows equal': { x: x.map(() => [...first]), y },
        'more columns than rows': { x: x.slice(0, 6).map((row) => [...row, ...row, ...row]), y: y.slice(0, 6) },
      };
      for (const [name, given] of Object.entries(cases)) {
        const model = answerOrRefusal(() => subject.fit(given.x, given.y), name);
        if (model !== undefined) finite(subject.answers(model, given.x), `answers to ${name}`);
      }
    },
  },
  {
    name: 'huge and tiny numbers: finite answers or a refusal',
    run(subject) {
      for (const scale of [1e308 / 8, 1e150, 1e-150, 1e-320]) {
        const x = subject.data.x.map((row) => row.map((value) => value * scale));
        const model = answerOrRefusal(() => subject.fit(x), `input of the size ${scale}`);
        if (model !== undefined)
          finite(answerOrRefusal(() => subject.answers(model, x), 'it') ?? 0, `answers at ${scale}`);
        const usual = subject.fit();
        finite(answerOrRefusal(() => subject.answers(usual, x), 'it') ?? 0, `answers of a usual model at ${scale}`);
      }
    },
  },

  // Answers
  {
    name: 'the answers to some rows are some of the answers, in any order',
    like: ['check_methods_subset_invariance', 'check_methods_sample_order_invariance'],
    run(subject) {
      const model = subject.fit();
      const all = subject.answers(model);
      const order = reordered(subject.data.x.length);
      for (const places of [order, [3], [0, 7], order.slice(5)]) {
        const some = subject.answers(model, take(subject.data.x, places));
        for (const method of subject.methodsOf(model)) same(some[method], take(all[method], places), method);
      }
    },
  },
  {
    name: 'predictOne gives what predict gives, and checks its row',
    applies: ({ methods }) => methods.includes('predict'),
    run(subject) {
      const model = subject.fit();
      if (model.predict === undefined) return;
      const all = values(model.predict(subject.data.x));
      for (const [i, row] of subject.data.x.entries()) {
        same(model.predictOne(row), all[i], `predictOne of row ${i}`);
        same(model.predictOne(Float64Array.from(row)), all[i], `predictOne of row ${i} in a Float64Array`);
      }
      const [row = []] = subject.data.x;
      const columns = row.length;
      const message = `${subject.name}: the row has ${columns - 1} columns, but the model was fitted with ${columns}`;
      refuses(() => model.predictOne(row.slice(1)), 'ShapeError', message);
      if (subject.traits.missing === 'accept') return;
      const nan = `${subject.name}: the row must hold finite numbers, got NaN`;
      refuses(() => model.predictOne([Number.NaN, ...row.slice(1)]), 'DataError', nan);
    },
  },
  {
    name: 'the order of the rows does not matter',
    like: ['check_methods_sample_order_invariance'],
    applies: ({ traits }) => traits.rowOrder === 'free',
    run(subject) {
      const { x, y } = subject.data;
      const order = reordered(x.length);
      const model = subject.fit(x, y, undefined, subject.createSettled());
      const other = subject.fit(take(x, order), take(y, order), undefined, subject.createSettled());
      close(subject.answers(other), subject.answers(model), 'answers', 1e-6);
    },
  },

  // Weights
  {
    name: 'weights equal repetition, weights of 1 none, weights of 0 absence',
    like: ['check_sample_weight_equivalence_on_dense_data', 'check_sample_weight_equivalence_on_sparse_data'],
    applies: ({ traits }) => traits.sampleWeight === 'repeat',
    run(subject) {
      const { x, y } = subject.data;
      const fit = (/** @type {number[][]} */ rows, /** @type {any[]} */ targets, /** @type {object} */ options) =>
        subject.answers(subject.fit(rows, targets, options, subject.createSettled()));
      const weights = x.map((_, i) => (i * 5) % 4);
      const places = weights.flatMap((weight, i) => Array(weight).fill(i));
      close(fit(x, y, { sampleWeight: weights }), fit(take(x, places), take(y, places), {}), 'repetition', 1e-6);
      close(fit(x, y, { sampleWeight: x.map(() => 1) }), fit(x, y, {}), 'weights of 1', 1e-9);
    },
  },
  {
    name: 'weights come as a list or typed array, and are checked',
    like: [
      'check_sample_weights_list',
      'check_sample_weights_not_an_array',
      'check_sample_weights_shape',
      'check_all_zero_sample_weights_error',
    ],
    applies: ({ traits }) => traits.sampleWeight !== 'refuse',
    run(subject) {
      const { x, y } = subject.data;
      const n = x.length;
      const list = x.map((_, i) => 1 + (i % 3));
      const fit = (/** @type {any} */ sampleWeight) => subject.fit(x, y, { sampleWeight });
      same(text(fit(Float64Array.from(list))), text(fit(list)), 'model');
      const subjectOf = (/** @type {string} */ rest) => `${subject.name}: sampleWeight${rest}`;
      refuses(() => fit(list.slice(1)), 'ShapeError', subjectOf(` has ${n - 1} weights, but x has ${n} rows`));
      refuses(() => fit([-1, ...list.slice(1)]), 'DataError', subjectOf('[0] must be a finite number ≥ 0, got -1'));
      refuses(
        () => fit([...list.slice(1), Number.NaN]),
        'DataError',
        subjectOf(`[${n - 1}] must be a finite number ≥ 0, got NaN`),
      );
      refuses(() => fit(list.map(() => 0)), 'DataError', subjectOf(' must not be all 0'));
    },
  },
  {
    name: 'refuses weights that it would not use',
    applies: ({ traits }) => traits.sampleWeight === 'refuse',
    run(subject) {
      const sampleWeight = subject.data.x.map(() => 1);
      const message = `${subject.name}: there is no option sampleWeight`;
      const came = refusal(() => subject.fit(undefined, undefined, { sampleWeight }), 'sampleWeight').message;
      assert(came.startsWith(message), `the message must start with '${message}', got '${came}'`);
    },
  },

  // Saving
  {
    name: 'survives JSON and bytes',
    like: ['check_estimators_pickle'],
    run(subject) {
      const { Model } = subject.spec;
      const model = subject.fit();
      const copies = {
        JSON: Model.fromJSON(JSON.parse(JSON.stringify(model))),
        'its JSON form': Model.fromJSON(model.toJSON()),
        bytes: Model.fromBytes(model.toBytes()),
        // Bytes from a file may lie anywhere in a larger buffer.
        'bytes within others': Model.fromBytes(Uint8Array.from([0, 0, 0, ...model.toBytes()]).subarray(3)),
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
      const { Model } = subject.spec;
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
      for (const key of Object.keys(JSON.parse(text(model)))) {
        const { [key]: _, ...rest } = JSON.parse(text(model));
        refusal(() => Model.fromJSON(rest), `a model without ${key}`);
      }
      const bytes = model.toBytes();
      for (const length of [0, 7, 20, bytes.length - 1]) {
        refusal(() => Model.fromBytes(bytes.slice(0, length)), `the first ${length} of ${bytes.length} bytes`);
      }
    },
  },

  // Fitting in steps
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
      const start = `${subject.name}: there is no option onprogress; `;
      assert(came.startsWith(start), `the message must start with '${start}', got '${came}'`);
    },
  },
];

/** The data with a bad number at [2, 1]. @param {Subject} subject @param {number} value */
function damaged(subject, value) {
  const x = structuredClone(subject.data.x);
  const row = x[2];
  if (row !== undefined) row[1] = value;
  return x;
}

/** @param {Subject} subject @param {(model: any, method: string) => void} run */
function forEachMethod(subject, run) {
  const model = subject.fit();
  for (const method of subject.methodsOf(model)) run(model, method);
}

/** Without the fields that are undefined, which JSON drops. @param {object} options */
function clean(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** What a promise ends with, be it an error. @param {() => Promise<unknown>} run */
async function outcome(run) {
  try {
    return await run();
  } catch (error) {
    return error;
  }
}
