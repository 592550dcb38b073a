import { DataError } from '@maru-ml/base';
import {
  decodeArray,
  encodeArray,
  type Matrix,
  type MatrixLike,
  savedBoolean,
  savedColumns,
  savedNumber,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { savedForest } from '../forest-classifier-model.ts';
import { meanImportances } from '../importances.ts';
import { addTrees, type GradientFit, spread } from './fit.ts';

/** Rows that go through all trees before the next ones, so that they stay in the nearest cache. */
const ROWS = 128;

/** What the trees of gradient boosting add up to. */
export class GradientPredictor {
  readonly owner: string;
  readonly fit: GradientFit;
  readonly outputs: number;
  /** Where `one` puts its row and its answer, so that it need not allocate. */
  readonly #row: Matrix & { data: Float64Array };
  readonly #raw: Float64Array;

  constructor(owner: string, fit: GradientFit) {
    this.owner = owner;
    this.fit = fit;
    this.outputs = fit.baseline.length;
    this.#row = { data: new Float64Array(fit.columns), rows: 1, columns: fit.columns };
    this.#raw = new Float64Array(this.outputs);
  }

  /** The raw predictions of rows, an output after the other [outputs, m]. */
  of(x: MatrixLike): { raw: Float64Array; rows: number } {
    const matrix = this.#matrix(x);
    const { rows } = matrix;
    const { baseline, trees, learningRate } = this.fit;
    const raw = spread(baseline, rows);
    for (let from = 0; from < rows; from += ROWS) {
      addTrees(trees, matrix, raw, learningRate, this.outputs, from, Math.min(rows, from + ROWS));
    }
    return { raw, rows };
  }

  /** The raw predictions of one row [outputs], valid until the next call. */
  one(row: ArrayLike<number>): Float64Array {
    takeRow(this.owner, row, this.#row.data, true);
    this.#raw.set(this.fit.baseline);
    addTrees(this.fit.trees, this.#row, this.#raw, this.fit.learningRate, this.outputs, 0, 1);
    return this.#raw;
  }

  /** The raw predictions after each round, in arrays of their own. */
  *staged(x: MatrixLike): Generator<{ raw: Float64Array; rows: number }> {
    const matrix = this.#matrix(x);
    const { baseline, trees, learningRate } = this.fit;
    const raw = spread(baseline, matrix.rows);
    for (let t = 0; t < trees.length; t += this.outputs) {
      addTrees(trees.slice(t, t + this.outputs), matrix, raw, learningRate, this.outputs);
      yield { raw: raw.slice(), rows: matrix.rows };
    }
  }

  /** How much each column lowered the impurity, adding up to 1 [d]. */
  importances(): Float64Array {
    return meanImportances(this.fit.trees, this.fit.columns, false);
  }

  /** The fit for a model's JSON form. */
  toJSON(): object {
    const { trees, baseline, columns, learningRate, converged, trainScore, oobImprovement } = this.fit;
    return {
      columns,
      learningRate,
      converged,
      baseline: encodeArray(baseline),
      trainScore: encodeArray(trainScore),
      oobImprovement: encodeArray(oobImprovement),
      trees: trees.map((tree) => tree.encode()),
    };
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix(this.owner, x, { columns: this.fit.columns, allowMissing: true });
  }
}

/** The fit of a model's JSON form. @throws DataError for what is none */
export function savedGradientFit(owner: string, fields: Record<string, unknown>, outputs: number): GradientFit {
  const columns = savedColumns(owner, fields, 'columns');
  const trees = savedForest(owner, fields.trees, columns, 1);
  if (trees.length % outputs !== 0) throw new DataError(`${owner}: trees must be ${outputs} for each round`);
  const floats = (name: string, length: number) =>
    decodeArray(owner, name, fields[name], { dtype: 'float64', shape: [length] });
  return {
    trees,
    baseline: floats('baseline', outputs),
    columns,
    learningRate: savedNumber(owner, fields, 'learningRate'),
    converged: savedBoolean(owner, fields, 'converged'),
    trainScore: floats('trainScore', -1),
    oobImprovement: floats('oobImprovement', -1),
  };
}
