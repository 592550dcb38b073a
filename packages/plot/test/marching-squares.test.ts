import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grid, marchingSquares } from '../src/marching-squares.ts';

function gridOf(columns: number, rows: number, f: (i: number, j: number) => number): Grid {
  return {
    columns,
    rows,
    values: Array.from({ length: columns * rows }, (_, k) => f(k % columns, Math.floor(k / columns))),
  };
}

const at = ({ values, columns }: Grid, i: number, j: number) => values[j * columns + i]!;

describe('marchingSquares, by hand', () => {
  it('cuts a corner where interpolation says', () => {
    // 0 0
    // 1 0 with the level .25: a quarter of the way from the zeros.
    const line = marchingSquares({ columns: 2, rows: 2, values: [1, 0, 0, 0] }, 0.25);
    expect(line).toEqual([
      [
        [0.75, 0],
        [0, 0.75],
      ],
    ]);
  });

  it('runs straight through a plane', () => {
    const lines = marchingSquares(
      gridOf(4, 3, (i) => i),
      1.5,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]!.map(([x]) => x)).toEqual([1.5, 1.5, 1.5]);
    expect(lines[0]!.map(([, y]) => y).sort()).toEqual([0, 1, 2]);
  });

  it('separates the two high corners of a saddle with a low middle, and joins them if it is high', () => {
    const low = marchingSquares({ columns: 2, rows: 2, values: [1, 0, 0, 1] }, 0.6);
    const high = marchingSquares({ columns: 2, rows: 2, values: [1, 0, 0, 1] }, 0.4);
    // Each piece of the first cuts off (0, 0) or (1, 1), of the second (1, 0) or (0, 1).
    const corners = (lines: [number, number][][]) =>
      lines.map((line) => [0, 1].map((axis) => Math.round((line[0]![axis]! + line[1]![axis]!) / 2)).join()).sort();
    expect([low.length, high.length]).toEqual([2, 2]);
    expect(corners(low)).toEqual(['0,0', '1,1']);
    expect(corners(high)).toEqual(['0,1', '1,0']);
  });

  it('finds nothing where the level is not reached, and leaves out squares with NaN', () => {
    expect(
      marchingSquares(
        gridOf(3, 3, () => 1),
        2,
      ),
    ).toEqual([]);
    const lines = marchingSquares(
      gridOf(4, 2, (i, j) => (i === 0 ? Number.NaN : j)),
      0.5,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]!.map(([x]) => x).sort()).toEqual([1, 2, 3]);
  });
});

describe('marchingSquares on circles', () => {
  const n = 81;
  const middle = 40;
  const grid = gridOf(n, n, (i, j) => (i - middle) ** 2 + (j - middle) ** 2);

  it.each([5, 12.5, 30])('finds the one of radius %d, closed, within the error of linear interpolation', (radius) => {
    const lines = marchingSquares(grid, radius ** 2);
    expect(lines).toHaveLength(1);
    const [line] = lines;
    expect(line![0]).toEqual(line!.at(-1));
    for (const [x, y] of line!) {
      // Along an edge f is a parabola with second derivative 2: the value is off by 2/8 at most, so the radius by 1/(8 r).
      expect(Math.abs(Math.hypot(x - middle, y - middle) - radius)).toBeLessThan(1 / (8 * radius) + 0.01 / radius);
    }
    const length = line!.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - line![k]![0], y - line![k]![1]), 0);
    expect(length).toBeGreaterThan(2 * Math.PI * radius * 0.99);
    expect(length).toBeLessThan(2 * Math.PI * radius * 1.001);
  });

  it('opens those that leave the grid', () => {
    const lines = marchingSquares(grid, 50 ** 2);
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line[0]).not.toEqual(line.at(-1));
  });
});

describe('marchingSquares, laws', () => {
  const grids = fc
    .tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 2, max: 7 }))
    .chain(([columns, rows]) =>
      fc
        .array(fc.integer({ min: -4, max: 4 }), { minLength: columns * rows, maxLength: columns * rows })
        .map((values) => ({ columns, rows, values })),
    );

  it('passes each crossed edge of the grid once, at the level', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: -4, max: 4 }), (grid, half) => {
        const level = half + 0.5;
        const lines = marchingSquares(grid, level);
        const places = lines.flatMap((line) => {
          const closed = line.length > 2 && String(line[0]) === String(line.at(-1));
          return closed ? line.slice(1) : line;
        });
        let crossed = 0;
        for (let j = 0; j < grid.rows; j++) {
          for (let i = 0; i < grid.columns; i++) {
            const here = at(grid, i, j) >= level;
            if (i + 1 < grid.columns && at(grid, i + 1, j) >= level !== here) crossed++;
            if (j + 1 < grid.rows && at(grid, i, j + 1) >= level !== here) crossed++;
          }
        }
        expect(places).toHaveLength(crossed);
        expect(new Set(places.map(String)).size).toBe(crossed);
        for (const [x, y] of places) {
          const [i, j] = [Math.floor(x), Math.floor(y)];
          const [s, t] = [x - i, y - j];
          expect(Math.min(s, t)).toBe(0);
          const next = at(
            grid,
            Math.min(i + Math.ceil(s), grid.columns - 1),
            Math.min(j + Math.ceil(t), grid.rows - 1),
          );
          expect(at(grid, i, j) + (s + t) * (next - at(grid, i, j))).toBeCloseTo(level, 10);
        }
      }),
    );
  });

  it('ends lines on the border only', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: -4, max: 4 }), (grid, half) => {
        for (const line of marchingSquares(grid, half + 0.5)) {
          if (String(line[0]) === String(line.at(-1))) continue;
          for (const [x, y] of [line[0]!, line.at(-1)!]) {
            expect(x === 0 || y === 0 || x === grid.columns - 1 || y === grid.rows - 1).toBe(true);
          }
        }
      }),
    );
  });
});
