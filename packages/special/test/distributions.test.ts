import { OptionError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  betaDistribution as beta,
  binomial,
  cauchy,
  chiSquare,
  exponential,
  fisherF,
  gammaDistribution,
  geometric,
  hypergeometric,
  kolmogorov,
  kolmogorovSmirnov,
  laplace,
  logistic,
  lognormal,
  negativeBinomial,
  normal,
  poisson,
  smirnov,
  studentizedRange,
  studentT,
  uniform,
  weibull,
} from '../src/index.ts';

const inf = Number.POSITIVE_INFINITY;

describe('distributions, worked by hand', () => {
  it('has the closed forms of t with 1 and 2 degrees of freedom', () => {
    // 1: ½ - atan(t)/π. 2: ½ (1 - t/√(2 + t²)).
    for (const t of [-3, -0.5, 0, 0.25, 1, 7]) {
      expectClose(studentT(1).sf(t), 0.5 - Math.atan(t) / Math.PI, { rtol: 1e-14 });
      expectClose(studentT(2).sf(t), 0.5 * (1 - t / Math.sqrt(2 + t * t)), { rtol: 1e-13 });
    }
    // Far out, t with 1 degree of freedom falls as 1/(π t).
    expectClose(studentT(1).sf(1e200), 1 / Math.PI / 1e200, { rtol: 1e-14 });
  });

  it('has the closed forms of F and chi-square with 2 degrees of freedom', () => {
    for (const x of [0, 0.3, 2, 50, 700]) {
      expectClose(chiSquare(2).sf(x), Math.exp(-x / 2), { rtol: 1e-14 });
      expectClose(fisherF(2, 10).sf(x), (1 + x / 5) ** -5, { rtol: 1e-13 });
      expectClose(fisherF(2, 10).isf((1 + x / 5) ** -5), x, { rtol: 1e-12 });
    }
    expectClose(chiSquare(2).logSf(1e5), -5e4, { rtol: 1e-15 });
  });

  it('has the quantiles of tables', () => {
    expectClose(normal().ppf(0.975), 1.959963984540054, { rtol: 1e-15 });
    expectClose(normal(10, 2).isf(0.025), 10 + 2 * 1.959963984540054, { rtol: 1e-15 });
    expectClose(studentT(10).isf(0.025), 2.228138852, { rtol: 1e-9 });
    expectClose(chiSquare(3).isf(0.05), 7.814727903251, { rtol: 1e-12 });
    expect(`${normal()} ${studentT(3)} ${fisherF(1, 2)} ${chiSquare(4)}`).toBe(
      'normal(0, 1) studentT(3) fisherF(1, 2) chiSquare(4)',
    );
  });

  it('has means and variances', () => {
    expectClose([beta(2, 3).mean, beta(2, 3).variance], [0.4, 0.04], { rtol: 1e-15 });
    expectClose([weibull(2, 3).mean, weibull(1).variance], [1.5 * Math.sqrt(Math.PI), 1], { rtol: 1e-14 });
    // For large c the variance goes like π²/(6c²).
    expectClose(weibull(1e6).variance * 1e12, Math.PI ** 2 / 6, { rtol: 1e-5 });
    expectClose([fisherF(3, 10).mean, fisherF(3, 10).variance], [1.25, (2 * 100 * 11) / (3 * 64 * 6)], { rtol: 1e-15 });
    expectClose([studentT(5).variance, chiSquare(3).std, uniform(1, 4).variance], [5 / 3, Math.sqrt(6), 0.75], {
      rtol: 1e-15,
    });
    expectClose([geometric(0.25).mean, geometric(0.25).variance], [4, 12], { rtol: 1e-15 });
    expectClose([negativeBinomial(3, 0.5).mean, negativeBinomial(3, 0.5).std], [3, Math.sqrt(6)], { rtol: 1e-15 });
    expectClose([hypergeometric(50, 5, 10).mean, hypergeometric(50, 5, 10).variance], [1, 0.9 * (40 / 49)], {
      rtol: 1e-15,
    });
    expectClose([lognormal(0, 1).mean, lognormal(0, 1).variance], [Math.exp(0.5), Math.E * (Math.E - 1)], {
      rtol: 1e-14,
    });
    expectClose([logistic(1, 2).mean, logistic(1, 2).variance, laplace(1, 2).variance], [1, (4 * Math.PI ** 2) / 3, 8]);
    expect([studentT(1).mean, studentT(1.5).variance, cauchy().mean, fisherF(1, 2).mean]).toEqual([
      Number.NaN,
      inf,
      Number.NaN,
      inf,
    ]);
  });

  it("has Fisher's lady tasting tea: all four cups right by chance in 1 of 70", () => {
    expectClose(hypergeometric(8, 4, 4).sf(3), 1 / 70, { rtol: 1e-13 });
    expectClose(hypergeometric(8, 4, 4).sf(2), 17 / 70, { rtol: 1e-13 });
  });

  it('has the exact distributions of two numbers', () => {
    // D of two: P(D ≤ d) = 2 (2d - ½)² up to ½, then 1 - 2 (1 - d)². D⁺: P(D⁺ > d) = 1 - d (1 + d) up to ½, then (1 - d)².
    expectClose(kolmogorovSmirnov(2).cdf(0.4), 0.18, { rtol: 1e-14 });
    expectClose(kolmogorovSmirnov(2).sf(0.8), 0.08, { rtol: 1e-14 });
    expectClose(smirnov(2).sf(0.3), 0.61, { rtol: 1e-14 });
    expectClose(smirnov(2).sf(0.7), 0.09, { rtol: 1e-14 });
    expect([kolmogorovSmirnov(2).cdf(0.2), kolmogorovSmirnov(2).cdf(1), smirnov(3).sf(0), smirnov(3).sf(1)]).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it('leads back from the quantiles of the tests', () => {
    for (const d of [
      kolmogorovSmirnov(7),
      kolmogorovSmirnov(200),
      smirnov(30),
      kolmogorov(),
      studentizedRange(3, 10),
      studentizedRange(4, inf),
    ]) {
      for (const p of [1e-6, 0.05, 0.5, 0.9]) {
        expectClose(d.cdf(d.ppf(p)), p, { rtol: 1e-9, name: `${d} at ${p}` });
        expectClose(d.sf(d.isf(p)), p, { rtol: 1e-9, name: `${d} at ${p}` });
        expectClose(d.logCdf(d.ppf(p)), Math.log(p), { rtol: 1e-9 });
        expectClose(d.logSf(d.isf(p)), Math.log(p), { rtol: 1e-9 });
      }
      for (const method of ['cdf', 'sf', 'logCdf', 'logSf', 'ppf', 'isf'] as const)
        expect(d[method](Number.NaN), `${d}.${method}`).toBeNaN();
      expect([d.cdf(-1), d.sf(-1), d.cdf(inf), d.sf(inf), d.logCdf(0), d.logSf(inf)], `${d}`).toEqual([
        0,
        1,
        1,
        0,
        -inf,
        -inf,
      ]);
    }
    // Tables: D of 10 at 5%, the limit at 5%, Tukey's q for 3 groups and 10 degrees of freedom.
    expectClose(kolmogorovSmirnov(10).isf(0.05), 0.40925, { rtol: 1e-5 });
    expectClose(kolmogorov().isf(0.05), 1.3581, { rtol: 1e-5 });
    expectClose(studentizedRange(3, 10).isf(0.05), 3.877, { rtol: 1e-4 });
  });

  it('refuses parameters and probabilities that have no meaning', () => {
    const errors: [() => unknown, string][] = [
      [() => normal(0, 0), 'normal: std must be a number > 0, got 0'],
      [() => normal(Number.NaN), 'normal: mean must be a number, got NaN'],
      [() => studentT(-1), 'studentT: df must be a number > 0, got -1'],
      [() => fisherF(1, 0), 'fisherF: d2 must be a number > 0, got 0'],
      [() => chiSquare(inf), 'chiSquare: df must be a number > 0, got Infinity'],
      [() => gammaDistribution(0), 'gammaDistribution: shape must be a number > 0, got 0'],
      [() => beta(1, -1), 'betaDistribution: b must be a number > 0, got -1'],
      [() => binomial(2.5, 0.5), 'binomial: n must be an integer ≥ 0 and ≤ 9007199254740991, got 2.5'],
      [() => binomial(2, 1.5), 'binomial: p must be a number ≥ 0 and ≤ 1, got 1.5'],
      [() => poisson(-1), 'poisson: mu must be a number ≥ 0, got -1'],
      [() => geometric(0), 'geometric: p must be a number > 0 and ≤ 1, got 0'],
      [() => negativeBinomial(0, 0.5), 'negativeBinomial: r must be a number > 0, got 0'],
      [() => hypergeometric(5, 6, 1), 'hypergeometric: n must be an integer ≥ 0 and ≤ 5, got 6'],
      [() => exponential(0), 'exponential: scale must be a number > 0, got 0'],
      [() => weibull(0), 'weibull: shape must be a number > 0, got 0'],
      [() => lognormal(0, -1), 'lognormal: sigma must be a number > 0, got -1'],
      [() => logistic(0, 0), 'logistic: scale must be a number > 0, got 0'],
      [() => laplace(inf), 'laplace: location must be a number, got Infinity'],
      [() => cauchy(0, -2), 'cauchy: scale must be a number > 0, got -2'],
      [() => uniform(2, 1), 'uniform: low must be below high by a finite number, got 2 and 1'],
      [() => kolmogorovSmirnov(0), 'kolmogorovSmirnov: n must be an integer ≥ 1 and ≤ 100000, got 0'],
      [() => smirnov(0), 'smirnov: n must be an integer ≥ 1 and ≤ 1000000, got 0'],
      [() => studentizedRange(1, 5), 'studentizedRange: k must be an integer ≥ 2, got 1'],
      [() => chiSquare(2).isf(1.5), 'chiSquare: q must be a number ≥ 0 and ≤ 1, got 1.5'],
      [() => poisson(2).ppf(-1), 'poisson: p must be a number ≥ 0 and ≤ 1, got -1'],
    ];
    for (const [run, message] of errors) expectError(run, OptionError, message);
  });
});
