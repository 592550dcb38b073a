import type { DesignTerm } from '../design.ts';
import { type Contrast, codingOf, type Level, readContrast } from './contrasts.ts';
import type { Factor, Term } from './parse.ts';
import { codeTerms } from './redundancy.ts';
import type { Source } from './tokens.ts';

/** What a fitted formula remembers of a factor. */
export type FactorMemory = { kind: 'numbers'; width: number } | { kind: 'category'; levels: Level[] };

/** A factor on the rows: numbers [rows, width], column after column, or the places of levels; NaN where missing. */
export interface FactorValues {
  readonly data: Float64Array;
  readonly rows: number;
}

/** A column of a design: the product of its parts. */
export interface Column {
  readonly name: string;
  readonly parts: readonly Part[];
}

/** A column of a numeric factor, or one of the coding of a category. */
interface Part {
  readonly factor: Factor;
  readonly column: number;
  /** [levels, width]; null for numbers. */
  readonly coding: { readonly matrix: Float64Array; readonly width: number } | null;
}

/** The factors in the order of their first term, one of each name. */
export function factorsOf(terms: readonly Term[]): Factor[] {
  const found = new Map<string, Factor>();
  for (const factor of terms.flatMap(({ factors }) => factors)) {
    if (!found.has(factor.name)) found.set(factor.name, factor);
  }
  return [...found.values()];
}

/** The columns of the terms, in patsy's order and with its names. */
export function compile(
  source: Source,
  right: readonly Term[],
  memory: Readonly<Record<string, FactorMemory>>,
): { columns: Column[]; terms: DesignTerm[] } {
  const byName = new Map(factorsOf(right).map((factor) => [factor.name, factor]));
  // One object for each name: terms that share a factor share its values.
  const shared = right.map(({ factors }) => ({ factors: factors.map(({ name }) => byName.get(name)!) }));
  const columns: Column[] = [];
  const terms: DesignTerm[] = [];
  for (const { term, subterms } of codeTerms(shared, (name) => memory[name]!.kind === 'numbers')) {
    const start = columns.length;
    for (const subterm of subterms) {
      let products: Column[] = [{ name: '', parts: [] }];
      for (const factor of term.factors) {
        const known = memory[factor.name]!;
        if (known.kind === 'category' && !subterm.has(factor)) continue;
        const choices =
          known.kind === 'numbers'
            ? numberColumns(factor, known.width)
            : levelColumns(source, factor, known.levels, subterm.get(factor)!);
        // The first factor's columns change fastest.
        products = choices.flatMap((choice) =>
          products.map(({ name, parts }) => ({
            name: name === '' ? choice.name : `${name}:${choice.name}`,
            parts: [...parts, ...choice.parts],
          })),
        );
      }
      columns.push(...products.map(({ name, parts }) => ({ name: parts.length === 0 ? 'Intercept' : name, parts })));
    }
    const factors = term.factors.map((factor) => factor.name);
    terms.push({ name: factors.length === 0 ? 'Intercept' : factors.join(':'), factors, start, end: columns.length });
  }
  return { columns, terms };
}

function numberColumns(factor: Factor, width: number): Column[] {
  return Array.from({ length: width }, (_, column) => ({
    name: width === 1 ? factor.name : `${factor.name}[${column}]`,
    parts: [{ factor, column, coding: null }],
  }));
}

function levelColumns(source: Source, factor: Factor, levels: readonly Level[], full: boolean): Column[] {
  const { matrix, suffixes } = codingOf(source, contrastOf(source, factor), levels, full, factor.start);
  const width = suffixes.length;
  return suffixes.map((suffix, column) => ({
    name: factor.name + suffix,
    parts: [{ factor, column, coding: { matrix, width } }],
  }));
}

/** The contrast that `C` names; Treatment. */
function contrastOf(source: Source, { expression }: Factor): Contrast {
  if (expression.kind !== 'call' || expression.name !== 'C') return { kind: 'Treatment' };
  const written = expression.args[1] ?? expression.named.find(([label]) => label === 'contrast')?.[1];
  return written === undefined ? { kind: 'Treatment' } : readContrast(source, written);
}

/** X [n, k] of the rows that are kept, of all if `kept` is null. */
export function filled(
  columns: readonly Column[],
  values: ReadonlyMap<Factor, FactorValues>,
  n: number,
  kept: Int32Array | null,
): Float64Array {
  const k = columns.length;
  const x = new Float64Array(n * k).fill(1);
  for (const [j, { parts }] of columns.entries()) {
    for (const { factor, column, coding } of parts) {
      const { data, rows } = values.get(factor)!;
      const offset = column * rows;
      for (let i = 0; i < n; i++) {
        const row = kept === null ? i : kept[i]!;
        x[i * k + j]! *= coding === null ? data[offset + row]! : coding.matrix[data[row]! * coding.width + column]!;
      }
    }
  }
  return x;
}
