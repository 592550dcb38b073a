/** The checks of options and of the model as a value. */
import { inspect } from 'node:util';
import { assert, flat, namesOthers, refusal, refuses, same, text } from './kit.js';

/** @type {import('./kit.js').Check[]} */
export const estimatorChecks = [
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
      namesOthers(message, `${name}: there is no option notAnOption`);
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
];

/** Without the fields that are undefined, which JSON drops. @param {object} options */
function clean(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
