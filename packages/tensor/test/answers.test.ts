import { runSteps } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { answerSteps, type SparseRows, selectSparseRows, Table, tensor, toDense } from '../src/index.ts';

const n = 700;
const data = Float64Array.from({ length: 2 * n }, (_, i) => Math.sin(i));

/** All answers, taken with pauses between blocks of the same size, and how many rows were asked for each time. */
function asked<A>(x: unknown, answer: (x: never) => A, countOf: (x: never) => number): { all: A; counts: number[] } {
  const { now } = performance;
  let looks = 0;
  performance.now = () => 2 * ++looks;
  try {
    const counts: number[] = [];
    const steps = answerSteps(x, n, (rows: never) => {
      counts.push(countOf(rows));
      return answer(rows);
    });
    for (;;) {
      const { done, value } = steps.next();
      if (done) return { all: value, counts };
    }
  } finally {
    performance.now = now;
  }
}

const BLOCKS = [...Array(10).fill(64), 60];

describe('answerSteps', () => {
  it('asks for blocks of rows of every form, and joins answers of every form', () => {
    const rows = Array.from({ length: n }, (_, i) => [data[2 * i]!, data[2 * i + 1]!]);
    const flat = { data, shape: [n, 2] };
    const first = Float64Array.from(rows, ([a]) => a!);

    expect(
      asked(
        rows,
        (x: number[][]) => x.map(([a]) => a! > 0),
        (x: number[][]) => x.length,
      ),
    ).toEqual({
      all: rows.map(([a]) => a! > 0),
      counts: BLOCKS,
    });
    const flatFirst = ({ data, shape }: typeof flat) =>
      Float64Array.from({ length: shape[0]! }, (_, i) => data[2 * i]!);
    const count = ({ shape }: { shape: readonly number[] }) => shape[0]!;
    for (const x of [flat, { data: [...data], shape: [n, 2] }, tensor(rows, { dtype: 'float64' })]) {
      expect(asked(x, flatFirst, count)).toEqual({ all: first, counts: BLOCKS });
    }
    const doubled = ({ data, shape, columnNames }: Table) =>
      new Table(
        data.map((v) => 2 * v),
        shape[0],
        2,
        columnNames,
      );
    const table = new Table(data, n, 2, ['a', 'b']);
    expect(asked(table, doubled, count)).toEqual({ all: doubled(table), counts: BLOCKS });
    const columns = { a: first, b: rows.map(([, b]) => String(b)) };
    const found = asked(
      columns,
      (x: typeof columns) => x.b,
      (x: typeof columns) => x.a.length,
    );
    expect(found).toEqual({ all: columns.b, counts: BLOCKS });
  });

  it('cuts and joins sparse rows', () => {
    const held = Int32Array.from({ length: n + 1 }, (_, i) => Math.floor(i / 2));
    const sparse: SparseRows = {
      data: data.slice(0, held[n]),
      indices: Int32Array.from({ length: held[n]! }, (_, i) => i % 3),
      indptr: held,
      shape: [n, 3],
    };
    const same = (x: SparseRows) => selectSparseRows(x, [...Array(x.shape[0]).keys()]);
    const { all, counts } = asked(sparse, same, ({ shape }: SparseRows) => shape[0]);
    expect(all).toEqual(sparse);
    expect(counts).toEqual(BLOCKS);
    expect(toDense(all).shape).toEqual([n, 3]);
  });

  it('asks for all at once where they are few, or answers are of another form', () => {
    const few = runSteps(answerSteps([1, 2, 3], 3, (x: number[]) => x.length));
    expect(few).toBe(3);
    const x = [...Array(n).keys()];
    expect(
      asked(
        x,
        (rows: number[]) => rows.length,
        (rows: number[]) => rows.length,
      ),
    ).toEqual({
      all: n,
      counts: [64, n],
    });
  });

  it('errors name the row by its place among all', () => {
    const x = Array.from({ length: n }, (_, i) => (i === 600 ? Number.NaN : i));
    const check = (rows: number[]) => {
      const place = rows.findIndex(Number.isNaN);
      if (place >= 0) throw new RangeError(`x[${place}] is NaN`);
      return rows;
    };
    expectError(() => asked(x, check, () => 0), RangeError, 'x[600] is NaN');
  });

  it('blocks grow while they take less than 2 ms and shrink where they take more than 8; all go at once where nobody waits', () => {
    const { now } = performance;
    const took = [1, 1, 1, 5, 9, 9];
    const sizes: number[] = [];
    let time = 0;
    performance.now = () => time;
    try {
      const method = (rows: number[]) => {
        sizes.push(rows.length);
        time += took[sizes.length - 1] ?? 5;
        return rows;
      };
      const x = [...Array(n * 4).keys()];
      expect([...answerSteps(x, n * 4, method)]).toHaveLength(sizes.length + 1);
      expect(sizes).toEqual([64, 128, 256, 512, 512, 256, 128, 128, 128, 128, 128, 128, 128, 128, 48]);
      sizes.length = 0;
      expect(runSteps(answerSteps(x, n * 4, method))).toEqual(x);
      expect(sizes).toEqual([n * 4]);
    } finally {
      performance.now = now;
    }
  });
});
