import { DataError, OptionError, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import type { Split } from '../splits/split.ts';
import type { Params } from './parameters.ts';

/** What a fit to the training rows of a fold came to. */
export interface FitScores {
  readonly test: Readonly<Record<string, number>>;
  readonly train: Readonly<Record<string, number>> | undefined;
  /** Milliseconds. */
  readonly fitTime: number;
  readonly scoreTime: number;
  /** What went wrong, if the scores are the `errorScore`. */
  readonly error: string | undefined;
}

/** What a search has finished: plain data that survives JSON, for `resume`. */
export interface SearchState {
  readonly type: 'SearchState';
  readonly version: 1;
  /** Tells searches apart: of the candidates, the rows of the folds, the targets and the names of the scores. */
  readonly fingerprint: string;
  /** The finished fits, by the places of their candidate and fold. */
  readonly fits: readonly ({ readonly candidate: number; readonly fold: number } & PlainScores)[];
}

/** The scores as JSON can hold them: infinities and NaN are strings. */
interface PlainScores {
  readonly test: Readonly<Record<string, number | string>>;
  readonly train?: Readonly<Record<string, number | string>>;
  readonly fitTime: number;
  readonly scoreTime: number;
  readonly error?: string;
}

export function toPlain({ test, train, fitTime, scoreTime, error }: FitScores): PlainScores {
  const plain = (scores: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(scores).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
    );
  return {
    test: plain(test),
    ...(train !== undefined && { train: plain(train) }),
    fitTime,
    scoreTime,
    ...(error !== undefined && { error }),
  };
}

/** @throws DataError for what `toPlain` did not write */
export function fromPlain(owner: string, saved: unknown, names: readonly string[]): FitScores {
  const { test, train, fitTime, scoreTime, error } = Object(saved) as Partial<PlainScores>;
  const numbers = (scores: unknown) =>
    Object.fromEntries(
      names.map((name) => {
        const value = (Object(scores) as Record<string, unknown>)[name];
        if (typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(value as string)) {
          return [name, Number(value)];
        }
        throw new DataError(`${owner}: the score ${name} of a fit is missing, got ${show(value)}`);
      }),
    );
  if (typeof fitTime !== 'number' || typeof scoreTime !== 'number') {
    throw new DataError(`${owner}: the times of a fit are missing`);
  }
  return {
    test: numbers(test),
    train: train === undefined ? undefined : numbers(train),
    fitTime,
    scoreTime,
    error: typeof error === 'string' ? error : undefined,
  };
}

/** Parameters as JSON can hold them: a number that it cannot is { number: 'Infinity' }. */
export function toPlainParams(params: Params): Params {
  const plain = (value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, plain(value)]));
}

/** The parameters that `toPlainParams` wrote. */
export function fromPlainParams(saved: Params): Params {
  const value = (plain: unknown) => {
    const { number } = Object(plain) as { number?: unknown };
    return ['NaN', 'Infinity', '-Infinity'].includes(number as string) ? Number(number) : plain;
  };
  return Object.freeze(Object.fromEntries(Object.entries(saved).map(([name, plain]) => [name, value(plain)])));
}

/** What is finished of a search. */
export class Finished {
  readonly #fits = new Map<number, FitScores>();
  readonly #folds: number;
  readonly #fingerprint: string;

  constructor(folds: number, fingerprint: string) {
    this.#folds = folds;
    this.#fingerprint = fingerprint;
  }

  get size(): number {
    return this.#fits.size;
  }

  get(candidate: number, fold: number): FitScores | undefined {
    return this.#fits.get(candidate * this.#folds + fold);
  }

  set(candidate: number, fold: number, scores: FitScores): void {
    this.#fits.set(candidate * this.#folds + fold, scores);
  }

  /** The fits so far, in their order however they were finished. */
  state(): SearchState {
    const places = [...this.#fits.keys()].sort((a, b) => a - b);
    const fits = places.map((place) => ({
      candidate: Math.floor(place / this.#folds),
      fold: place % this.#folds,
      ...toPlain(this.#fits.get(place)!),
    }));
    return { type: 'SearchState', version: 1, fingerprint: this.#fingerprint, fits };
  }

  /** Takes over what another run had finished. @throws DataError for no state, OptionError for that of another search */
  resume(owner: string, state: unknown, candidates: number, names: readonly string[], withTrain: boolean): void {
    const { type, version, fingerprint, fits } = Object(state) as Partial<SearchState>;
    if (type !== 'SearchState' || version !== 1 || !Array.isArray(fits)) {
      throw new DataError(`${owner}: resume must be the state of a search, got ${show(state)}`);
    }
    if (fingerprint !== this.#fingerprint) {
      throw new OptionError(
        `${owner}: resume is the state of another search: candidates, folds, targets and scores must be the same; give a seed to whatever draws them`,
      );
    }
    for (const fit of fits) {
      const { candidate, fold } = Object(fit) as { candidate: number; fold: number };
      const known = Number.isInteger(candidate) && candidate >= 0 && candidate < candidates;
      if (!known || !(Number.isInteger(fold) && fold >= 0 && fold < this.#folds)) {
        throw new DataError(
          `${owner}: resume has a fit of candidate ${show(candidate)} and fold ${show(fold)}, which are not there`,
        );
      }
      const scores = fromPlain(owner, fit, names);
      if (!withTrain || scores.train !== undefined)
        this.set(candidate, fold, withTrain ? scores : { ...scores, train: undefined });
    }
  }
}

/** Labels that are read between two pauses. */
const LABELS = 2 ** 14;

/** A number for what makes a search the same (FNV-1a of 32 bits, twice with different starts), as 16 hexadecimal digits. */
export function* fingerprintOf(
  points: readonly Params[],
  splits: readonly Split[],
  y: ArrayLike<Label> | null,
  names: readonly string[],
): Generator<undefined, string, unknown> {
  const words = [0x811c9dc5, 0x01000193];
  const add = (value: number) => {
    for (let w = 0; w < 2; w++) words[w] = Math.imul((words[w]! ^ value) >>> 0, w === 0 ? 0x01000193 : 0x85ebca6b);
  };
  const addText = (text: string) => {
    for (let i = 0; i < text.length; i++) add(text.charCodeAt(i));
    add(-1);
  };
  for (const point of points) addText(textOf(point));
  for (const name of names) addText(name);
  for (const { train, test } of splits) {
    for (const part of [train, test]) {
      for (const row of part) add(row);
      add(-1);
      yield;
    }
  }
  for (let i = 0; i < (y?.length ?? 0); i++) {
    addText(String(y![i]));
    if (i % LABELS === LABELS - 1) yield;
  }
  return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function textOf(point: Params): string {
  const text = (value: unknown) => (typeof value === 'number' ? String(value) : show(value));
  return Object.entries(point)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.map(text).join() : text(value)}`)
    .join('; ');
}
