import type { MatrixLike } from '@maru-ml/tensor';
import { toMatrix } from '@maru-ml/tensor';

/** Ridge regression of numbers with a little penalty, by the normal equations: enough to rank columns with. */
export class LeastSquares {
  fit(x: MatrixLike, y: ArrayLike<number>): LeastSquaresModel {
    const { data, rows: n, columns: d } = toMatrix('LeastSquares', x);
    const mean = (value: (i: number) => number) =>
      Array.from({ length: n }, (_, i) => value(i) / n).reduce((s, v) => s + v, 0);
    const means = Array.from({ length: d }, (_, j) => mean((i) => data[i * d + j]!));
    const yMean = mean((i) => Number(y[i]));
    const at = (i: number, j: number) => data[i * d + j]! - means[j]!;
    // The system [XᵀX + λ I | Xᵀy], solved by elimination with pivots.
    const system = means.map((_, a) => [
      ...means.map((_, b) => n * mean((i) => at(i, a) * at(i, b)) + (a === b ? 1e-9 : 0)),
      n * mean((i) => at(i, a) * (Number(y[i]) - yMean)),
    ]);
    for (let a = 0; a < d; a++) {
      const pivot = [...system.keys()]
        .slice(a)
        .reduce((p, r) => (Math.abs(system[r]![a]!) > Math.abs(system[p]![a]!) ? r : p));
      [system[a], system[pivot]] = [system[pivot]!, system[a]!];
      for (let r = 0; r < d; r++) {
        if (r === a) continue;
        const factor = system[r]![a]! / system[a]![a]!;
        for (let b = a; b <= d; b++) system[r]![b]! -= factor * system[a]![b]!;
      }
    }
    const coef = Float64Array.from(system, (row, a) => row[d]! / row[a]!);
    return new LeastSquaresModel(coef, yMean - means.reduce((s, m, j) => s + m * coef[j]!, 0));
  }

  toString(): string {
    return 'LeastSquares {}';
  }
}

export class LeastSquaresModel {
  readonly coef: Float64Array;
  readonly intercept: number;

  constructor(coef: Float64Array, intercept: number) {
    this.coef = coef;
    this.intercept = intercept;
  }

  predict(x: MatrixLike): Float64Array {
    const { data, rows, columns: d } = toMatrix('LeastSquares', x);
    return Float64Array.from({ length: rows }, (_, i) =>
      this.coef.reduce((sum, weight, j) => sum + weight * data[i * d + j]!, this.intercept),
    );
  }

  toJSON(): object {
    return { type: 'LeastSquaresModel', coef: [...this.coef], intercept: this.intercept };
  }

  static fromJSON(json: unknown): LeastSquaresModel {
    const { coef, intercept } = json as { coef: number[]; intercept: number };
    return new LeastSquaresModel(Float64Array.from(coef), intercept);
  }
}
