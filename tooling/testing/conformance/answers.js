/** The checks of what a model answers, and of sample weights. */
import { reordered, take } from './data.js';
import { assert, close, refusal, refuses, same, text, values } from './kit.js';

/** @type {import('./kit.js').Check[]} */
export const answerChecks = [
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
      close(subject.smoothAnswers(other), subject.smoothAnswers(model), 'answers', 1e-6);
    },
  },
  {
    name: 'weights equal repetition, weights of 1 none, weights of 0 absence',
    like: ['check_sample_weight_equivalence_on_dense_data', 'check_sample_weight_equivalence_on_sparse_data'],
    applies: ({ traits }) => traits.sampleWeight === 'repeat',
    run(subject) {
      const { x, y } = subject.data;
      const fit = (/** @type {number[][]} */ rows, /** @type {any[]} */ targets, /** @type {object} */ options) =>
        subject.smoothAnswers(subject.fit(rows, targets, options, subject.createSettled()));
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
];
