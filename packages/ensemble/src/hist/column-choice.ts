import { choose, type RandomStream } from '@maru-ml/base';

/** Lists of columns; null, one of all. */
export type Groups = readonly (readonly number[])[] | null;

/** What the option `interactionCst` may be. */
export type Interactions = 'pairwise' | 'noInteractions' | Groups;

/**
 * The columns that a node may ask about, in ascending order: those of its groups, of which it draws a share, at least one.
 * Constraints of interaction are such groups: below a question a node keeps those that hold the column that was asked about.
 */
export function chooseColumns(
  every: readonly number[],
  groups: Groups,
  share: number,
  random: RandomStream,
): readonly number[] {
  const allowed = groups === null ? every : every.filter((j) => groups.some((group) => group.includes(j)));
  if (share === 1) return allowed;
  const drawn = choose(random, allowed.length, Math.max(1, Math.ceil(share * allowed.length)));
  return allowed.filter((_, at) => drawn.includes(at));
}

/** The groups of an option `interactionCst`; columns that no list names are a group more. */
export function interactionGroups(constraint: Interactions, every: readonly number[]): Groups {
  if (constraint === null) return null;
  if (constraint === 'noInteractions') return every.map((j) => [j]);
  const groups =
    constraint === 'pairwise' ? every.flatMap((j) => every.slice(j + 1).map((other) => [j, other])) : constraint;
  const rest = every.filter((j) => !groups.some((group) => group.includes(j)));
  return rest.length > 0 ? [...groups, rest] : groups;
}
