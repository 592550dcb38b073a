import { OptionError, ShapeError, show } from '@maru-ml/base';

/**
 * The names of a model's input columns: those given, else those it was fitted with, else x0, x1 and so on.
 * @throws ShapeError if there are not as many as columns, OptionError if one is no string
 */
export function inputNames(
  owner: string,
  names: readonly string[] | undefined,
  columns: number,
  fitted: readonly string[] | null = null,
): readonly string[] {
  if (names === undefined) return fitted ?? Array.from({ length: columns }, (_, j) => `x${j}`);
  if (!Array.isArray(names)) throw new OptionError(`${owner}: names must be an array of strings, got ${show(names)}`);
  for (const [j, name] of names.entries()) {
    if (typeof name !== 'string') throw new OptionError(`${owner}: names[${j}] must be a string, got ${show(name)}`);
  }
  if (names.length !== columns) {
    const one = names.length === 1 ? 'name' : 'names';
    throw new ShapeError(
      `${owner}: there are ${names.length} ${one}, but the model was fitted with ${columns} ${columns === 1 ? 'column' : 'columns'}`,
    );
  }
  return [...names];
}
