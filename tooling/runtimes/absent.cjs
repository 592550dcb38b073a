/**
 * What stands in for modules that are absent outside Node. While a file registers its tests anything may be called, so
 * that a file with some tests for Node loads; in a test or a hook it is an error, so no test passes by it.
 */
module.exports = (/** @type {string} */ name) => {
  /** @type {any} */
  const anything = new Proxy(function absent() {}, {
    get: (_, key) => {
      if (!(/** @type {any} */ (globalThis).registersTests)) {
        throw new Error(`${name} is absent here, and with it ${String(key)}: the test needs the tag 'node'`);
      }
      return key === Symbol.toPrimitive ? () => name : anything;
    },
    apply: () => anything,
    construct: () => anything,
  });
  return Object.create(anything);
};
