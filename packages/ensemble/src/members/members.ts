import { DataError, list, OptionError, type Random, show } from '@maru-ml/base';
import type { Classifier, ClassifierModel, Matrix, Model, Regressor } from '@maru-ml/tensor';
import { takeRows } from '../take-rows.ts';

/** A class whose models can be loaded. */
export interface ModelClass {
  fromJSON(json: unknown, options?: Partial<LoadOptions>): unknown;
}

/** What a model that holds others needs to be loaded. */
export interface LoadOptions {
  /** The classes of the models that it holds, by name, such as `{ DecisionTreeClassifierModel }`: loading runs no code that the file names. */
  classes: Readonly<Record<string, ModelClass>>;
  /** Functions by name, for models that hold some, such as an SVC's kernel; none. */
  functions?: Readonly<Record<string, unknown>>;
}

/** Estimators by names of their own choice. */
export type Named<E> = Readonly<Record<string, E>>;

/** Checks that something can be fitted. @throws OptionError */
export function checkEstimator<E extends Classifier | Regressor>(owner: string, name: string, estimator: E): E {
  const { fit, fitAsync } = Object(estimator) as Partial<E>;
  if (typeof fit === 'function' && typeof fitAsync === 'function') return estimator;
  throw new OptionError(`${owner}: ${name} must be an estimator, got ${show(estimator)}`);
}

/** Checks estimators by name, of which there must be some. @throws OptionError */
export function checkEstimators<E extends Classifier | Regressor>(owner: string, estimators: Named<E>): Named<E> {
  if (typeof estimators !== 'object' || estimators === null || Array.isArray(estimators)) {
    throw new OptionError(`${owner}: estimators must be an object of estimators by name, got ${show(estimators)}`);
  }
  const entries = Object.entries(estimators);
  if (entries.length === 0) throw new OptionError(`${owner}: estimators must not be empty`);
  for (const [name, estimator] of entries) checkEstimator(owner, `estimators.${name}`, estimator);
  return Object.freeze({ ...estimators });
}

/**
 * The estimator with a seed of its own where it would take one from the default stream. What is made of other estimators stays as it is:
 * give these their seeds.
 */
export function seeded<E extends Classifier | Regressor>(estimator: E, random: Random): E {
  const { options } = estimator as { options: { seed?: unknown } };
  const Class = estimator.constructor as new (options: object) => E;
  if (!Object.hasOwn(options ?? {}, 'seed') || options.seed !== undefined || Class.length > 0) return estimator;
  return new Class({ ...options, seed: random.uint32() });
}

/** The model that stands in another's JSON form. @throws OptionError if its class was not handed over, DataError for what is no model */
export function loadMember<M>(owner: string, name: string, json: unknown, options: LoadOptions | undefined): M {
  const { type } = Object(json) as { type?: unknown };
  const { classes = {} } = options ?? {};
  if (typeof type !== 'string') throw new DataError(`${owner}: ${name} must be a saved model, got ${show(json)}`);
  if (!Object.hasOwn(classes, type)) {
    const known = Object.keys(classes);
    const came = known.length === 0 ? 'got none' : `got ${list(known, 'and')}`;
    throw new OptionError(
      `${owner}: ${name} is a ${type}, whose class is not in classes, ${came}; use { classes: { ${type} } }`,
    );
  }
  return classes[type]!.fromJSON(json, options) as M;
}

/** The models that stand in another's JSON form, of as many columns as wanted. Errors as for `loadMember`. */
export function loadMembers<M extends Model>(
  owner: string,
  json: unknown,
  columns: (i: number) => number,
  options: LoadOptions | undefined,
): M[] {
  if (!Array.isArray(json) || json.length === 0) {
    throw new DataError(`${owner}: models must be an array of saved models, got ${show(json)}`);
  }
  return json.map((member: unknown, i) => {
    const model = loadMember<M>(owner, `models[${i}]`, member, options);
    if (model.nFeaturesIn === columns(i)) return model;
    throw new DataError(`${owner}: models[${i}] has ${model.nFeaturesIn} columns, but ${columns(i)} are wanted`);
  });
}

/** Rows as members take them. */
export function rowsOf({ data, rows, columns }: Matrix): { data: ArrayLike<number>; shape: readonly [number, number] } {
  return { data, shape: [rows, columns] };
}

/** Some rows of a matrix. */
export function someRows({ data, columns }: Matrix, places: Int32Array): Matrix {
  return { data: takeRows(data, columns, places), rows: places.length, columns };
}

/** Some columns of a matrix. */
export function someColumns({ data, rows, columns }: Matrix, chosen: Int32Array): Matrix {
  const d = chosen.length;
  const out = new Float64Array(rows * d);
  for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) out[i * d + j] = data[i * columns + chosen[j]!]!;
  return { data: out, rows, columns: d };
}

/**
 * Adds a member's probabilities, or 1 for what it predicts where it has none, times `weight` to `out` [rows, k]. Its classes are places.
 * @throws DataError for places that there are not
 */
export function addProbabilities(
  model: ClassifierModel<number>,
  matrix: Matrix,
  k: number,
  weight: number,
  votes: boolean,
  out: Float64Array,
): void {
  const rows = rowsOf(matrix);
  if (votes || model.predictProba === undefined) {
    const codes = model.predict(rows);
    for (let i = 0; i < matrix.rows; i++) out[i * k + codes[i]!]! += weight;
    return;
  }
  const { data } = model.predictProba(rows);
  const { classes } = model;
  for (let i = 0; i < matrix.rows; i++) {
    for (let c = 0; c < classes.length; c++) out[i * k + classes[c]!]! += weight * data[i * classes.length + c]!;
  }
}

/** The same for one row [d] and `out` [k]: it makes no table where a label is all that is wanted. */
export function addOne(
  model: ClassifierModel<number>,
  row: Float64Array,
  weight: number,
  votes: boolean,
  out: Float64Array,
): void {
  if (votes || model.predictProba === undefined) {
    out[model.predictOne(row)]! += weight;
    return;
  }
  const { data } = model.predictProba({ data: row, shape: [1, row.length] });
  const { classes } = model;
  for (let c = 0; c < classes.length; c++) out[classes[c]!]! += weight * data[c]!;
}

/** Checks that the classes of members are places of k classes. @throws DataError */
export function checkPlaces(owner: string, models: readonly ClassifierModel<number>[], k: number): void {
  for (const [i, { classes }] of models.entries()) {
    if (Array.isArray(classes) && classes.every((c) => Number.isInteger(c) && c >= 0 && c < k)) continue;
    throw new DataError(`${owner}: models[${i}] must have classes from 0 to ${k - 1}, got ${show(classes)}`);
  }
}
