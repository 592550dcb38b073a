import { checkBoolean, checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import type { Design } from '../design.ts';
import type { Choice, ChoiceKind } from './choice.ts';
import { Margins } from './margins.ts';

export interface MargeffOptions {
  /** Where: the mean effect over all rows, or the effect at a row of means, of medians, or of zeros, or at each row; 'overall'. */
  at?: 'overall' | 'mean' | 'median' | 'zero' | 'all';
  /** What: the change of P, or of log P (ey), with x, or with log x (ex); 'dydx'. */
  method?: 'dydx' | 'eyex' | 'dyex' | 'eydx';
  /** Values that columns are held at, by name; none. */
  atexog?: Readonly<Record<string, number>>;
  /** For columns of zeros and ones the change from 0 to 1; false. */
  dummy?: boolean;
  /** For columns of counts half the change from one less to one more; false. */
  count?: boolean;
}

/** The model whose effects are asked for. */
export interface MarginsSubject {
  readonly kind: ChoiceKind;
  readonly choice: Choice;
  readonly design: Design;
  readonly offset: Float64Array | null;
  /** [m k] */
  readonly params: Float64Array;
  readonly cov: Float64Array;
  readonly classes: readonly Label[];
  readonly yName: string;
}

type Settings = Required<Omit<MargeffOptions, 'atexog'>> & { atexog: Readonly<Record<string, number>> };

/**
 * The marginal effects of a model. The effect of column j on class c is Σₐ ∂P_c/∂ηₐ bₐⱼ, times xⱼ for 'ex' and over P_c for 'ey'; its
 * derivatives with respect to b are written out, and with them the delta method gives the standard errors. O(n (c k)²).
 */
export function marginsOf(options: MargeffOptions, subject: MarginsSubject): Margins {
  const settings = checkMargeff(subject.kind, options, subject.design.names);
  const { design, classes, params } = subject;
  const { x, rows: n, columns: k } = design;
  const varying = Array.from({ length: k }, (_, j) => j).filter((j) => {
    for (let i = 1; i < n; i++) if (x[i * k + j] !== x[j]) return true;
    return false;
  });
  if (varying.length === 0) throw new DataError(`${subject.kind}: all columns are constant, so they have no effects`);
  const { points, offsets, count } = pointsOf(subject, settings, varying);
  const effects = new Effects(subject, settings, varying);
  const size = effects.outcomes.length * varying.length;
  const labels = effects.outcomes.map((c) => classes[c]!);
  const names = varying.map((j) => design.names[j]!);
  const head = { kind: subject.kind, yName: subject.yName };
  const shown = { at: settings.at, method: settings.method };
  const all = settings.at === 'all';
  const margeff = new Float64Array(all ? size * count : size);
  const jacobian = new Float64Array(size * params.length);
  for (let i = 0; i < count; i++) {
    const out = all ? margeff.subarray(i * size, (i + 1) * size) : margeff;
    effects.add(points.subarray(i * k, (i + 1) * k), offsets[i]!, all ? 1 : 1 / count, out, jacobian);
  }
  if (all) return new Margins(names, labels, margeff, new Float64Array(0), shown, head);
  return new Margins(names, labels, margeff, sandwich(jacobian, subject.cov, size, params.length), shown, head);
}

/** Effects at a point, with their derivatives. */
class Effects {
  /** The places of the classes whose probabilities change. */
  readonly outcomes: readonly number[];
  readonly #subject: MarginsSubject;
  readonly #settings: Settings;
  readonly #varying: readonly number[];
  /** How each column changes. */
  readonly #kinds: readonly ('slope' | 'dummy' | 'count')[];
  readonly #m: number;

  constructor(subject: MarginsSubject, settings: Settings, varying: readonly number[]) {
    const { classes, design } = subject;
    this.outcomes = subject.kind === 'MNLogit' ? [...classes.keys()] : [1];
    this.#subject = subject;
    this.#settings = settings;
    this.#varying = varying;
    this.#kinds = varying.map((j) => kindOf(design, j, settings));
    this.#m = classes.length - 1;
  }

  /** Adds `share` times the effects at `x` [k] to `effects` and their derivatives to `jacobian`. */
  add(x: Float64Array, offset: number, share: number, effects: Float64Array, jacobian: Float64Array): void {
    const d = this.#varying.length;
    for (const [v, j] of this.#varying.entries()) {
      const kind = this.#kinds[v]!;
      if (kind === 'slope') {
        this.#slope(x, offset, share, j, v, d, effects, jacobian);
        continue;
      }
      const [low, high] = kind === 'dummy' ? [0, 1] : [x[j]! - 1, x[j]! + 1];
      const part = kind === 'dummy' ? share : share / 2;
      this.#level(x, offset, -part, j, low, v, d, effects, jacobian);
      this.#level(x, offset, part, j, high, v, d, effects, jacobian);
    }
  }

  #slope(
    x: Float64Array,
    offset: number,
    share: number,
    j: number,
    v: number,
    d: number,
    effects: Float64Array,
    jacobian: Float64Array,
  ): void {
    const { params } = this.#subject;
    const [m, k, size] = [this.#m, x.length, params.length];
    const { p, first, second } = this.#at(x, offset);
    const { method } = this.#settings;
    const times = share * (method.endsWith('ex') ? x[j]! : 1);
    for (const [o, c] of this.outcomes.entries()) {
      const place = o * d + v;
      let effect = 0;
      for (let a = 0; a < m; a++) effect += first[c * m + a]! * params[a * k + j]!;
      const over = method.startsWith('ey') ? p[c]! : 1;
      effects[place]! += (times * effect) / over;
      for (let b = 0; b < m; b++) {
        let bend = 0;
        for (let a = 0; a < m; a++) bend += second[(c * m + a) * m + b]! * params[a * k + j]!;
        if (over !== 1) bend -= (effect * first[c * m + b]!) / over;
        for (let l = 0; l < k; l++) {
          const direct = l === j ? first[c * m + b]! : 0;
          jacobian[place * size + b * k + l]! += (times * (bend * x[l]! + direct)) / over;
        }
      }
    }
  }

  /** Adds `share` times P, or log P, where column j has the value `at`. */
  #level(
    x: Float64Array,
    offset: number,
    share: number,
    j: number,
    at: number,
    v: number,
    d: number,
    effects: Float64Array,
    jacobian: Float64Array,
  ): void {
    const [m, k, size] = [this.#m, x.length, this.#subject.params.length];
    const moved = x.slice();
    moved[j] = at;
    const { p, first } = this.#at(moved, offset);
    const logarithmic = this.#settings.method.startsWith('ey');
    for (const [o, c] of this.outcomes.entries()) {
      const place = o * d + v;
      effects[place]! += share * (logarithmic ? Math.log(p[c]!) : p[c]!);
      for (let b = 0; b < m; b++) {
        const slope = first[c * m + b]! / (logarithmic ? p[c]! : 1);
        for (let l = 0; l < k; l++) jacobian[place * size + b * k + l]! += share * slope * moved[l]!;
      }
    }
  }

  #at(x: Float64Array, offset: number): { p: Float64Array; first: Float64Array; second: Float64Array } {
    const { params, choice, classes } = this.#subject;
    const [m, k] = [this.#m, x.length];
    const eta = Float64Array.from({ length: m }, (_, a) => {
      let sum = offset;
      for (let l = 0; l < k; l++) sum += x[l]! * params[a * k + l]!;
      return sum;
    });
    const p = new Float64Array(classes.length);
    const first = new Float64Array(classes.length * m);
    const second = new Float64Array(classes.length * m * m);
    choice.probabilities(eta, p);
    choice.derivatives(eta, first, second);
    return { p, first, second };
  }
}

function kindOf({ x, rows, columns: k }: Design, j: number, { dummy, count }: Settings): 'slope' | 'dummy' | 'count' {
  let [least, most, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (let i = 0; i < rows; i++) {
    const value = x[i * k + j]!;
    least = Math.min(least, value);
    most = Math.max(most, value);
    whole &&= Number.isInteger(value);
  }
  const binary = whole && least === 0 && most === 1;
  if (binary) return dummy ? 'dummy' : 'slope';
  return count && whole && least >= 0 ? 'count' : 'slope';
}

/** The rows at which effects are taken, with their offsets. */
function pointsOf(
  { design, offset }: MarginsSubject,
  { at, atexog }: Settings,
  varying: readonly number[],
): { points: Float64Array; offsets: Float64Array; count: number } {
  const { rows: n, columns: k, names } = design;
  const x = design.x.slice();
  const offsets = offset ?? new Float64Array(n);
  for (const [name, value] of Object.entries(atexog)) {
    const j = names.indexOf(name);
    for (let i = 0; i < n; i++) x[i * k + j] = value;
  }
  if (at === 'overall' || at === 'all') return { points: x, offsets, count: n };
  const column = (j: number) => Float64Array.from({ length: n }, (_, i) => x[i * k + j]!);
  const middle = at === 'median' ? medianOf : meanOf;
  const points = Float64Array.from({ length: k }, (_, j) => {
    if (at === 'zero') return varying.includes(j) ? 0 : 1;
    return middle(column(j));
  });
  return { points, offsets: Float64Array.of(at === 'zero' ? 0 : middle(offsets)), count: 1 };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** J V Jᵀ [size, size]. */
function sandwich(jacobian: Float64Array, cov: Float64Array, size: number, k: number): Float64Array {
  const half = new Float64Array(size * k);
  for (let i = 0; i < size; i++) {
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) half[i * k + b]! += jacobian[i * k + a]! * cov[a * k + b]!;
    }
  }
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let a = 0; a < k; a++) out[i * size + j]! += half[i * k + a]! * jacobian[j * k + a]!;
    }
  }
  return out;
}

