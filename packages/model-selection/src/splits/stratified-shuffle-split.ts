import { DataError, type Random, randomFrom, readable } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { checkShuffleSplit, type ShuffleSplitOptions, type ShuffleSplitSettings } from './shuffle-split.ts';
import { classesOf, type Kinds, partSizes, printOptions, rowsOf, type Split, type Splitter } from './split.ts';

/**
 * Draws rows to test with and others to fit with, each with the same share of every class as all rows have, as nearly as whole rows
 * allow; one tenth to test with by default. O(n) a split.
 */
export class StratifiedShuffleSplit implements Splitter {
  readonly options: ShuffleSplitSettings;

  constructor(options: ShuffleSplitOptions = {}) {
    this.options = checkShuffleSplit('StratifiedShuffleSplit', options, 10);
    readable(this);
  }

  /**
   * @param x the rows, or how many there are @param y the label of each [n]
   * @throws DataError if a class has a single row, or a part has fewer rows than there are classes
   */
  *split(x: unknown, y?: ArrayLike<Label> | null): Generator<Split> {
    const owner = 'StratifiedShuffleSplit';
    const n = rowsOf(owner, x);
    const classes = classesOf(owner, y, n);
    const { train, test } = partSizes(owner, this.options, n, 0.1);
    const random = randomFrom(this.options.seed);
    for (let i = 0; i < this.options.nSplits; i++) {
      const [first, second] = drawParts(owner, classes, [train, test], random) as [Int32Array, Int32Array];
      yield { train: first, test: second };
    }
  }

  toString(): string {
    return printOptions('StratifiedShuffleSplit', this.options);
  }
}

/** Draws disjoint parts of these sizes, each with the classes' shares, in random order. */
export function drawParts(owner: string, { codes, k, counts }: Kinds, sizes: number[], random: Random): Int32Array[] {
  const rare = counts.findIndex((count) => count < sizes.length);
  if (rare >= 0) {
    throw new DataError(
      `${owner}: every class must have at least ${sizes.length} rows to be in all parts, but one has ${counts[rare]}`,
    );
  }
  for (const size of sizes) {
    if (size < k) {
      throw new DataError(`${owner}: a part has ${size} ${size === 1 ? 'row' : 'rows'}, fewer than the ${k} classes`);
    }
  }
  const left = Int32Array.from(counts);
  const takes = sizes.map((size) => {
    const take = proportions(left, size, random);
    for (let c = 0; c < k; c++) left[c]! -= take[c]!;
    return take;
  });
  const parts = sizes.map((size) => new Int32Array(size));
  const ends = new Int32Array(sizes.length);
  for (let c = 0; c < k; c++) {
    const members = random.shuffle(Int32Array.from(codes.keys()).filter((row) => codes[row] === c));
    let at = 0;
    for (const [p, take] of takes.entries()) {
      for (let i = 0; i < take[c]!; i++) parts[p]![ends[p]!++] = members[at++]!;
    }
  }
  return parts.map((part) => random.shuffle(part));
}

/** How many of `size` rows are of each class: the mode of drawing them, ties broken at random. */
function proportions(counts: Int32Array, size: number, random: Random): Int32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const wanted = Float64Array.from(counts, (count) => (count / total) * size);
  const take = Int32Array.from(wanted, Math.floor);
  let open = size - take.reduce((sum, count) => sum + count, 0);
  const rests = [...new Set(wanted.map((value, c) => value - take[c]!))].sort((a, b) => b - a);
  for (const rest of rests) {
    if (open === 0) break;
    const tied = [...wanted.keys()].filter((c) => wanted[c]! - take[c]! === rest);
    const chosen = [...random.choose(tied.length, Math.min(tied.length, open))].map((place) => tied[place]!);
    for (const c of chosen) take[c]! += 1;
    open -= chosen.length;
  }
  return take;
}
