import { checkNumber, type Random, readable } from '@maru-ml/base';
import { expOfMinusHalfSquare } from '../functions/elementary.ts';
import { logNdtr, ndtr, ndtri } from '../functions/ndtr.ts';
import { type ContinuousDistribution, checkProbability } from './distribution.ts';

const HALF_LOG_2_PI = 0.9189385332046728;
const DENSITY = 0.3989422804014327;

/**
 * The normal distribution of mean μ and standard deviation σ > 0, of density exp(-(x - μ)²/(2σ²))/(σ √(2π)).
 *
 * @throws OptionError unless `mean` is finite and `std` positive and finite
 * @example
 * ```ts
 * import { normal } from '@maru-ml/special';
 *
 * const iq = normal(100, 15);
 * console.log(iq.sf(130)); // 0.022750131948179…
 * console.log(iq.ppf(0.975)); // 129.3994597681008
 * console.log(normal().logSf(1e5)); // -5000000012.4318…
 * ```
 */
export function normal(mean = 0, std = 1): ContinuousDistribution {
  return new Normal(checkNumber('normal', 'mean', mean), checkNumber('normal', 'std', std, { above: 0 }));
}

class Normal implements ContinuousDistribution {
  readonly mean: number;
  readonly std: number;

  constructor(mean: number, std: number) {
    this.mean = mean;
    this.std = std;
    readable(this);
  }

  get variance(): number {
    return this.std * this.std;
  }

  pdf(x: number): number {
    return (DENSITY * expOfMinusHalfSquare((x - this.mean) / this.std)) / this.std;
  }

  logPdf(x: number): number {
    const z = (x - this.mean) / this.std;
    return -0.5 * z * z - HALF_LOG_2_PI - Math.log(this.std);
  }

  cdf(x: number): number {
    return ndtr((x - this.mean) / this.std);
  }

  logCdf(x: number): number {
    return logNdtr((x - this.mean) / this.std);
  }

  sf(x: number): number {
    return ndtr((this.mean - x) / this.std);
  }

  logSf(x: number): number {
    return logNdtr((this.mean - x) / this.std);
  }

  ppf(p: number): number {
    return this.mean + this.std * ndtri(checkProbability('normal', 'p', p));
  }

  isf(q: number): number {
    return this.mean - this.std * ndtri(checkProbability('normal', 'q', q));
  }

  sample(random: Random): number {
    return random.normal(this.mean, this.std);
  }

  toString(): string {
    return `normal(${this.mean}, ${this.std})`;
  }
}
