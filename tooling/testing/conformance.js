/**
 * The contract of estimators and modules as tests: one call checks everything that all of a kind have in common.
 *
 *   checkClusterer({ name: 'KMeans', Estimator: KMeans, Model: KMeansModel, traits, tensor, options: { nClusters: 3, seed: 0 } });
 *
 * `node tooling/testing/conformance/print.js` prints what becomes of the checks of scikit-learn's `check_estimator`.
 */
import { describe, it } from 'vitest';
import { KINDS } from './conformance/kinds.js';
import { failures, Subject } from './conformance/kit.js';
import { moduleChecks } from './conformance/module.js';

export { traitsTable } from './conformance/traits.js';

/** @typedef {import('./conformance/kit.js').Spec} Spec */
/** @typedef {import('./conformance/kit.js').Traits} Traits */
/** @typedef {import('./conformance/module.js').ModuleSpec} ModuleSpec */

/** Registers the tests of a classifier. @param {Spec} spec */
export function checkClassifier(spec) {
  register('classifier', spec);
}

/** Registers the tests of a regressor. @param {Spec} spec */
export function checkRegressor(spec) {
  register('regressor', spec);
}

/** Registers the tests of a clusterer. @param {Spec} spec */
export function checkClusterer(spec) {
  register('clusterer', spec);
}

/** Registers the tests of a detector of outliers. @param {Spec} spec */
export function checkDetector(spec) {
  register('detector', spec);
}

/** Registers the tests of a transformer. @param {Spec} spec */
export function checkTransformer(spec) {
  register('transformer', spec);
}

/** Registers the tests of a module of neural networks. @param {ModuleSpec} spec */
export function checkModule(spec) {
  describe(`${spec.name} conforms as a module`, () => {
    for (const check of moduleChecks) {
      if (check.applies?.(spec) ?? true) it(check.name, () => check.run(spec));
    }
  });
}

/**
 * Runs the checks of a kind without registering tests: the messages of those that failed, by name. For tests of the kit.
 * @param {keyof typeof KINDS} name @param {Spec} spec
 */
export function failuresOf(name, spec) {
  const { kind, data, checks } = KINDS[name];
  return failures(checks, new Subject(spec, kind, data()));
}

/** The same for a module. @param {ModuleSpec} spec */
export function failuresOfModule(spec) {
  const checks = moduleChecks.filter((check) => check.applies?.(spec) ?? true);
  return failures(
    checks.map(({ name, run }) => ({ name, run: () => run(spec) })),
    /** @type {any} */ (null),
  );
}

/** @param {keyof typeof KINDS} name @param {Spec} spec */
function register(name, spec) {
  if (spec.traits.kind !== name) {
    throw new Error(`${spec.name} is a ${spec.traits.kind} by its traits, so it cannot be checked as a ${name}`);
  }
  const { kind, data, checks } = KINDS[name];
  const subject = new Subject(spec, kind, data());
  describe(`${spec.name} conforms as a ${name}`, () => {
    for (const check of checks) {
      if (check.applies?.(subject) ?? true) it(check.name, () => check.run(subject));
    }
  });
}
