// Functions that remember what they saw in the fit: their state is a list of numbers, which survives JSON.

/** A function of a column whose answer depends on the column that it was fitted with. */
export interface Stateful {
  /** Its arguments behind the column, with their defaults. */
  readonly parameters: Readonly<Record<string, number | boolean>>;
  /** What is to be remembered of the values, of which missing ones are left out; a sentence if they cannot be used. */
  learn(values: Float64Array, options: Options): number[] | string;
  /** The columns that it makes [n, width], column after column. */
  apply(values: Float64Array, state: readonly number[], options: Options): Float64Array;
  width(options: Options): number;
  /** How many numbers are remembered. */
  length(options: Options): number;
}

type Options = Readonly<Record<string, number | boolean>>;

/** x - x̄. */
const center: Stateful = {
  parameters: {},
  learn: (values) => [meanOf(values)],
  apply: (values, [mean]) => values.map((value) => value - mean!),
  width: () => 1,
  length: () => 1,
};

/** (x - x̄) / s, where s² divides by n - ddof. */
const standardize: Stateful = {
  parameters: { center: true, rescale: true, ddof: 0 },
  learn(values, { rescale, ddof }) {
    const mean = meanOf(values);
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (values.length - Number(ddof)));
    if (rescale === true && !(deviation > 0)) return 'has no spread, so it cannot be scaled';
    return [mean, deviation];
  },
  apply(values, [mean, deviation], options) {
    const shift = options.center === true ? mean! : 0;
    const divisor = options.rescale === true ? deviation! : 1;
    return values.map((value) => (value - shift) / divisor);
  },
  width: () => 1,
  length: () => 2,
};

/**
 * Orthonormal polynomials in x of degrees 1 to d, as R's `poly`, by the recurrence p₍ᵢ₊₁₎ = (x - αᵢ) pᵢ - (‖pᵢ‖² / ‖p₍ᵢ₋₁₎‖²) p₍ᵢ₋₁₎.
 * The state is the α and then the ‖pᵢ‖².
 */
const poly: Stateful = {
  parameters: { degree: 1 },
  learn(values, options) {
    const degree = Number(options.degree);
    if (new Set(values).size <= degree) return `needs more than ${degree} different values`;
    const alphas: number[] = [];
    const norms: number[] = [];
    walk(values, degree, (p, i) => {
      const norm = p.reduce((sum, value) => sum + value * value, 0);
      norms.push(norm);
      alphas.push(p.reduce((sum, value, row) => sum + values[row]! * value * value, 0) / norm);
      return i === 0 ? [alphas[i]!, 0] : [alphas[i]!, norm / norms[i - 1]!];
    });
    return [...alphas, ...norms];
  },
  apply(values, state, options) {
    const degree = Number(options.degree);
    const norms = state.slice(degree + 1);
    const out = new Float64Array(values.length * degree);
    walk(values, degree, (p, i) => {
      const root = Math.sqrt(norms[i]!);
      if (i > 0) for (const [row, value] of p.entries()) out[(i - 1) * values.length + row] = value / root;
      return i === 0 ? [state[0]!, 0] : [state[i]!, norms[i]! / norms[i - 1]!];
    });
    return out;
  },
  width: ({ degree }) => Number(degree),
  length: ({ degree }) => 2 * Number(degree) + 2,
};

/** Makes the polynomials one after the other; `next` sees each and tells α and the ratio for the one after it. */
function walk(values: Float64Array, degree: number, next: (p: Float64Array, i: number) => [number, number]): void {
  let before = new Float64Array(values.length);
  let p = new Float64Array(values.length).fill(1);
  for (let i = 0; i <= degree; i++) {
    const [alpha, ratio] = next(p, i);
    const after = p.map((value, row) => (values[row]! - alpha) * value - ratio * before[row]!);
    before = p;
    p = after;
  }
}

function meanOf(values: Float64Array): number {
  const rough = values.reduce((sum, value) => sum + value, 0) / values.length;
  // What the rounded mean leaves over is added: the columns of a design are to be centered to the last bit.
  return rough + values.reduce((sum, value) => sum + (value - rough), 0) / values.length;
}

/** By the names that formulas call them. */
export const STATEFUL: Readonly<Record<string, Stateful>> = { center, standardize, scale: standardize, poly };
