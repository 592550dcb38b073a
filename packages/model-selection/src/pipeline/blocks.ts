import { isTensor, joined, type Table } from '@maru-ml/tensor';

type FloatArray = Float32Array | Float64Array;

/** Rows in flat form. */
interface FlatRows {
  readonly data: FloatArray;
  readonly shape: readonly [number, number];
}

/** A model that writes what it makes of rows to an array that is there already. */
interface RowsMaker {
  readonly nFeaturesOut: number;
  transformInto(x: FlatRows, out: FloatArray): Table;
}

/** Numbers of a block, such that it and what is made of it stay in the nearer caches. */
const BLOCK = 2 ** 15;

/**
 * What `method` answers to the rows that the steps `before` make of `x`. Many flat rows go block by block, each through all steps, where
 * every step writes to an array that is there already: new arrays for all rows cost more than most scalers compute. As every row
 * is answered alone, blocks change no number. null where there are no blocks to be made, or something is wrong with one: an error has
 * to name the row as the caller counts.
 */
export function answerInBlocks(before: readonly object[], method: (x: FlatRows) => unknown, x: unknown): unknown {
  if (before.length === 0 || !before.every(writesRows) || !isFlat(x)) return null;
  const [rows, columns] = x.shape;
  const most = Math.max(1, Math.floor(BLOCK / Math.max(columns, ...before.map((model) => model.nFeaturesOut))));
  if (rows < 2 * most || rows * columns !== x.data.length) return null;
  const New = x.data instanceof Float32Array ? Float32Array : Float64Array;
  const made = before.map((model) => new New(most * model.nFeaturesOut));
  const answers: unknown[] = [];
  try {
    for (let from = 0; from < rows; from += most) {
      const count = Math.min(most, rows - from);
      let block: FlatRows = {
        data: x.data.subarray(from * columns, (from + count) * columns),
        shape: [count, columns],
      };
      for (const [i, model] of before.entries()) {
        block = model.transformInto(block, made[i]!.subarray(0, count * model.nFeaturesOut));
      }
      answers.push(method(block));
    }
  } catch {
    return null;
  }
  return joined(answers, rows);
}

function writesRows(model: object): model is RowsMaker {
  return 'transformInto' in model;
}

function isFlat(x: unknown): x is FlatRows {
  if (typeof x !== 'object' || x === null || isTensor(x)) return false;
  const { data, shape, indices } = x as { data?: unknown; shape?: unknown; indices?: unknown };
  const isFloats = data instanceof Float64Array || data instanceof Float32Array;
  return isFloats && Array.isArray(shape) && shape.length === 2 && indices === undefined;
}
