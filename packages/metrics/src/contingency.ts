import type { Label } from '@maru-ml/tensor';
import { codesOf, sameLength } from './door.ts';

/** How often each class and cluster come together, held only where they do. */
export interface Contingency {
  readonly n: number;
  /** The sizes of the classes and of the clusters. */
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** The counts nᵢⱼ > 0 with their places. */
  readonly cells: readonly { readonly row: number; readonly column: number; readonly count: number }[];
}

/** Counts pairs of labels. Both lists must hold labels of one type each, but these may differ. O(n). */
export function contingency(owner: string, labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): Contingency {
  const truth = codesOf(owner, 'labelsTrue', labelsTrue, undefined);
  const predicted = codesOf(owner, 'labelsPred', labelsPred, undefined);
  sameLength(owner, 'labelsTrue', truth.codes, 'labelsPred', predicted.codes);
  const places = new Map<number, number>();
  const cells: { row: number; column: number; count: number }[] = [];
  const rows = new Float64Array(truth.classes.length);
  const columns = new Float64Array(predicted.classes.length);
  for (let i = 0; i < truth.codes.length; i++) {
    const [row, column] = [truth.codes[i]!, predicted.codes[i]!];
    rows[row]! += 1;
    columns[column]! += 1;
    const key = row * predicted.classes.length + column;
    const place = places.get(key);
    if (place !== undefined) cells[place]!.count++;
    else {
      places.set(key, cells.length);
      cells.push({ row, column, count: 1 });
    }
  }
  cells.sort((a, b) => a.row - b.row || a.column - b.column);
  return { n: truth.codes.length, rows, columns, cells };
}
