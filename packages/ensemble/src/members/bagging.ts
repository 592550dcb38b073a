import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkSeed,
  type Fits,
  OptionError,
  type Random,
  randomFrom,
  type Seed,
} from '@maru-ml/base';
import type { Classifier, Matrix, Regressor } from '@maru-ml/tensor';
import { amountOf, checkAmount } from '../amount.ts';
import { rowsOf, seeded, someColumns, someRows } from './members.ts';
import { fitted, type MemberModel } from './plan.ts';

/** The options that `BaggingClassifier` and `BaggingRegressor` share. */
export interface BaggingOptions {
  /** The number of models; 10. */
  nEstimators?: number;
  /** How many rows are drawn for a model, or which share of them, below 1; null, as many as there are. */
  maxSamples?: number | null;
  /** How many columns are drawn for a model, or which share of them, below 1; null, all. */
  maxFeatures?: number | null;
  /** Whether rows are drawn with replacement; true. */
  bootstrap?: boolean;
  /** Whether columns are drawn with replacement; false. */
  bootstrapFeatures?: boolean;
  /** Whether to answer for each row by the models for which it was not drawn, and to score that; false. */
  oobScore?: boolean;
  /** What rows, columns and the seeds of models are drawn with; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type BaggingSettings = Readonly<Required<Omit<BaggingOptions, 'seed'>> & { seed: Seed | undefined }>;

/** Checks them. @throws OptionError */
export function checkBagging(owner: string, options: BaggingOptions): BaggingSettings {
  const known = ['nEstimators', 'maxSamples', 'maxFeatures', 'bootstrap', 'bootstrapFeatures', 'oobScore', 'seed'];
  checkKnown(owner, options, known);
  const { nEstimators = 10, maxSamples = null, maxFeatures = null, bootstrap = true } = options;
  const { bootstrapFeatures = false, oobScore = false, seed } = options;
  checkInteger(owner, 'nEstimators', nEstimators, { min: 1 });
  checkAmount(owner, 'maxSamples', maxSamples);
  checkAmount(owner, 'maxFeatures', maxFeatures);
  checkBoolean(owner, 'bootstrap', bootstrap);
  checkBoolean(owner, 'bootstrapFeatures', bootstrapFeatures);
  checkBoolean(owner, 'oobScore', oobScore);
  if (oobScore && !bootstrap) throw new OptionError(`${owner}: oobScore needs bootstrap: true`);
  if (seed !== undefined) checkSeed(owner, seed);
  return Object.freeze({ nEstimators, maxSamples, maxFeatures, bootstrap, bootstrapFeatures, oobScore, seed });
}

/** What was fitted. */
export interface Bag<M> {
  models: M[];
  /** The columns that each model sees. */
  columns: Int32Array[];
  /** Which rows each model was not fitted with [n]: 1, else 0. */
  left: Uint8Array[];
}

/** Fits models to rows and columns that are drawn for each. */
export function* fitBag<M extends MemberModel>(
  owner: string,
  settings: BaggingSettings,
  estimator: Classifier | Regressor,
  matrix: Matrix,
  y: Int32Array | Float64Array,
  weights: Float64Array | null,
): Fits<Bag<M>> {
  const random = randomFrom(settings.seed);
  const { rows: n, columns: d } = matrix;
  const size = amountOf(owner, 'maxSamples', settings.maxSamples, n, 'rows', settings.bootstrap);
  const width = amountOf(owner, 'maxFeatures', settings.maxFeatures, d, 'columns', settings.bootstrapFeatures);
  const bag: Bag<M> = { models: [], columns: [], left: [] };
  for (let m = 0; m < settings.nEstimators; m++) {
    const own = random.fork();
    // A draw of rows without weight alone would make no model: it is taken again.
    let places = draw(n, size, settings.bootstrap, own);
    while (weights !== null && !places.some((i) => weights[i]! > 0)) places = draw(n, size, settings.bootstrap, own);
    const chosen =
      width === d && !settings.bootstrapFeatures ? all(d) : draw(d, width, settings.bootstrapFeatures, own).sort();
    yield;
    const x = rowsOf(someRows(someColumns(matrix, chosen), places));
    yield;
    const Targets = y.constructor as typeof Int32Array;
    const targets = Targets.from(places, (i) => y[i]!);
    const sampleWeight = weights === null ? null : Float64Array.from(places, (i) => weights[i]!);
    bag.models.push(yield* fitted<M>({ estimator: seeded(estimator, own), x, y: targets, sampleWeight }));
    bag.columns.push(chosen);
    const left = new Uint8Array(n).fill(1);
    for (const i of places) left[i] = 0;
    bag.left.push(left);
    const goOn = yield { step: m + 1, total: settings.nEstimators, unit: 'estimator', metrics: {} };
    if (goOn === false) break;
  }
  return bag;
}

/** Whether every column is seen, in order. */
export function seesAll(columns: Int32Array, d: number): boolean {
  return columns.length === d && columns.every((column, j) => column === j);
}

/** Room for the columns of one row that each model sees; null for one that sees all. */
export function roomsFor(columns: readonly Int32Array[], d: number): readonly (Float64Array | null)[] {
  return columns.map((chosen) => (seesAll(chosen, d) ? null : new Float64Array(chosen.length)));
}

/** The columns of one row that a model sees, in its room. */
export function seenOf(row: Float64Array, columns: Int32Array, room: Float64Array | null): Float64Array {
  if (room === null) return row;
  for (let j = 0; j < room.length; j++) room[j] = row[columns[j]!]!;
  return room;
}

function all(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

function draw(n: number, size: number, replace: boolean, random: Random): Int32Array {
  return replace ? Int32Array.from({ length: size }, () => random.integer(n)) : random.choose(n, size).sort();
}
