import { checkOneOf, checkSampleWeight, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';

// What comes in is checked here and converted once; the loops behind run on flat typed arrays and trust them.

/** Weights of the rows, of which every score of rows takes some. */
export interface WeightOptions {
  /** Weights of the rows [n], ≥ 0; 1 each. */
  sampleWeight?: ArrayLike<number>;
}

/** Checked numbers of n rows, with their weights; null for 1 each. */
export interface Numbers {
  readonly yTrue: Float64Array;
  readonly yPred: Float64Array;
  readonly weights: Float64Array | null;
}

/** Labels as places in `classes`. */
export interface Codes<L extends Label = Label> {
  /** All labels that occur or were named, in their order. */
  readonly classes: readonly L[];
  readonly codes: Int32Array;
}

/** Labels of n rows twice, as places in the same classes. */
export interface CodePairs<L extends Label = Label> {
  readonly classes: readonly L[];
  readonly yTrue: Int32Array;
  readonly yPred: Int32Array;
}

/** Checks the true and the predicted numbers of as many rows. @throws OptionError, ShapeError, DataError */
export function numbersOf(
  owner: string,
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): Numbers {
  const truth = numberList(owner, 'yTrue', yTrue);
  const predicted = numberList(owner, 'yPred', yPred);
  sameLength(owner, 'yTrue', truth, 'yPred', predicted);
  return { yTrue: truth, yPred: predicted, weights: weightsOf(owner, sampleWeight, truth.length, 'yTrue') };
}

/** Checks a list of finite numbers, and returns it as float64; it may share the caller's array, so it is only read. */
export function numberList(owner: string, name: string, y: ArrayLike<number>): Float64Array {
  checkList(owner, name, y, 'numbers');
  const copy = y instanceof Float64Array ? null : new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const value: unknown = y[i];
    if (typeof value !== 'number' || value - value !== 0) {
      throw new DataError(`${owner}: ${name}[${i}] must be a finite number, got ${show(value)}`);
    }
    if (copy !== null) copy[i] = value;
  }
  return copy ?? (y as Float64Array);
}

/** Throws a `ShapeError` unless both lists are equally long. */
export function sameLength(
  owner: string,
  firstName: string,
  first: ArrayLike<unknown>,
  name: string,
  list: ArrayLike<unknown>,
): void {
  if (first.length === list.length) return;
  throw new ShapeError(
    `${owner}: ${firstName} has length ${first.length}, but ${name} has length ${list.length}; they must be equally long`,
  );
}

/** Checks weights of `rows` rows; null for none. */
export function weightsOf(
  owner: string,
  sampleWeight: ArrayLike<number> | undefined,
  rows: number,
  of: string,
): Float64Array | null {
  if (sampleWeight !== undefined && typeof sampleWeight === 'object' && typeof sampleWeight?.length === 'number') {
    sameLength(owner, of, { length: rows }, 'sampleWeight', sampleWeight);
  }
  return checkSampleWeight(owner, sampleWeight, rows);
}

/** Checks labels of rows and numbers them, in ascending order or in that of `labels`; -1 for one that is not among these. */
export function codesOf<L extends Label>(
  owner: string,
  name: string,
  y: ArrayLike<L>,
  labels: readonly L[] | undefined,
): Codes<L> {
  checkList(owner, name, y, 'labels');
  if (labels !== undefined) {
    const classes = checkLabels(owner, labels, y[0]!, name);
    return { classes, codes: encode(owner, name, y, y[0], placesOf(classes), false) };
  }
  const places = new Map<Label, number>();
  const codes = encode(owner, name, y, y[0], places, true);
  return { classes: ascending(places as Map<L, number>, [codes]), codes };
}

/** Checks true and predicted labels and numbers both by the same classes: all that occur, ascending, or `labels`. */
export function codePairs<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  labels?: readonly L[],
  [first, second]: readonly [string, string] = ['yTrue', 'yPred'],
): CodePairs<L> {
  checkList(owner, first, yTrue, 'labels');
  checkList(owner, second, yPred, 'labels');
  sameLength(owner, first, yTrue, second, yPred);
  const given = labels === undefined ? undefined : checkLabels(owner, labels, yTrue[0]!, first);
  const places: Map<Label, number> = given === undefined ? new Map() : placesOf(given);
  const truth = encode(owner, first, yTrue, yTrue[0], places, given === undefined);
  const predicted = encode(owner, second, yPred, yTrue[0], places, given === undefined, first);
  const classes = given ?? ascending(places as Map<L, number>, [truth, predicted]);
  return { classes, yTrue: truth, yPred: predicted };
}

