/**
 * What stands in for `vitest` where test files run without it, in pages and web workers: Vitest's own runner and
 * assertions, which need neither Node nor code made from strings.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  addCustomEqualityTesters,
  chai,
  customMatchers,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from '@vitest/expect';
import { fn } from '@vitest/spy';

export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
  onTestFailed,
  onTestFinished,
  suite,
  test,
} from '@vitest/runner';
export { expectTypeOf } from 'expect-type';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

/** @type {any} */
export const expect = Object.assign(
  (/** @type {unknown} */ value, /** @type {string} */ message) => chai.expect(value, message),
  chai.expect,
  /** @type {any} */ (globalThis)[ASYMMETRIC_MATCHERS_OBJECT],
  {
    addEqualityTesters: addCustomEqualityTesters,
    assert: chai.assert,
    extend: (/** @type {any} */ matchers) => /** @type {any} */ (chai.expect).extend(expect, matchers),
    unreachable: (message = '') => chai.assert.fail(`expected "${message}" not to be reached`),
  },
);
expect.extend(customMatchers);

/** What globals were before tests replaced them. @type {Map<string, PropertyDescriptor | undefined>} */
const replaced = new Map();

/** What tests outside Node use of `vi`. */
export const vi = {
  fn,
  /** @param {string} name @param {unknown} value */
  stubGlobal(name, value) {
    if (!replaced.has(name)) replaced.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
  },
  unstubAllGlobals() {
    for (const [name, descriptor] of replaced) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, descriptor);
    }
    replaced.clear();
  },
};
