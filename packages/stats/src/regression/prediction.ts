import { checkKnown, readable } from '@maru-ml/base';
import { alphaOf, intervals } from '../contrast.ts';

/** What bands are made of. */
interface PredictionParts {
  /** σ² */
  readonly scale: number;
  /** Of the rows [m]: an observation has the variance σ² / w; null: 1. */
  readonly weights: Float64Array | null;
  readonly useT: boolean;
  readonly df: number;
}

/** Predictions of rows x [m, k] with their variances x V xᵀ. */
export function predictionOf(
  params: Float64Array,
  cov: Float64Array,
  x: Float64Array,
  m: number,
  parts: PredictionParts,
): PredictionResults {
  const k = params.length;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    for (let a = 0; a < k; a++) {
      mean[i]! += x[i * k + a]! * params[a]!;
      let inner = 0;
      for (let b = 0; b < k; b++) inner += cov[a * k + b]! * x[i * k + b]!;
      variance[i]! += inner * x[i * k + a]!;
    }
  }
  return new PredictionResults(mean, variance, parts);
}

/** A row of a prediction's table. */
export interface PredictionRow {
  readonly mean: number;
  readonly meanSe: number;
  readonly meanCiLower: number;
  readonly meanCiUpper: number;
  readonly obsCiLower: number;
  readonly obsCiUpper: number;
}

/** Predictions with the confidence band of the mean and the wider band of a single observation. */
export class PredictionResults {
  /** ŷ [m]. */
  readonly predictedMean: Float64Array;
  /** The standard errors of ŷ [m]. */
  readonly seMean: Float64Array;
  /** The standard errors of an observation around ŷ [m]. */
  readonly seObs: Float64Array;
  readonly #useT: boolean;
  readonly #df: number;

  /** @internal */
  constructor(mean: Float64Array, variance: Float64Array, { scale, weights, useT, df }: PredictionParts) {
    this.predictedMean = mean;
    this.seMean = variance.map(Math.sqrt);
    this.seObs = variance.map((value, i) => Math.sqrt(value + scale / (weights === null ? 1 : weights[i]!)));
    this.#useT = useT;
    this.#df = df;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The bounds at the level 1 - alpha.
   * @param options.obs of a single observation, not of the mean; false
   */
  confInt(options: { alpha?: number; obs?: boolean } = {}): { low: Float64Array; high: Float64Array } {
    checkKnown('confInt', options, ['alpha', 'obs']);
    const { alpha = 0.05, obs = false } = options;
    return intervals('confInt', this.predictedMean, obs ? this.seObs : this.seMean, this.#useT, this.#df, alpha);
  }

  /** All of it row by row, as statsmodels' `summary_frame`. */
  summaryFrame(options: { alpha?: number } = {}): PredictionRow[] {
    const alpha = alphaOf('summaryFrame', options);
    const mean = this.confInt({ alpha });
    const obs = this.confInt({ alpha, obs: true });
    return Array.from(this.predictedMean, (value, i) => ({
      mean: value,
      meanSe: this.seMean[i]!,
      meanCiLower: mean.low[i]!,
      meanCiUpper: mean.high[i]!,
      obsCiLower: obs.low[i]!,
      obsCiUpper: obs.high[i]!,
    }));
  }

  toString(): string {
    const short = (value: number) => String(Number(value.toPrecision(5)));
    const lines = this.summaryFrame()
      .slice(0, 6)
      .map(
        (row) =>
          `  ${short(row.mean)}  [${short(row.meanCiLower)}, ${short(row.meanCiUpper)}]  [${short(row.obsCiLower)}, ${short(row.obsCiUpper)}]`,
      );
    const more = this.predictedMean.length > 6 ? ['  …'] : [];
    return [
      `PredictionResults of ${this.predictedMean.length} rows: mean, its 95% band, that of an observation`,
      ...lines,
      ...more,
    ].join('\n');
  }
}
