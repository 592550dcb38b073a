import { Random } from '@maru-ml/base';
import { expectClose } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as special from '../src/index.ts';

/** Numbers between 10^low and 10^high, as likely of each size. */
const size = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true }).map((e) => 10 ** e);
const probability = fc.oneof(
  fc.double({ min: 1e-3, max: 0.999, noNaN: true }),
  size(-300, 0).filter((p) => p < 1),
);

type Made = special.ContinuousDistribution;
const continuous: Record<string, fc.Arbitrary<Made>> = {
  normal: fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), size(-3, 3)).map(([m, s]) => special.normal(m, s)),
  studentT: size(-1, 6).map(special.studentT),
  fisherF: fc.tuple(size(-1, 5), size(-1, 5)).map(([a, b]) => special.fisherF(a, b)),
  chiSquare: size(-1, 6).map(special.chiSquare),
  gammaDistribution: fc.tuple(size(-1, 6), size(-5, 5)).map(([a, s]) => special.gammaDistribution(a, s)),
  betaDistribution: fc.tuple(size(-0.5, 5), size(-0.5, 5)).map(([a, b]) => special.betaDistribution(a, b)),
  exponential: size(-5, 5).map(special.exponential),
  weibull: fc.tuple(size(-0.5, 1), size(-3, 3)).map(([c, s]) => special.weibull(c, s)),
  lognormal: size(-1, 0.5).map((s) => special.lognormal(0, s)),
  logistic: size(-3, 3).map((s) => special.logistic(0, s)),
  laplace: size(-3, 3).map((s) => special.laplace(0, s)),
  cauchy: size(-3, 3).map((s) => special.cauchy(0, s)),
  uniform: size(-3, 3).map((s) => special.uniform(0, s)),
};

