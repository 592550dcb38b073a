/**
 * Lets Node's `console.log` print the text of an object's class, its `toString`. Constructors call it; the first call for a
 * class does the work. A method of the class would be part of its type, and a static block would keep the class in bundles
 * that do not use it.
 */
export function readable(object: object): void {
  const inspect = Symbol.for('nodejs.util.inspect.custom');
  if (inspect in object) return;
  Object.defineProperty(Object.getPrototypeOf(object), inspect, {
    value(this: object) {
      return String(this);
    },
  });
}
