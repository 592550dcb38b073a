import { type Bounds, checkNumber, OptionError, show } from '@maru-ml/base';

/** A list of numbers within bounds, as a frozen copy. @throws OptionError that names the place */
export function numbers(owner: string, name: string, values: unknown, bounds: Bounds): readonly number[] {
  if (!Array.isArray(values) || values.length === 0) {
    throw new OptionError(`${owner}: ${name} must be a list of numbers, got ${show(values)}`);
  }
  return Object.freeze(values.map((value, i) => checkNumber(owner, `${name}[${i}]`, value, bounds)));
}