describe.each(Object.entries(continuous))('laws of %s', (_name, made) => {
  it('quantiles lead back through both tails, which add up to 1', () => {
    fc.assert(
      fc.property(made, probability, (d, p) => {
        for (const upper of [false, true]) {
          const x = upper ? d.isf(p) : d.ppf(p);
          // Beyond the normal numbers, or where one step of x is a large part of the tail, there is no way back.
          if (!Number.isFinite(x) || Math.abs(x) < 1e-300 || x === 1) continue;
          const tail = upper ? d.sf(x) : d.cdf(x);
          const spacing = Math.abs(x) * 2.3e-16 * d.pdf(x);
          expectClose(tail, p, { rtol: 1e-11, atol: 4 * spacing, name: `${d} at ${p}, ${upper}` });
          expectClose(d.cdf(x) + d.sf(x), 1, { rtol: 1e-14, name: `${d} at ${x}` });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('logarithms agree with the plain values', () => {
    fc.assert(
      fc.property(made, probability, (d, p) => {
        const x = d.ppf(p);
        if (!Number.isFinite(x) || Math.abs(x) < 1e-300) return;
        for (const [plain, log] of [
          [d.cdf(x), d.logCdf(x)],
          [d.sf(x), d.logSf(x)],
          [d.pdf(x), d.logPdf(x)],
        ] as const) {
          if (plain > 1e-290) expectClose(log, Math.log(plain), { rtol: 1e-11, atol: 1e-11, name: `${d} at ${x}` });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the lower tail rises and the upper one falls', () => {
    fc.assert(
      fc.property(made, probability, probability, (d, p, q) => {
        const [x, y] = [d.ppf(Math.min(p, q)), d.ppf(Math.max(p, q))];
        expect(x).toBeLessThanOrEqual(y);
        // Equal but for the last digits, where the method changes.
        expect(d.cdf(x)).toBeLessThanOrEqual(d.cdf(y) * (1 + 1e-12));
        expect(d.sf(x)).toBeGreaterThanOrEqual(d.sf(y) * (1 - 1e-12));
      }),
      { numRuns: 60 },
    );
  });

  it('answers NaN with NaN, and the ends of the line with the limits', () => {
    fc.assert(
      fc.property(made, (d) => {
        for (const method of ['pdf', 'logPdf', 'cdf', 'logCdf', 'sf', 'logSf', 'ppf', 'isf'] as const) {
          expect(d[method](Number.NaN), `${d}.${method}`).toBeNaN();
        }
        const inf = Number.POSITIVE_INFINITY;
        expect([d.cdf(-inf), d.cdf(inf), d.sf(-inf), d.sf(inf)], `${d}`).toEqual([0, 1, 1, 0]);
        expect([d.logCdf(-inf), d.logSf(inf), d.logCdf(inf) === 0, d.logSf(-inf) === 0]).toEqual([
          -inf,
          -inf,
          true,
          true,
        ]);
        expect([d.pdf(inf), d.pdf(-inf), d.logPdf(inf)], `${d}`).toEqual([0, 0, -inf]);
        expect([d.ppf(0), d.ppf(1)], `${d}`).toEqual([d.isf(1), d.isf(0)]);
      }),
      { numRuns: 20 },
    );
  });
});

const discrete: Record<string, fc.Arbitrary<special.DiscreteDistribution>> = {
  binomial: fc.tuple(fc.integer({ min: 1, max: 300 }), size(-3, 0)).map(([n, p]) => special.binomial(n, p)),
  poisson: size(-3, 2.5).map(special.poisson),
  negativeBinomial: fc
    .tuple(size(-1, 2), fc.double({ min: 0.1, max: 1, noNaN: true }))
    .map(([r, p]) => special.negativeBinomial(r, p)),
  geometric: size(-2, 0).map(special.geometric),
  hypergeometric: fc
    .tuple(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat())
    .map(([M, n, N]) => special.hypergeometric(M, n % (M + 1), N % (M + 1))),
};

describe.each(Object.entries(discrete))('laws of %s', (_name, made) => {
  it('probabilities add up to 1 and to the tails', () => {
    fc.assert(
      fc.property(made, (d) => {
        let below = 0;
        let mean = 0;
        const last = d.isf(1e-18);
        for (let k = 0; k <= last; k++) {
          const mass = d.pmf(k);
          below += mass;
          mean += k * mass;
          expectClose(d.cdf(k), below, { rtol: 1e-12, atol: 1e-14, name: `${d} at ${k}` });
          expectClose(d.cdf(k) + d.sf(k), 1, { rtol: 1e-14 });
          if (mass > 1e-290) expectClose(d.logPmf(k), Math.log(mass), { rtol: 1e-11, atol: 1e-11 });
          expectClose(d.sf(k + 0.5), d.sf(k));
        }
        expectClose(below, 1, { rtol: 1e-12 });
        expectClose(mean, d.mean, { rtol: 1e-11, atol: 1e-15 });
      }),
      { numRuns: 25 },
    );
  });

  it('a quantile is the smallest number that reaches the probability', () => {
    fc.assert(
      fc.property(made, probability, (d, p) => {
        const k = d.ppf(p);
        if (p <= 0.5) {
          expect(d.cdf(k)).toBeGreaterThanOrEqual(p * (1 - 2e-12));
          expect(d.cdf(k - 1)).toBeLessThan(p * (1 + 2e-12));
        }
        const j = d.isf(p);
        if (p <= 0.5) {
          expect(d.sf(j)).toBeLessThanOrEqual(p * (1 + 2e-12));
          if (d.pmf(j) > 0) expect(d.sf(j - 1)).toBeGreaterThan(p * (1 - 2e-12));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('every number is the quantile of its own tails', () => {
    fc.assert(
      fc.property(made, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (d, p) => {
        const k = d.ppf(p);
        if (d.pmf(k) < 1e-6) return;
        // A lower tail that rounds to 1 is the tail of every later number too.
        if (d.cdf(k) < 1) expect(d.ppf(d.cdf(k)), `${d} at ${k}`).toBe(k);
        expect(d.isf(d.sf(k)), `${d} at ${k}`).toBe(k);
      }),
      { numRuns: 60 },
    );
  });

  it('answers NaN with NaN, and the ends of the line with the limits', () => {
    fc.assert(
      fc.property(made, (d) => {
        for (const method of ['pmf', 'logPmf', 'cdf', 'logCdf', 'sf', 'logSf', 'ppf', 'isf'] as const) {
          expect(d[method](Number.NaN), `${d}.${method}`).toBeNaN();
        }
        const inf = Number.POSITIVE_INFINITY;
        expect([d.cdf(-inf), d.cdf(inf), d.sf(-inf), d.sf(inf), d.pmf(0.5), d.pmf(-1)], `${d}`).toEqual([
          0, 1, 1, 0, 0, 0,
        ]);
        expect([d.logCdf(-inf), d.logSf(inf)]).toEqual([-inf, -inf]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('relations between distributions', () => {
  it('t is symmetric, its square is F, and F has a reciprocal', () => {
    fc.assert(
      fc.property(size(-1, 5), size(-1, 5), size(-3, 2), (a, b, x) => {
        expect(special.studentT(a).cdf(-x)).toBe(special.studentT(a).sf(x));
        expectClose(2 * special.studentT(a).sf(x), special.fisherF(1, a).sf(x * x), { rtol: 1e-11, atol: 1e-305 });
        expectClose(special.fisherF(a, b).sf(x), special.fisherF(b, a).cdf(1 / x), { rtol: 1e-10, atol: 1e-305 });
      }),
    );
  });

  it('a Poisson count is below k where a gamma time is above', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), size(-2, 3), (k, mu) => {
        expectClose(special.poisson(mu).cdf(k), special.gammaDistribution(k + 1).sf(mu), { rtol: 1e-14 });
      }),
    );
  });

  it('samples have the mean and the deviation, and repeat with the seed', () => {
    for (const d of [
      special.normal(3, 2),
      special.gammaDistribution(4, 2),
      special.binomial(20, 0.3),
      special.studentT(9),
    ]) {
      const random = new Random(1);
      const values = Array.from({ length: 4000 }, () => d.sample(random));
      const mean = values.reduce((s, v) => s + v, 0) / values.length;
      const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
      expectClose(mean, d.mean, { atol: (5 * d.std) / Math.sqrt(values.length) });
      expectClose(Math.sqrt(variance), d.std, { rtol: 0.08 });
      expect(d.sample(new Random(1))).toBe(values[0]);
    }
  });
});

describe('laws of the functions', () => {
  it('inverses lead back', () => {
    fc.assert(
      fc.property(probability, size(-1, 4), size(-1, 4), (p, a, b) => {
        expectClose(special.erfc(special.erfcinv(p)), p, { rtol: 1e-12 });
        expectClose(special.erf(special.erfinv(p)), p, { rtol: 1e-14 });
        expectClose(special.ndtr(special.ndtri(p)), p, { rtol: 1e-12 });
        expectClose(special.expit(special.logit(p)), p, { rtol: 1e-12 });
        for (const [tail, x] of [
          [special.gammainc, special.gammaincinv(a, p)],
          [special.gammaincc, special.gammainccinv(a, p)],
        ] as const) {
          if (x > 1e-300) expectClose(tail(a, x), p, { rtol: 1e-11 + a * 4e-16, name: `${a} ${p}` });
        }
        const x = special.betaincinv(a, b, p);
        if (x > 1e-300 && x < 0.5) expectClose(special.betainc(a, b, x), p, { rtol: 1e-11 + a * 4e-16 });
      }),
    );
  });

  it('the recurrences hold', () => {
    fc.assert(
      fc.property(size(-2, 2), size(-2, 2), (x, y) => {
        expectClose(special.gamma(x + 1), x * special.gamma(x), { rtol: 1e-13 });
        expectClose(special.digamma(x + 1), special.digamma(x) + 1 / x, { rtol: 1e-13, atol: 1e-14 * (1 + 1 / x) });
        expectClose(special.beta(x, y), special.beta(x + 1, y) + special.beta(x, y + 1), { rtol: 1e-12 });
        expectClose(special.gammainc(x, y) + special.gammaincc(x, y), 1, { rtol: 1e-14 });
        expectClose(special.betainc(x, y, 0.3) + special.betaincc(x, y, 0.3), 1, { rtol: 1e-14 });
      }),
    );
  });
});
