import { DataError, list, OptionError, show } from '@maru-ml/base';

/** What can make a model again from its JSON form: a model class. */
export interface ModelClass {
  fromJSON(json: unknown, options?: LoadOptions): unknown;
}

/** What a model that holds others needs to be loaded. */
export interface LoadOptions {
  /** The model classes that it may hold, by name, such as `{ StandardScalerModel }`. */
  classes?: Readonly<Record<string, ModelClass>>;
  /** Functions by name, for models that hold some. */
  functions?: Readonly<Record<string, unknown>>;
}

/**
 * The model that stands in another's JSON form.
 * @throws DataError if it is none, OptionError that names its class if that was not handed over
 */
export function loadInner<M>(owner: string, name: string, json: unknown, options: LoadOptions): M {
  const { type } = Object(json) as { type?: unknown };
  const { classes = {} } = options;
  if (typeof type !== 'string') {
    throw new DataError(`${owner}: ${name} must be a saved model, got ${show(json)}`);
  }
  if (!Object.hasOwn(classes, type)) {
    const known = Object.keys(classes);
    const came = known.length === 0 ? 'got none' : `got ${list(known, 'and')}`;
    throw new OptionError(
      `${owner}: ${name} is a ${type}, whose class is not in classes, ${came}; use { classes: { ${type} } }`,
    );
  }
  return classes[type]!.fromJSON(json, options) as M;
}
