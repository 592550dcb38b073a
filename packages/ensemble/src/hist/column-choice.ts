import { choose, type RandomStream } from '@maru-ml/base';

/**
 * Which columns a node may ask about. Constraints of interaction are groups of columns: a node keeps those groups that hold all
 * columns asked about above it, and may ask about what they hold. Of the columns that are left, each node draws a share.
 */
export class ColumnChoice {
  readonly #groups: readonly (readonly number[])[];
  readonly #share: number;
  readonly #random: RandomStream;
  readonly #every: readonly number[];

  /** @param groups null: no constraints @param share of the allowed columns that a node draws, above 0 and at most 1 */
  constructor(d: number, groups: readonly (readonly number[])[] | null, share: number, random: RandomStream) {
    this.#every = Array.from({ length: d }, (_, j) => j);
    this.#groups = groups ?? [this.#every];
    this.#share = share;
    this.#random = random;
  }

  /** Whether all nodes may ask about all columns. */
  get isFree(): boolean {
    return this.#share === 1 && this.#groups.length === 1 && this.#groups[0]!.length === this.#every.length;
  }

  /** The groups of the root, by place. */
  atRoot(): readonly number[] {
    return this.#groups.map((_, group) => group);
  }

  /** Those that are left below a question about column `j`. */
  below(groups: readonly number[], j: number): readonly number[] {
    return groups.length === 1 ? groups : groups.filter((group) => this.#groups[group]!.includes(j));
  }

  /** The columns that a node with these groups asks about: a share of those it may, at least one. */
  draw(groups: readonly number[]): ReadonlySet<number> {
    const allowed = [...new Set(groups.flatMap((group) => this.#groups[group]!))].sort((a, b) => a - b);
    if (this.#share === 1) return new Set(allowed);
    const count = Math.max(1, Math.ceil(this.#share * allowed.length));
    return new Set(Array.from(choose(this.#random, allowed.length, count), (at) => allowed[at]!));
  }
}

/** The groups of an option `interactionCst`; columns that no list names are a group more. */
export function interactionGroups(
  constraint: 'pairwise' | 'noInteractions' | readonly (readonly number[])[] | null,
  d: number,
): readonly (readonly number[])[] | null {
  if (constraint === null || d === 1) return null;
  const columns = Array.from({ length: d }, (_, j) => j);
  if (constraint === 'noInteractions') return columns.map((j) => [j]);
  if (constraint === 'pairwise') return columns.flatMap((j) => columns.slice(j + 1).map((l) => [j, l]));
  const rest = columns.filter((j) => !constraint.some((group) => group.includes(j)));
  return rest.length > 0 ? [...constraint, rest] : constraint;
}
