import { checkInteger, OptionError, show } from '@maru-ml/base';

/** Which categories are rare. */
export interface InfrequentOptions {
  /** Categories that come fewer times are put together: a count ≥ 1 or a share of the rows below 1; null, no limit. */
  minFrequency?: number | null;
  /** The most columns or codes for a column, with the one of the rare categories; null, no limit. */
  maxCategories?: number | null;
}

export type InfrequentSettings = Readonly<Required<InfrequentOptions>>;

/** @throws OptionError for limits that have no meaning */
export function checkInfrequent(owner: string, options: InfrequentOptions): InfrequentSettings {
  const { minFrequency = null, maxCategories = null } = options;
  if (maxCategories !== null) checkInteger(owner, 'maxCategories', maxCategories, { min: 1 });
  if (minFrequency !== null && !(minFrequency > 0 && (minFrequency < 1 || Number.isSafeInteger(minFrequency)))) {
    throw new OptionError(
      `${owner}: minFrequency must be an integer ≥ 1 or a share above 0 and below 1, got ${show(minFrequency)}`,
    );
  }
  return { minFrequency, maxCategories };
}

/**
 * Where each category goes when the rare ones are put together [k]: the others keep their order, the rare ones come last and
 * share a place. null if none is rare.
 */
export function groupRare(
  places: Int32Array,
  k: number,
  { minFrequency, maxCategories }: InfrequentSettings,
): Int32Array | null {
  const counts = new Int32Array(k);
  for (const place of places) if (place >= 0) counts[place]!++;
  const least = minFrequency === null ? 0 : minFrequency < 1 ? minFrequency * places.length : minFrequency;
  const rare = Array.from(counts, (value) => value < least);
  const columns = rare.filter((is) => !is).length + 1;
  if (maxCategories !== null && maxCategories < columns) {
    // Of equally many the first are rarer: that is how scikit-learn's stable sort leaves them.
    const order = Array.from(counts.keys()).sort((a, b) => counts[a]! - counts[b]! || a - b);
    for (const place of order.slice(0, k - maxCategories + 1)) rare[place] = true;
  }
  if (!rare.includes(true)) return null;
  const groups = new Int32Array(k);
  let n = 0;
  for (let place = 0; place < k; place++) groups[place] = rare[place] ? -1 : n++;
  return groups.map((group) => (group === -1 ? n : group));
}