/** The positive label: as given, or true, or 1. */
export function positiveLabel<L extends Label>(owner: string, posLabel: L | undefined, classes: readonly L[]): L {
  if (posLabel !== undefined) {
    if (classes.includes(posLabel) || (classes.length < 2 && typeof posLabel === typeof classes[0])) return posLabel;
    throw new OptionError(`${owner}: posLabel must be one of the labels ${show(classes)}, got ${show(posLabel)}`);
  }
  const usual = typeof classes[0] === 'boolean' ? true : 1;
  // Nothing but the negative label may occur.
  const one = classes.length < 2 && typeof classes[0] === typeof usual;
  if (classes.includes(usual as L) || one) return usual as L;
  throw new OptionError(`${owner}: the labels are ${show(classes)}; say with posLabel which of them is positive`);
}

/** `value` if it is among the ways to average, null for none. */
export function checkAverage<T extends string>(owner: string, value: unknown, choices: readonly T[]): T | null {
  return value === null ? null : checkOneOf(owner, 'average', value, choices);
}

/** The mean of numbers, by weight. */
export function weightedMean(numbers: ArrayLike<number>, weights: ArrayLike<number> | null): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sum += weight * numbers[i]!;
    total += weight;
  }
  return sum / total;
}

/** The score, unless sums on the way to it overflowed. */
export function finite(owner: string, value: number): number {
  if (value - value === 0) return value;
  throw new DataError(`${owner}: sums overflow; divide all numbers by a constant first`);
}

/** Throws unless `y` is a list that is not empty. */
export function checkList(owner: string, name: string, y: unknown, what: 'labels' | 'numbers'): void {
  const length = (y as ArrayLike<unknown> | null)?.length;
  if (typeof y !== 'object' || typeof length !== 'number') {
    throw new OptionError(`${owner}: ${name} must be an array of ${what}, got ${show(y)}`);
  }
  if (length === 0) throw new DataError(`${owner}: ${name} must not be empty`);
}

function placesOf(classes: readonly Label[]): Map<Label, number> {
  return new Map(classes.map((label, code) => [label, code]));
}

/** The places of labels; new ones are added, or count as -1. */
function encode(
  owner: string,
  name: string,
  y: ArrayLike<unknown>,
  first: unknown,
  places: Map<Label, number>,
  add: boolean,
  firstName = name,
): Int32Array {
  const codes = new Int32Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const label = y[i];
    if (typeof label !== 'string' && typeof label !== 'boolean' && !Number.isSafeInteger(label)) {
      throw new DataError(`${owner}: ${name}[${i}] must be a string, an integer or a boolean, got ${show(label)}`);
    }
    if (typeof label !== typeof first) {
      throw new DataError(
        `${owner}: labels must be of one type, but ${firstName}[0] is ${show(first)} and ${name}[${i}] is ${show(label)}`,
      );
    }
    let place = places.get(label as Label);
    if (place === undefined) {
      place = add ? places.size : -1;
      if (add) places.set(label as Label, place);
    }
    codes[i] = place;
  }
  return codes;
}

/** Renumbers codes so that the labels ascend, and returns these. */
function ascending<L extends Label>(places: ReadonlyMap<L, number>, lists: Int32Array[]): readonly L[] {
  const found = [...places.keys()];
  const classes = [...found].sort((a, b) => (a < b ? -1 : 1));
  if (found.every((label, i) => label === classes[i])) return classes;
  const order = placesOf(classes);
  const codeOf = Int32Array.from(found, (label) => order.get(label)!);
  for (const codes of lists) for (let i = 0; i < codes.length; i++) codes[i] = codeOf[codes[i]!]!;
  return classes;
}

function checkLabels<L extends Label>(owner: string, labels: readonly L[], first: L, name: string): readonly L[] {
  if (!Array.isArray(labels) || labels.length === 0) {
    throw new OptionError(`${owner}: labels must be an array of at least one label, got ${show(labels)}`);
  }
  for (const [i, label] of labels.entries()) {
    if (typeof label !== typeof first) {
      throw new OptionError(
        `${owner}: labels must be of the type of those in ${name}, but labels[${i}] is ${show(label)} and ${name}[0] is ${show(first)}`,
      );
    }
    if (labels.indexOf(label) !== i)
      throw new OptionError(`${owner}: labels must differ, but ${show(label)} comes twice`);
  }
  return [...labels];
}
