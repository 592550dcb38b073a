import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { normal } from '@maru-ml/special';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as stats from '../src/index.ts';

describe('tests, worked by hand', () => {
  it('t of one sample: mean 5, s² = 10/4, t = (5 - 3) / √(2.5 / 5)', () => {
    const result = stats.ttest1samp([3, 4, 5, 6, 7], 3);
    expectClose(result.statistic, 2 * Math.SQRT2);
    expect([result.df, result.estimate]).toEqual([4, 5]);
    expectClose(result.effectSize, 2 / Math.sqrt(2.5));
    // t with 4 degrees of freedom: P(|T| > t) = 1 - s (1 + c / 2) with s = t / √(t² + 4), c = 4 / (t² + 4).
    const [s, c] = [Math.sqrt(8 / 12), 4 / 12];
    expectClose(result.pvalue, 1 - s * (1 + c / 2));
  });

  it('ranks: U counts pairs, T adds ranks of positive differences', () => {
    // 3 > 1, 2; 5 > all three: U = 5. Of the 10 choices of two ranks, sums of 8, 9 are at least as large: .2.
    const u = stats.mannwhitneyu([3, 5], [1, 2, 4], { alternative: 'greater' });
    expect([u.statistic, u.method]).toEqual([5, 'exact']);
    expectClose(u.pvalue, 0.2);
    expectClose(u.effectSize, 2 / 3);
    // Ranks 1, -2, 3: T = 4; sums of at least 4 of 8: 4 = 1 + 3, 5, 6.
    const w = stats.wilcoxon([1, -2, 3], null, { alternative: 'greater' });
    expect(w.statistic).toBe(4);
    expectClose(w.pvalue, 3 / 8);
    expectClose(w.effectSize, 1 / 3);
  });

  it("Fisher's tea: four cups of each kind, three told right", () => {
    const { statistic, pvalue } = stats.fisherExact([[3, 1], [1, 3]], { alternative: 'greater' }); // biome-ignore format: a table
    expect(statistic).toBe(9);
    expectClose(pvalue, 17 / 70);
    expectClose(stats.fisherExact([[3, 1], [1, 3]]).pvalue, 34 / 70); // biome-ignore format: a table
  });

  it('chi-square of two degrees of freedom: p = exp(-χ² / 2)', () => {
    const result = stats.chisquare([10, 20, 30]);
    expect([result.statistic, result.df]).toEqual([10, 2]);
    expectClose(result.pvalue, Math.exp(-5));
    expectClose(result.effectSize, Math.sqrt(1 / 6));
    const table = stats.chi2Contingency([[10, 20], [20, 10]], { correction: false }); // biome-ignore format: a table
    expectClose([table.statistic, table.effectSize], [20 / 3, 1 / 3]);
    expect(table.expectedFreq.toArray()).toEqual([[15, 15], [15, 15]]); // biome-ignore format: a table
  });

  it('a count of 0 leaves divergences finite down to λ = -1', () => {
    const [counts, root] = [[0, 4, 8], Math.sqrt(4)];
    // 4 Σ (√fᵢ - √eᵢ)²
    const freemanTukey = 4 * (root ** 2 + (2 - root) ** 2 + (Math.sqrt(8) - root) ** 2);
    expectClose(stats.chisquare(counts, { lambda: 'freeman-tukey' }).statistic, freemanTukey);
    const neyman = stats.chisquare(counts, { lambda: 'neyman' });
    expect([neyman.statistic, neyman.pvalue]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  it('F of three groups: 3 times the variance of means over the mean variance', () => {
    const result = stats.fOneway([[1, 2, 3], [2, 3, 4], [3, 4, 5]]); // biome-ignore format: groups
    expect(result.statistic).toBe(3);
    expectClose(result.pvalue, 0.125); // (1 + 2 F / 6)^-3
    expect([result.ssBetween, result.ssWithin, result.effectSize]).toEqual([6, 6, 0.5]);
  });

  it('correlations of four pairs', () => {
    const [x, y] = [[1, 2, 3, 4], [1, 3, 2, 4]]; // biome-ignore format: pairs
    expectClose(stats.pearsonr(x, y).statistic, 0.8);
    expectClose(stats.spearmanr(x, y).statistic, 0.8);
    const tau = stats.kendalltau(x, y);
    expectClose(tau.statistic, 4 / 6);
    expectClose(tau.pvalue, 2 * (4 / 24)); // of 24 orders, 1 + 3 have at most one pair out of order
  });

  it('columns that rise together correlate by 1 and no less', () => {
    const x = [0.3, 0.1, 2.7, 7.7, 8.1];
    const rising = stats.spearmanr(x, x.map(Math.exp));
    expect([rising.statistic, rising.pvalue]).toEqual([1, 0]);
    expect(stats.pearsonr(x, x.map((value) => -2 * value)).statistic).toBe(-1); // biome-ignore format: a line
    const columns = { x: Float64Array.from(x), twice: Float64Array.from(x, (value) => 2 * value) };
    expect(stats.correlationTable(columns).correlations.toArray()).toEqual([[1, 1], [1, 1]]); // biome-ignore format: a table
  });

  it('Kolmogorov-Smirnov of one and of two numbers', () => {
    const uniform = { cdf: (x: number) => x };
    expectClose(stats.kstest([0.2], uniform).pvalue, 0.4); // P(D ≥ d) = 2 (1 - d)
    expectClose(stats.kstest([0.2], uniform, { alternative: 'greater' }).pvalue, 0.2);
    // n = 2, d from ¼ to ½: P(D < d) = 2 (2 d - ½)².
    expectClose(stats.kstest([0.3, 0.6], uniform).pvalue, 1 - 2 * (2 * 0.4 - 0.5) ** 2);
    // All of x before all of y: 2 of the 6 orders.
    expectClose(stats.ks2samp([1, 2], [3, 4]).pvalue, 2 / 6);
  });

  it('corrections of four p-values', () => {
    const p = [0.03, 0.01, 0.04, 0.5];
    const corrected = (method: stats.MultipleTestsMethod) => [...stats.multipletests(p, { method }).pvalsCorrected];
    expectClose(corrected('bonferroni'), [0.12, 0.04, 0.16, 1]);
    expectClose(corrected('holm'), [0.09, 0.04, 0.09, 0.5]);
    expectClose(corrected('simes-hochberg'), [0.08, 0.04, 0.08, 0.5]);
    expectClose(corrected('fdr_bh'), [0.16 / 3, 0.04, 0.16 / 3, 0.5]);
    expect(stats.multipletests(p, { method: 'holm' }).reject).toEqual([false, true, false, false]);
    expect(stats.multipletests(p).reject).toEqual([false, true, false, false]);
  });

  it('prints readably, and survives JSON with infinities as words', () => {
    const result = stats.ttest1samp([1, 2, 3], 1, { alternative: 'greater' });
    const text = [
      'One-sample t test',
      '  statistic           1.73205',
      '  pvalue              0.112702',
      '  df                  2',
      '  alternative         greater',
      '  estimate            2',
      '  standardError       0.57735',
      '  confidenceInterval  [0.314146, Infinity] at 95%',
      '  effectSize          1',
    ].join('\n');
    expect(String(result)).toBe(text);
    expect(inspect(result)).toBe(text);
    expect(Object.isFrozen(result)).toBe(true);
    expect(JSON.parse(JSON.stringify(result)).confidenceInterval).toMatchObject({ high: 'Infinity', level: 0.95 });
    expect(String(stats.multipletests([0.01, 0.2]))).toBe(
      [
        'Multiple tests (holm-sidak): 1 of 2 rejected at alpha 0.05',
        '  alphacSidak  0.0253206',
        '  alphacBonf   0.025',
      ].join('\n'),
    );
    expect(JSON.parse(JSON.stringify(stats.multipletests([0.5]))).pvalsCorrected).toEqual([0.5]);
  });
});

interface Case {
  fn: string;
  args: unknown[];
  options: Record<string, unknown>;
  expected: unknown;
  rtol?: number;
}

const path = new URL('./fixtures/hypothesis.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as { samples: unknown[]; cases: Case[] };

const functions = new Map<string, unknown>(Object.entries(stats));

/** Samples stand in the file once and are referred to by their place. */
function argument(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(argument);
  return typeof value === 'string' ? fixture.samples[Number(value.slice('sample '.length))] : value;
}

/** Infinities are words in the file. */
function number(value: unknown): unknown {
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  if (value === '-inf') return Number.NEGATIVE_INFINITY;
  if (Array.isArray(value)) return value.map(number);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, number(item)]));
}

describe('tests, as SciPy, statsmodels and R', () => {
  const names = [...new Set(fixture.cases.map(({ fn }) => fn))];
  for (const name of names) {
    it(name, () => {
      for (const { fn, args, options, expected, rtol = 1e-9 } of fixture.cases.filter((c) => c.fn === name)) {
        const run = functions.get(fn) as (...args: unknown[]) => unknown;
        const given = args.map(argument);
        if (fn === 'kstest') given.push(normal());
        const came = run(...given, options);
        const wanted = number(expected);
        const message = { rtol, atol: 1e-15, name: `${fn} ${JSON.stringify(options)}` };
        if (Array.isArray(wanted) || typeof wanted === 'number') expectClose(came, wanted, message);
        else
          for (const [key, value] of Object.entries(wanted as object))
            expectClose((came as Record<string, unknown>)[key], value, { ...message, name: `${message.name} ${key}` });
      }
      expect(names.length).toBeGreaterThan(15);
    });
  }
});

/** All ways to choose k of the places 0 to n - 1. */
function choices(n: number, k: number): number[][] {
  if (k === 0) return [[]];
  if (n < k) return [];
  return [...choices(n - 1, k), ...choices(n - 1, k - 1).map((chosen) => [...chosen, n - 1])];
}

function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, i) => [...order.slice(0, i), n - 1, ...order.slice(i)]),
  );
}

