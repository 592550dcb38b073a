/**
 * Lets Node's `console.log` print the text of an object's class, its `toString`. Constructors call it; the first call for a
 * class does the work. A method of the class would be part of its type, and a static block would keep the class in bundles
 * that do not use it.
 */
export function readable(object: object): void {
  Object.getPrototypeOf(object)[Symbol.for('nodejs.util.inspect.custom')] ??= function (this: object) {
    return String(this);
  };
}
