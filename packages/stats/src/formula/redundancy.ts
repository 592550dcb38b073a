import type { Factor, Term } from './parse.ts';

/** A part of a term: which of its categories have a column for each level (true), or one less (false). */
export type Subterm = ReadonlyMap<Factor, boolean>;

/** A term and the parts that it adds to the terms before it. */
export interface CodedTerm {
  readonly term: Term;
  readonly subterms: readonly Subterm[];
}

/**
 * Orders the terms and codes their categories so that no column repeats what earlier ones span, with the rules of patsy: terms with the
 * same numeric factors stand together, those without any first, and by degree; of a term a:b, which spans 1, a-, b- and a-:b- (with
 * '-' for a coding without the intercept), only what is new is coded, and parts are joined by 1 + a- = a.
 *
 * N. J. Smith, "How formulas work", documentation of patsy (2015).
 *
 * @param isNumeric tells numeric factors from categories, by name
 */
export function codeTerms(terms: readonly Term[], isNumeric: (name: string) => boolean): CodedTerm[] {
  const buckets = new Map<string, Term[]>([['', []]]);
  for (const term of terms) {
    const key = names(term.factors.filter(({ name }) => isNumeric(name)));
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [term]);
    else bucket.push(term);
  }
  return [...buckets.values()].flatMap((bucket) => {
    const used = new Set<string>();
    return [...bucket]
      .sort((a, b) => a.factors.length - b.factors.length)
      .map((term) => ({
        term,
        subterms: newSubterms(
          term.factors.filter(({ name }) => !isNumeric(name)),
          used,
        ),
      }));
  });
}

function names(factors: readonly Factor[]): string {
  return factors
    .map(({ name }) => name)
    .sort()
    .join('\0');
}

function newSubterms(categories: readonly Factor[], used: Set<string>): Map<Factor, boolean>[] {
  const fresh = subsets(categories).filter((subset) => !used.has(names(subset)));
  for (const subset of fresh) used.add(names(subset));
  const subterms = fresh.map((subset) => new Map(subset.map((factor) => [factor, false])));
  while (joinOnce(subterms));
  return subterms;
}

/** All subsets, short ones first, each in the factors' order. */
function subsets(factors: readonly Factor[]): Factor[][] {
  const all = Array.from({ length: 2 ** factors.length }, (_, bits) =>
    factors.map((_, i) => i).filter((i) => (bits >> i) & 1),
  );
  all.sort((a, b) => a.length - b.length || compare(a, b));
  return all.map((places) => places.map((i) => factors[i]!));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((place, at) => place !== b[at]);
  return i < 0 ? 0 : a[i]! - b[i]!;
}

/** Puts the first part that another one can take up into it: b- and a-:b- become a:b-. Tells whether there was one. */
function joinOnce(subterms: Map<Factor, boolean>[]): boolean {
  for (const [s, short] of subterms.entries()) {
    for (const long of subterms.slice(s + 1)) {
      const added = [...long].filter(([factor, full]) => short.get(factor) !== full);
      if (long.size !== short.size + 1 || added.length !== 1) continue;
      // The factor keeps its place in the map, and so in the columns' names.
      long.set(added[0]![0], true);
      subterms.splice(s, 1);
      return true;
    }
  }
  return false;
}
