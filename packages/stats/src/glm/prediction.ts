import { checkKnown, checkOneOf, readable } from '@maru-ml/base';
import { intervals } from '../contrast.ts';
import type { Link } from './links.ts';

/** A row of a prediction's table. */
export interface MeanPredictionRow {
  readonly mean: number;
  readonly meanSe: number;
  readonly meanCiLower: number;
  readonly meanCiUpper: number;
}

/** What bands are made of. */
interface Parts {
  readonly useT: boolean;
  readonly df: number;
  readonly link: Link;
}

/** Predicted means with their confidence bands. */
export class MeanPrediction {
  /** η [m]: the linear predictor, with the offset. */
  readonly linearPredictor: Float64Array;
  /** Its standard errors [m]. */
  readonly seLinear: Float64Array;
  /** μ [m]. */
  readonly predictedMean: Float64Array;
  /** Its standard errors [m], by the delta method: |dμ/dη| times those of η. */
  readonly seMean: Float64Array;
  readonly #parts: Parts;

  /** @internal */
  constructor(eta: Float64Array, seLinear: Float64Array, parts: Parts) {
    const { link } = parts;
    this.linearPredictor = eta;
    this.seLinear = seLinear;
    this.predictedMean = eta.map((value) => link.mean(value));
    this.seMean = seLinear.map((value, i) => Math.abs(link.slope(eta[i]!)) * value);
    this.#parts = parts;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The bounds of the means at the level 1 - alpha.
   *
   * @param options.method 'endpoint': the means at the bounds of η, which stay where means can be; 'delta': μ ∓ its standard errors;
   *   'endpoint'
   */
  confInt(options: { alpha?: number; method?: 'endpoint' | 'delta' } = {}): { low: Float64Array; high: Float64Array } {
    checkKnown('confInt', options, ['alpha', 'method']);
    const { alpha = 0.05, method = 'endpoint' } = options;
    checkOneOf('confInt', 'method', method, ['endpoint', 'delta']);
    const { useT, df, link } = this.#parts;
    if (method === 'delta') return intervals('confInt', this.predictedMean, this.seMean, useT, df, alpha);
    const { low, high } = intervals('confInt', this.linearPredictor, this.seLinear, useT, df, alpha);
    const [a, b] = [low.map((value) => link.mean(value)), high.map((value) => link.mean(value))];
    return { low: a.map((value, i) => Math.min(value, b[i]!)), high: a.map((value, i) => Math.max(value, b[i]!)) };
  }

  /** All of it row by row, as statsmodels' `summary_frame`. */
  summaryFrame(options: { alpha?: number } = {}): MeanPredictionRow[] {
    const { low, high } = this.confInt(options);
    return Array.from(this.predictedMean, (mean, i) => {
      return { mean, meanSe: this.seMean[i]!, meanCiLower: low[i]!, meanCiUpper: high[i]! };
    });
  }

  toString(): string {
    const short = (value: number) => String(Number(value.toPrecision(5)));
    const rows = this.summaryFrame();
    const lines = rows
      .slice(0, 6)
      .map((row) => `  ${short(row.mean)}  [${short(row.meanCiLower)}, ${short(row.meanCiUpper)}]`);
    const more = rows.length > 6 ? ['  …'] : [];
    return [`MeanPrediction of ${rows.length} rows: mean, its 95% band`, ...lines, ...more].join('\n');
  }
}

/** Z b + offset for rows x [m, k], with standard errors √(x V xᵀ). */
export function linearPrediction(
  params: Float64Array,
  cov: Float64Array,
  x: Float64Array,
  m: number,
  offset: Float64Array | null,
): { eta: Float64Array; se: Float64Array } {
  const k = params.length;
  const eta = new Float64Array(m);
  const se = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let [sum, variance] = [offset === null ? 0 : offset[i]!, 0];
    for (let a = 0; a < k; a++) {
      sum += x[i * k + a]! * params[a]!;
      let inner = 0;
      for (let b = 0; b < k; b++) inner += cov[a * k + b]! * x[i * k + b]!;
      variance += inner * x[i * k + a]!;
    }
    eta[i] = sum;
    se[i] = Math.sqrt(Math.max(0, variance));
  }
  return { eta, se };
}