const share = (all: boolean[]) => all.filter(Boolean).length / all.length;
const small = (least: number, most: number) =>
  fc.array(fc.integer({ min: 0, max: 6 }), { minLength: least, maxLength: most });

describe('tests, laws', () => {
  it('exact Mann-Whitney p, also with ties, is the share of choices that are as extreme', () => {
    fc.assert(
      fc.property(small(1, 5), small(1, 5), (x, y) => {
        const ranks = stats.rankdata([...x, ...y]);
        const sums = choices(x.length + y.length, x.length).map((c) => c.reduce((sum, i) => sum + ranks[i]!, 0));
        const own = x.reduce((sum, _, i) => sum + ranks[i]!, 0);
        const [less, greater] = [share(sums.map((s) => s <= own)), share(sums.map((s) => s >= own))];
        const p = (alternative: stats.Alternative) => stats.mannwhitneyu(x, y, { alternative, method: 'exact' }).pvalue;
        expectClose(
          [p('less'), p('greater'), p('two-sided')],
          [less, greater, Math.min(1, 2 * Math.min(less, greater))],
        );
      }),
    );
  });

  it('exact Wilcoxon p, also with ties, is the share of signs that are as extreme', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: -4, max: 4 }).filter((v) => v !== 0),
          { minLength: 1, maxLength: 7 },
        ),
        (d) => {
          const ranks = stats.rankdata(d.map(Math.abs));
          const sums = Array.from({ length: 2 ** d.length }, (_, signs) =>
            d.reduce((sum, __, i) => sum + ((signs >> i) & 1) * ranks[i]!, 0),
          );
          const own = d.reduce((sum, v, i) => sum + (v > 0 ? ranks[i]! : 0), 0);
          const [less, greater] = [share(sums.map((s) => s <= own)), share(sums.map((s) => s >= own))];
          const p = (alternative: stats.Alternative) => stats.wilcoxon(d, null, { alternative }).pvalue;
          expectClose(
            [p('less'), p('greater'), p('two-sided')],
            [less, greater, Math.min(1, 2 * Math.min(less, greater))],
          );
        },
      ),
    );
  });

  it('exact Kendall p is the share of orders that are as extreme', () => {
    for (const n of [2, 3, 4, 5, 6]) {
      const all = orders(n);
      const x = all[0]!.map((_, i) => i);
      const taus = all.map((y) => stats.kendalltau(x, y).statistic);
      for (const y of all.slice(0, 40)) {
        const own = stats.kendalltau(x, y).statistic;
        const near = (t: number) => Math.abs(t - own) < 1e-9;
        const less = share(taus.map((t) => t < own || near(t)));
        const greater = share(taus.map((t) => t > own || near(t)));
        const p = (alternative: stats.Alternative) => stats.kendalltau(x, y, { alternative }).pvalue;
        expectClose(
          [p('less'), p('greater'), p('two-sided')],
          [less, greater, Math.min(1, 2 * Math.min(less, greater))],
        );
      }
    }
  });

  it('exact Kolmogorov-Smirnov p of two samples is the share of orders that are as extreme', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.nat(), (n, m, pick) => {
        const all = choices(n + m, n);
        const samples = all.map(
          (chosen) => [chosen, [...Array(n + m).keys()].filter((i) => !chosen.includes(i))] as const,
        );
        const [x, y] = samples[pick % samples.length]!;
        for (const alternative of ['two-sided', 'less', 'greater'] as const) {
          const d = samples.map(([a, b]) => stats.ks2samp(a, b, { alternative, method: 'asymp' }).statistic);
          const own = stats.ks2samp(x, y, { alternative });
          expectClose(own.pvalue, share(d.map((value) => value >= own.statistic - 1e-12)));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('exact Kolmogorov-Smirnov p of one sample: that of many uniform samples, and both ways of computing it meet', () => {
    const random = new Random(1);
    const uniform = { cdf: (x: number) => x };
    const [n, runs] = [8, 4000];
    const low = Array.from({ length: runs }, () => {
      return (
        stats.kstest(
          Array.from({ length: n }, () => random.uniform()),
          uniform,
        ).pvalue <= 0.3
      );
    });
    expect(Math.abs(share(low) - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / runs));
    // Around n d² = 4.5, where the tail takes over from the whole.
    for (const count of [20, 1000, 200000]) {
      const [before, after] = [4.499, 4.501].map((square) => {
        const x = [...Array(count).keys()].map((i) => (i + 1) / count);
        const d = Math.sqrt(square / count);
        return stats.kstest(
          x.map((v) => Math.min(1, v + d - 1 / count)),
          uniform,
        ).pvalue;
      });
      expect(Math.log(before! / after!)).toBeGreaterThan(0.003);
      expect(Math.log(before! / after!)).toBeLessThan(0.005);
    }
  });

  it('t tests do not mind units, and see the order of their samples', () => {
    const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, fc.boolean(), (x, y, equalVar) => {
        fc.pre(new Set(x).size > 1 && Math.max(...x) - Math.min(...x) > 1e-3);
        const p = stats.ttestInd(x, y, { equalVar });
        const scaled = stats.ttestInd(x.map((v) => 8 * v), y.map((v) => 8 * v), { equalVar }); // biome-ignore format: short
        expectClose([scaled.pvalue, scaled.effectSize], [p.pvalue, p.effectSize], { rtol: 1e-7, atol: 1e-12 });
        const back = stats.ttestInd(y, x, { equalVar });
        expectClose([back.statistic, back.pvalue], [-p.statistic, p.pvalue], { rtol: 1e-7, atol: 1e-12 });
        const { low, high } = p.confidenceInterval;
        expect(low <= 0 && 0 <= high).toBe(p.pvalue >= 0.05);
      }),
    );
  });

  it('corrected p-values are never smaller, keep their order, and a stronger correction rejects no more', () => {
    const all = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(all, (p) => {
        const corrected = (method: stats.MultipleTestsMethod) => stats.multipletests(p, { method }).pvalsCorrected;
        const chain = (['fdr_bh', 'hommel', 'simes-hochberg', 'holm', 'bonferroni'] as const).map(corrected);
        for (const [i, value] of p.entries()) {
          let before = value;
          for (const list of chain) {
            expect(list[i]!).toBeGreaterThanOrEqual(before - 1e-12);
            before = list[i]!;
          }
        }
        const order = [...p.keys()].sort((i, j) => p[i]! - p[j]!);
        for (const list of chain) {
          for (let k = 1; k < order.length; k++) expect(list[order[k]!]!).toBeGreaterThanOrEqual(list[order[k - 1]!]!);
        }
      }),
    );
  });
});

