/** A grid of values, row by row from the bottom: `values[j * columns + i]` is at (i, j). */
export interface Grid {
  values: ArrayLike<number>;
  columns: number;
  rows: number;
}

/** The places (x, y) of a line, in cells of the grid; a closed line ends where it starts. */
export type Polyline = [x: number, y: number][];

/**
 * The lines on which a grid of values has a level, by marching squares: each square of four neighbours is crossed by at most two straight
 * pieces, placed by linear interpolation along its edges, which are then joined. In a saddle the mean of the corners decides
 * which of them belong together. Squares with a corner that is not finite have no line. Cost O(rows × columns).
 *
 * W. Lorensen, H. Cline: Marching cubes. SIGGRAPH, 1987 (in two dimensions).
 */
export function marchingSquares(grid: Grid, level: number): Polyline[] {
  return join(crossings(grid, level), grid, level);
}

/** For each edge of the grid that is crossed, the edges that a piece leads to: one or two. */
type Crossings = Map<number, number[]>;

/** The edge from (i, j) to the right has number 2(j columns + i), the one upward one more. */
function crossings({ values, columns, rows }: Grid, level: number): Crossings {
  const found: Crossings = new Map();
  const connect = (a: number, b: number) => {
    found.set(a, [...(found.get(a) ?? []), b]);
    found.set(b, [...(found.get(b) ?? []), a]);
  };
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const at = j * columns + i;
      const corners = [values[at]!, values[at + 1]!, values[at + columns + 1]!, values[at + columns]!];
      if (!corners.every(Number.isFinite)) continue;
      const [a, b, c, d] = corners.map((value) => value >= level) as [boolean, boolean, boolean, boolean];
      const [bottom, right, top, left] = [2 * at, 2 * (at + 1) + 1, 2 * (at + columns), 2 * at + 1];
      const crossed = [a !== b ? bottom : -1, b !== c ? right : -1, c !== d ? top : -1, d !== a ? left : -1].filter(
        (edge) => edge >= 0,
      );
      if (crossed.length === 2) connect(crossed[0]!, crossed[1]!);
      else if (crossed.length === 4) {
        const mean = (corners[0]! + corners[1]! + corners[2]! + corners[3]!) / 4;
        // Corners a and c are alike: if the middle is like them, the pieces cut off b and d.
        if (mean >= level === a) {
          connect(bottom, right);
          connect(top, left);
        } else {
          connect(left, bottom);
          connect(right, top);
        }
      }
    }
  }
  return found;
}

/** Walks along the pieces, open lines from their ends first, then the closed ones. */
function join(found: Crossings, grid: Grid, level: number): Polyline[] {
  const lines: Polyline[] = [];
  const walk = (start: number) => {
    const line: Polyline = [placeOn(start, grid, level)];
    for (let edge = start; ; ) {
      const next = found.get(edge)?.pop();
      if (next === undefined) break;
      const back = found.get(next)!;
      back.splice(back.indexOf(edge), 1);
      line.push(placeOn(next, grid, level));
      edge = next;
    }
    if (line.length > 1) lines.push(line);
  };
  for (const [edge, next] of found) if (next.length === 1) walk(edge);
  for (const [edge, next] of found) if (next.length === 2) walk(edge);
  return lines;
}

/** Where on an edge of the grid the level is reached. */
function placeOn(edge: number, { values, columns }: Grid, level: number): [x: number, y: number] {
  const from = edge >> 1;
  const upward = (edge & 1) === 1;
  const [low, high] = [values[from]!, values[from + (upward ? columns : 1)]!];
  const t = (level - low) / (high - low);
  const [i, j] = [from % columns, Math.floor(from / columns)];
  return upward ? [i, j + t] : [i + t, j];
}