function checkMargeff(kind: ChoiceKind, options: MargeffOptions, names: readonly string[]): Settings {
  checkKnown(kind, options, ['at', 'method', 'atexog', 'dummy', 'count']);
  const { at = 'overall', method = 'dydx', atexog = {}, dummy = false, count = false } = options;
  checkOneOf(kind, 'at', at, ['overall', 'mean', 'median', 'zero', 'all']);
  checkOneOf(kind, 'method', method, ['dydx', 'eyex', 'dyex', 'eydx']);
  checkBoolean(kind, 'dummy', dummy);
  checkBoolean(kind, 'count', count);
  if ((dummy || count) && method.endsWith('ex')) {
    throw new OptionError(`${kind}: dummy and count are for methods 'dydx' and 'eydx', got '${method}'`);
  }
  if ((dummy || count) && (at === 'median' || at === 'zero')) {
    throw new OptionError(`${kind}: dummy and count are for at 'overall', 'mean' and 'all', got '${at}'`);
  }
  if (typeof atexog !== 'object' || atexog === null) {
    throw new OptionError(`${kind}: atexog must be an object of numbers by column, got ${show(atexog)}`);
  }
  for (const [name, value] of Object.entries(atexog)) {
    if (!names.includes(name)) {
      throw new OptionError(`${kind}: atexog names '${name}', but the columns are ${names.join(', ')}`);
    }
    if (!Number.isFinite(value)) {
      throw new OptionError(`${kind}: atexog.${name} must be a finite number, got ${show(value)}`);
    }
  }
  return { at, method, atexog, dummy, count };
}
