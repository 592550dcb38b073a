import type { Call, Expression } from './expression.ts';
import type { Source } from './tokens.ts';

/** A level of a category. */
export type Level = string | number | boolean;

/** How the levels of a category become columns. */
export interface Contrast {
  readonly kind: 'Treatment' | 'Sum' | 'Helmert' | 'Diff' | 'Poly';
  /** Treatment: the level that gets no column; the first. */
  readonly reference?: Level;
  /** Sum: the level whose column is left out; the last. */
  readonly omit?: Level;
  /** Poly: where the levels lie; 0, 1, 2 and so on. */
  readonly scores?: readonly number[];
}

/** The columns of a category: what each level is coded as, and what their names end in. */
export interface Coding {
  /** [levels, columns], row by row. */
  readonly matrix: Float64Array;
  readonly suffixes: readonly string[];
}

const KINDS = ['Treatment', 'Sum', 'Helmert', 'Diff', 'Poly'] as const;

/** The contrast that stands as an argument of `C`, such as `Treatment(reference='b')` or `Sum`. */
export function readContrast(source: Source, expression: Expression): Contrast {
  const call: Pick<Call, 'name' | 'args' | 'named' | 'start'> =
    expression.kind === 'column'
      ? { name: expression.name, args: [], named: [], start: expression.start }
      : (expression as Call);
  const kind = KINDS.find((known) => known === call.name);
  if (kind === undefined || !(expression.kind === 'call' || expression.kind === 'column')) {
    throw source.error(expression.start, `the coding of C must be ${KINDS.slice(0, -1).join(', ')} or Poly`);
  }
  const label = { Treatment: 'reference', Sum: 'omit', Helmert: '', Diff: '', Poly: 'scores' }[kind];
  const given = [...call.args.map((value) => [label, value] as const), ...call.named];
  if (given.length === 0) return { kind };
  if (given.length > 1 || label === '' || given[0]![0] !== label) {
    throw source.error(call.start, `${kind} takes ${label === '' ? 'no argument' : `the argument ${label}`}`);
  }
  return { kind, [label]: literalOf(source, given[0]![1]) };
}

/** The level, number or list that an expression spells out. */
export function literalOf(source: Source, expression: Expression): Level | readonly Level[] {
  if (expression.kind === 'list') return expression.items.map((item) => literalOf(source, item) as Level);
  if (
    expression.kind === 'unary' &&
    expression.operand.kind === 'literal' &&
    typeof expression.operand.value === 'number'
  ) {
    return expression.operator === '-' ? -expression.operand.value : expression.operand.value;
  }
  if (expression.kind === 'literal' && expression.value !== null) return expression.value;
  throw source.error(expression.start, 'a level must be spelled out here: a string, a number, True or False');
}

/** How a level stands in a column's name: as Python prints it. */
export function levelText(level: Level): string {
  if (typeof level === 'boolean') return level ? 'True' : 'False';
  return String(level);
}

/**
 * The columns of a category with these levels.
 *
 * @param full whether they are to span the intercept: a column for each level; else one less
 */
export function codingOf(
  source: Source,
  { kind, ...options }: Contrast,
  levels: readonly Level[],
  full: boolean,
  start: number,
): Coding {
  const n = levels.length;
  const at = (level: Level | undefined, otherwise: number): number => {
    if (level === undefined) return otherwise;
    const place = levels.indexOf(level);
    if (place >= 0) return place;
    const counted = typeof level === 'number' && Number.isInteger(level) ? (level < 0 ? level + n : level) : -1;
    if (counted >= 0 && counted < n) return counted;
    throw source.error(
      start,
      `there is no level ${typeof level === 'string' ? `'${level}'` : levelText(level)}; the levels are ${levels.map(levelText).join(', ')}`,
    );
  };
  switch (kind) {
    case 'Treatment': {
      if (full) return indicators(levels, -1, '');
      return indicators(levels, at(options.reference, 0), 'T.');
    }
    case 'Sum': {
      const omitted = at(options.omit, n - 1);
      const { matrix, suffixes } = indicators(levels, omitted, 'S.');
      matrix.fill(-1, omitted * (n - 1), (omitted + 1) * (n - 1));
      return full ? withMean({ matrix, suffixes }, n, '[mean]') : { matrix, suffixes };
    }
    case 'Helmert': {
      const matrix = filled(n, n - 1, (i, j) => (i <= j ? -1 : i === j + 1 ? j + 1 : 0));
      const coding = { matrix, suffixes: levels.slice(1).map((level) => `[H.${levelText(level)}]`) };
      return full ? withMean(coding, n, '[H.intercept]') : coding;
    }
    case 'Diff': {
      const matrix = filled(n, n - 1, (i, j) => (i <= j ? (j + 1 - n) / n : (j + 1) / n));
      const suffixes = levels.map((level) => `[D.${levelText(level)}]`);
      const coding = { matrix, suffixes: suffixes.slice(0, -1) };
      // As in patsy, the mean takes the first level's name and all others move on by one.
      return full ? { ...withMean(coding, n, ''), suffixes } : coding;
    }
    case 'Poly':
      return polynomials(source, options.scores, n, full, start);
  }
}

function filled(rows: number, columns: number, value: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns));
}

/** A column of zeros and ones for each level but `without`. */
function indicators(levels: readonly Level[], without: number, prefix: string): Coding {
  const shown = [...levels.keys()].filter((i) => i !== without);
  return {
    matrix: filled(levels.length, shown.length, (i, j) => (shown[j] === i ? 1 : 0)),
    suffixes: shown.map((i) => `[${prefix}${levelText(levels[i]!)}]`),
  };
}

function withMean({ matrix, suffixes }: Coding, n: number, name: string): Coding {
  const k = suffixes.length;
  return { matrix: filled(n, k + 1, (i, j) => (j === 0 ? 1 : matrix[i * k + j - 1]!)), suffixes: [name, ...suffixes] };
}

/** Orthonormal polynomials of the scores, each column made orthogonal to those before it. */
function polynomials(
  source: Source,
  given: readonly number[] | undefined,
  n: number,
  full: boolean,
  start: number,
): Coding {
  const scores = given ?? Array.from({ length: n }, (_, i) => i);
  if (scores.length !== n) throw source.error(start, `Poly has ${scores.length} scores for ${n} levels`);
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const columns: number[][] = [];
  for (let power = 0; power < n; power++) {
    // The last column times the scores spans the same as the next power, and loses less.
    const column =
      power === 0 ? scores.map(() => 1) : columns[power - 1]!.map((value, i) => value * (scores[i]! - mean));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of columns) {
        const along = other.reduce((sum, value, i) => sum + value * column[i]!, 0);
        for (let i = 0; i < n; i++) column[i]! -= along * other[i]!;
      }
    }
    const norm = Math.sqrt(column.reduce((sum, value) => sum + value * value, 0));
    if (!(norm > 0)) throw source.error(start, 'the scores of Poly must all differ');
    columns.push(column.map((value) => value / norm));
  }
  columns[0] = scores.map(() => 1);
  const names = [
    '.Constant',
    '.Linear',
    '.Quadratic',
    '.Cubic',
    ...Array.from({ length: Math.max(0, n - 4) }, (_, i) => `^${i + 4}`),
  ];
  const from = full ? 0 : 1;
  return { matrix: filled(n, n - from, (i, j) => columns[j + from]![i]!), suffixes: names.slice(from, n) };
}
