/** The checks of the forms that input may have, and of input that cannot be used. */
import { answerOrRefusal, assert, close, finite, flat, frozen, refuses, same, text } from './kit.js';

/** @typedef {import('./kit.js').Subject} Subject */

const BAD_NUMBERS = { nan: Number.NaN, infinite: Number.POSITIVE_INFINITY };

/** @type {import('./kit.js').Check[]} */
export const inputChecks = [
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
    name: 'lets NaN pass: it stays where it is and touches nothing else',
    like: ['check_estimators_nan_inf'],
    applies: ({ traits }) => traits.missing === 'pass',
    run(subject) {
      const x = damaged(subject, BAD_NUMBERS.nan);
      const model = subject.fit(x);
      for (const [method, answer] of Object.entries(subject.answers(model, x))) {
        const [bad, ...rest] = [answer[2], ...answer.slice(0, 2), ...answer.slice(3)];
        finite(rest, `${method} of the other rows`);
        same(bad.filter(Number.isNaN).length, 1, `number of NaN in row 2 of ${method}`);
        finite(
          bad.filter((/** @type {number} */ value) => !Number.isNaN(value)),
          `the rest of row 2 of ${method}`,
        );
      }
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
      const oneAxis = `${subject.name}: x must be a Tensor [n, d], an array of rows, or { data, shape }, got an array of ${n}; wrap each number in a row: x.map((v) => [v])`;
      refuses(() => subject.fit(list), 'OptionError', oneAxis);
      forEachMethod(subject, (model, method) => refuses(() => model[method](list), 'OptionError', oneAxis));
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