describe('tests, hostile input', () => {
  const two = [[1, 2, 3], [2, 4, 9]] as const; // biome-ignore format: samples
  const runs: Record<string, (x: number[]) => unknown> = {
    ttest1samp: (x) => stats.ttest1samp(x, 0),
    shapiro: (x) => stats.shapiro(x),
    wilcoxon: (x) => stats.wilcoxon(x),
    kstest: (x) => stats.kstest(x, normal()),
    ttestInd: (x) => stats.ttestInd(x, two[0]),
    ttestRel: (x) => stats.ttestRel(x, two[0]),
    mannwhitneyu: (x) => stats.mannwhitneyu(x, two[0]),
    ks2samp: (x) => stats.ks2samp(x, two[0]),
    pearsonr: (x) => stats.pearsonr(x, two[0]),
    spearmanr: (x) => stats.spearmanr(x, two[0]),
    kendalltau: (x) => stats.kendalltau(x, two[0]),
  };

  it('NaN and infinity are refused by their place', () => {
    for (const [name, run] of Object.entries(runs)) {
      expectError(
        () => run([1, Number.NaN, 2]),
        DataError,
        `${name}: x[1] is NaN; drop it first, or use nanPolicy: 'omit'`,
      );
      expectError(() => run([1, 2, -Infinity]), DataError, `${name}: x[2] must be a finite number, got -Infinity`);
      expectError(() => run('abc' as never), OptionError, `${name}: x must be an array of numbers, got 'abc'`);
    }
    expectError(
      () => stats.fOneway([[1, 2], [3, Number.NaN]]), // biome-ignore format: groups
      DataError,
      "fOneway: samples[1][1] is NaN; drop it first, or use nanPolicy: 'omit'",
    );
  });

  it('NaN can be left out: a number of one sample, or a pair', () => {
    const x = [1, Number.NaN, 2, 5];
    const nanPolicy = 'omit' as const;
    expect(stats.ttest1samp(x, 0, { nanPolicy }).pvalue).toBe(stats.ttest1samp([1, 2, 5], 0).pvalue);
    expect(stats.ttestRel(x, [3, 4, 1, Number.NaN], { nanPolicy }).statistic).toBe(
      stats.ttestRel([1, 2], [3, 1]).statistic,
    );
    expect(stats.pearsonr(x, [3, 9, 1, 7], { nanPolicy }).statistic).toBe(
      stats.pearsonr([1, 2, 5], [3, 1, 7]).statistic,
    );
  });

  it('constants and too few numbers are refused, never NaN', () => {
    const refused: [() => unknown, string][] = [
      [() => stats.ttest1samp([2, 2, 2], 1), 'ttest1samp: x is constant, so its mean has no standard error'],
      [() => stats.ttest1samp([2], 1), 'ttest1samp: x must have at least 2 numbers, got 1'],
      [() => stats.ttest1samp([], 1), 'ttest1samp: x must have at least 2 numbers, got 0'],
      [() => stats.ttestRel([1, 2], [2, 3]), 'ttestRel: x - y is constant, so its mean has no standard error'],
      [
        () => stats.ttestInd([1, 1], [2, 2]),
        'ttestInd: x and y are constant, so their difference has no standard error',
      ],
      [() => stats.ttestInd([1], [2]), 'ttestInd: x and y must have at least 3 numbers together, got 2'],
      [() => stats.ttestInd([1], [2, 3], { equalVar: false }), 'ttestInd: x must have at least 2 numbers, got 1'],
      [
        () => stats.ttest1samp([1e200, -1e200], 1),
        'ttest1samp: squares of x overflow; divide all numbers by a constant first',
      ],
      [() => stats.wilcoxon([0, 0]), 'wilcoxon: all differences are 0, so there is nothing to rank'],
      [() => stats.shapiro([3, 3, 3]), 'shapiro: x is constant, so it has no distribution to test'],
      [() => stats.shapiro([1, 2]), 'shapiro: x must have at least 3 numbers, got 2'],
      [() => stats.pearsonr([1, 2], [3, 3]), 'pearsonr: y is constant, so it has no correlation with anything'],
      [() => stats.spearmanr([4, 4], [3, 1]), 'spearmanr: x is constant, so it has no correlation with anything'],
      [() => stats.kendalltau([1, 2], [3, 3]), 'kendalltau: y is constant, so it has no correlation with anything'],
      [() => stats.fOneway([[1, 1], [2, 2]]), 'fOneway: each of the samples is constant, so there is no variance within them'], // biome-ignore format: long
      [() => stats.fOneway([[1], [2]]), 'fOneway: samples must have more numbers than there are samples, got 2 in 2'],
      [() => stats.kruskal([[3, 3], [3]]), 'kruskal: all numbers are equal, so there is nothing to rank'],
      [() => stats.kruskal([[3, 3], []]), 'kruskal: samples[1] must have at least 1 number, got 0'],
      [() => stats.chisquare([0, 0]), 'chisquare: fObs must not be all 0'],
      [() => stats.chisquare([3, -1]), 'chisquare: fObs[1] must be a count ≥ 0, got -1'],
      [() => stats.chisquare([3, 5], { fExp: [8, 0] }), 'chisquare: fExp[1] must be > 0, got 0'],
      [
        () => stats.chisquare([3, 5], { fExp: [4, 5] }),
        'chisquare: fExp must add up to the sum of fObs, 8, got 9; scale it to that sum',
      ],
      [() => stats.chi2Contingency([[0, 0], [1, 2]]), 'chi2Contingency: row 0 of observed is all 0; leave it out'], // biome-ignore format: long
      [
        () => stats.chi2Contingency([[1, 2]]),
        'chi2Contingency: observed must have at least 2 rows and 2 columns, got [1, 2]',
      ],
      [() => stats.fisherExact([[1, 0], [3, 0]]), 'fisherExact: table has a row or column of zeros, so there is nothing to compare'], // biome-ignore format: long
      [() => stats.fisherExact([[1, 2.5], [3, 1]]), 'fisherExact: table[0, 1] must be an integer ≥ 0, got 2.5'], // biome-ignore format: long
      [() => stats.multipletests([0.1, 1.5]), 'multipletests: pvals[1] must be from 0 to 1, got 1.5'],
      [() => stats.multipletests([]), 'multipletests: pvals must have at least 1 number, got 0'],
      [() => stats.kstest([1], () => 2), 'kstest: the distribution function must be from 0 to 1, got 2 at 1'],
    ];
    for (const [run, message] of refused) expectError(run, DataError, message);
  });

  it('numbers that are all equal in two samples: no difference', () => {
    expect(stats.mannwhitneyu([2, 2, 2], [2, 2]).pvalue).toBe(1);
    expect(stats.ks2samp([2, 2, 2], [2, 2]).pvalue).toBe(1);
  });

  it('one number in each of two samples: the limit has an answer too', () => {
    expect(stats.ks2samp([1], [2], { method: 'asymp' }).pvalue).toBe(0);
    expect(stats.ks2samp([1], [2]).pvalue).toBe(1);
  });

  it('perfect correlations: p is 0, or 1 of two pairs', () => {
    const x = [1, 2, 3, 5];
    const { statistic, pvalue, confidenceInterval } = stats.pearsonr(x, x);
    expect([statistic, pvalue]).toEqual([1, 0]);
    expect(confidenceInterval).toEqual({ low: 1, high: 1, level: 0.95 });
    expect(stats.pearsonr(x, x, { alternative: 'less' }).pvalue).toBe(1);
    expect(stats.pearsonr([1, 2], [5, 3]).pvalue).toBe(1);
    expectClose(
      stats.pearsonr([1e200, 2e200, -1e200], [1e-200, 2e-200, 0]).statistic,
      stats.pearsonr([1, 2, -1], [1, 2, 0]).statistic,
    );
  });

  it('options and shapes that have no meaning', () => {
    const [x, y] = two;
    expectError(
      () => stats.ttestInd(x, y, { alternative: 'greater than' as never }),
      OptionError,
      "ttestInd: alternative must be 'two-sided', 'less' or 'greater', got 'greater than'",
    );
    expectError(
      () => stats.ttestInd(x, y, { equalvar: false } as never),
      OptionError,
      'ttestInd: there is no option equalvar, only alternative, confidenceLevel, nanPolicy and equalVar',
    );
    expectError(() => stats.ttestRel(x, [1, 2]), ShapeError, 'ttestRel: x has 3 numbers, but y has 2');
    expectError(() => stats.fOneway([x]), OptionError, 'fOneway: samples must be at least 2, got 1');
    for (const test of [stats.fOneway, stats.kruskal]) {
      const message = `${test.name}: samples must be one array of samples, as in ${test.name}([a, b, c])`;
      expectError(() => test(x as never), OptionError, message);
      expectError(() => test([1, 2] as never, [3, 4] as never), OptionError, message);
      expectError(() => test(Float64Array.of(1, 2) as never), OptionError, message);
    }
    expectError(
      () => stats.fisherExact([[1, 2, 3]]),
      ShapeError,
      'fisherExact: table must be [2, 2], got [1, 3]; for others use chi2Contingency',
    );
    expectError(
      () => stats.kendalltau([1, 1, 2], y, { method: 'exact' }),
      OptionError,
      "kendalltau: some numbers are equal, so method must be 'asymptotic', got 'exact'",
    );
    expectError(
      () => stats.wilcoxon([0, 1, 2], null, { method: 'exact' }),
      OptionError,
      "wilcoxon: 1 of the differences are 0, so method must be 'approx', got 'exact'",
    );
    expectError(
      () => stats.kstest(x, [1, 2] as never),
      OptionError,
      'kstest: distribution must be a distribution function or have one as cdf, got [1, 2]; see normal() of @maru-ml/special, or ks2samp for a second sample',
    );
    const many = Array.from({ length: 3000 }, (_, i) => i);
    expect(stats.mannwhitneyu([0.5, 9.5], many).method).toBe('exact');
    expect(stats.mannwhitneyu([0.5, 9.5, 10.5, 11.5, 12.5, 13.5, 14.5, 15.5], many).method).toBe('asymptotic');
    expectError(
      () => stats.mannwhitneyu(many, many, { method: 'exact' }),
      OptionError,
      "mannwhitneyu: samples of 3000 and 3000 numbers are too large for method 'exact'",
    );
    expectError(
      () => stats.wilcoxon(many.slice(1, 1100), null, { method: 'exact' }),
      OptionError,
      "wilcoxon: 1099 differences are too many for method 'exact', which takes at most 1000",
    );
  });
});
