/** The checks of transformers. */
import { assert, close, refuses, same } from './kit.js';

export const transformer = { supervised: false, methods: ['transform'] };

/** @type {import('./kit.js').Check[]} */
export const transformerChecks = [
  {
    name: 'gives a row of nFeaturesOut columns for each row',
    like: ['check_transformer_general', 'check_transformer_get_feature_names_out'],
    run(subject) {
      const { x } = subject.data;
      const model = subject.fit();
      const out = model.transform(x);
      same(out.shape, [x.length, model.nFeaturesOut], 'shape');
      assert(['float64', 'float32'].includes(out.dtype), `the dtype must be a float, got ${out.dtype}`);
    },
  },
  {
    name: 'transformOne gives what transform gives, in the array it is handed',
    run(subject) {
      const { x } = subject.data;
      const model = subject.fit();
      const all = model.transform(x).toArray();
      const out = new Float64Array(model.nFeaturesOut);
      for (const [i, row] of x.entries()) {
        assert(model.transformOne(row, out) === out, 'transformOne must return the array it was handed');
        same(out, all[i], `row ${i}`);
      }
      const [row = []] = x;
      const columns = row.length;
      const message = `${subject.name}: the row has ${columns - 1} columns, but the model was fitted with ${columns}`;
      refuses(() => model.transformOne(row.slice(1), out), 'ShapeError', message);
      const short = `${subject.name}: out has length ${out.length + 1}, but the model makes ${out.length} columns`;
      refuses(() => model.transformOne(row, new Float64Array(out.length + 1)), 'ShapeError', short);
    },
  },
  {
    name: 'the way back leads back',
    applies: ({ traits }) => traits.lossy !== true,
    run(subject) {
      const { x } = subject.data;
      const model = subject.fit();
      if (model.inverseTransform === undefined) return;
      close(model.inverseTransform(model.transform(x)), x, 'inverseTransform');
    },
  },
];
