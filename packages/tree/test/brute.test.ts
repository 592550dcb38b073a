import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecisionTreeClassifier, DecisionTreeRegressor, type Tree } from '../src/index.ts';

// Missing values, categories and weights against all splits there are, node by node. Debian's scikit-learn refuses missing values, and
// knows no categories.

/** Some rows: weights, and what is to be told of them. */
interface Rows {
  x: number[][];
  y: number[];
  w: number[];
}

type Impurity = (y: number[], w: number[]) => number;

const total = (list: number[]) => list.reduce((sum, value) => sum + value, 0);
const meanOf = (y: number[], w: number[]) => total(y.map((value, i) => w[i]! * value)) / total(w);

function shares(y: number[], w: number[]): number[] {
  return [0, 1, 2].map((c) => total(w.filter((_, i) => y[i] === c)) / total(w));
}

function medianOf(y: number[], w: number[]): number {
  // Of all targets, that with the least sum of deviations.
  const cost = (m: number) => total(y.map((value, i) => w[i]! * Math.abs(value - m)));
  return y.reduce((best, value) => (cost(value) < cost(best) ? value : best));
}

const IMPURITIES: Record<string, Impurity> = {
  gini: (y, w) => 1 - total(shares(y, w).map((p) => p * p)),
  entropy: (y, w) => -total(shares(y, w).map((p) => (p === 0 ? 0 : p * Math.log2(p)))),
  squaredError: (y, w) =>
    meanOf(
      y.map((value) => (value - meanOf(y, w)) ** 2),
      w,
    ),
  absoluteError: (y, w) =>
    meanOf(
      y.map((value) => Math.abs(value - medianOf(y, w))),
      w,
    ),
  poisson: (y, w) =>
    meanOf(
      y.map((value) => (value === 0 ? 0 : value * Math.log(value / meanOf(y, w)))),
      w,
    ),
};

/** Both sides of every split of some rows by column j. */
function* splits({ x }: Rows, rows: number[], j: number, isCategory: boolean): Generator<[number[], number[]]> {
  const missing = rows.filter((i) => Number.isNaN(x[i]![j]!));
  const there = rows.filter((i) => !Number.isNaN(x[i]![j]!));
  const values = [...new Set(there.map((i) => x[i]![j]!))].sort((a, b) => a - b);
  const lefts = isCategory
    ? Array.from({ length: 2 ** values.length }, (_, set) => values.filter((_, v) => (set >> v) & 1))
    : values.map((_, v) => values.slice(0, v + 1));
  for (const left of lefts) {
    const goes = there.filter((i) => left.includes(x[i]![j]!));
    const stays = there.filter((i) => !left.includes(x[i]![j]!));
    yield [goes, [...stays, ...missing]];
    yield [[...goes, ...missing], stays];
  }
}

/** Asserts that the tree's statistics are right, and that no node could have been split better. */
function expectBest(
  tree: Tree,
  given: Rows,
  impurity: Impurity,
  { minSamplesLeaf = 1, maxDepth = 99, categories = [] as number[] },
  isPossible: (left: number[], right: number[]) => boolean = () => true,
): void {
  const risk = (rows: number[]) => {
    const w = rows.map((i) => given.w[i]!);
    return (
      total(w) *
      impurity(
        rows.map((i) => given.y[i]!),
        w,
      )
    );
  };
  const all = given.y.map((_, i) => i).filter((i) => given.w[i]! > 0);
  const visit = (node: number, rows: number[], depth: number) => {
    expect(tree.nNodeSamples[node]).toBe(rows.length);
    const weight = total(rows.map((i) => given.w[i]!));
    expect(tree.weightedNNodeSamples[node]).toBeCloseTo(weight, 9);
    expect(tree.impurity[node]! * weight).toBeCloseTo(risk(rows), 8);
    let best = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < given.x[0]!.length; j++) {
      for (const [left, right] of splits(given, rows, j, categories.includes(j))) {
        if (left.length < minSamplesLeaf || right.length < minSamplesLeaf || !isPossible(left, right)) continue;
        best = Math.max(best, risk(rows) - risk(left) - risk(right));
      }
    }
    if (tree.feature[node]! < 0) {
      if (depth < maxDepth && tree.impurity[node]! > 1e-9) expect(best).toBe(Number.NEGATIVE_INFINITY);
      return;
    }
    const j = tree.feature[node]!;
    // The way of a row is that of its leaf's ancestors, as `apply` finds it.
    const left = rows.filter((i) => below(tree, tree.left[node]!).has(tree.leafOf(given.x[i]!, 0)));
    const right = rows.filter((i) => !left.includes(i));
    expect(Math.min(left.length, right.length)).toBeGreaterThanOrEqual(minSamplesLeaf);
    expect(risk(rows) - risk(left) - risk(right)).toBeGreaterThan(best - 1e-8);
    if (!rows.some((i) => Number.isNaN(given.x[i]![j]!))) {
      expect(tree.missingLeft[node]).toBe(left.length > right.length ? 1 : 0);
    }
    visit(tree.left[node]!, left, depth + 1);
    visit(tree.right[node]!, right, depth + 1);
  };
  visit(0, all, 0);
}

function below(tree: Tree, node: number): Set<number> {
  if (tree.feature[node]! < 0) return new Set([node]);
  return new Set([...below(tree, tree.left[node]!), ...below(tree, tree.right[node]!)]);
}

/** Few different values, so that ties, missing ones and categories meet. */
const number = (most: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: most }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
const rows = (classes: number) =>
  fc
    .array(
      fc.record({
        x: fc.tuple(number(4), number(6)),
        y: fc.integer({ min: 0, max: classes }),
        w: fc.integer({ min: 0, max: 3 }),
      }),
      { minLength: 3, maxLength: 14 },
    )
    .filter((list) => list.some(({ w }) => w > 0))
    .map((list): Rows => ({ x: list.map(({ x }) => [...x]), y: list.map(({ y }) => y), w: list.map(({ w }) => w) }));
const limits = fc.record({ minSamplesLeaf: fc.integer({ min: 1, max: 3 }), maxDepth: fc.integer({ min: 1, max: 5 }) });

/** Makes sure that classes 0 to 2 are there, with rows that weigh nothing. */
function withAllClasses({ x, y, w }: Rows): Rows {
  return { x: [...x, ...[0, 1, 2].map(() => [0, 0])], y: [...y, 0, 1, 2], w: [...w, 0, 0, 0] };
}

describe('every node is split as well as any split could', () => {
  test.each(['gini', 'entropy'] as const)('classes by %s, with missing values', (criterion) => {
    fc.assert(
      fc.property(rows(2), limits, (few, options) => {
        const given = withAllClasses(few);
        const model = new DecisionTreeClassifier({ criterion, ...options }).fit(given.x, given.y, {
          sampleWeight: given.w,
        });
        expectBest(model.tree, given, IMPURITIES[criterion]!, options);
      }),
      { numRuns: 150 },
    );
  });

  test.each(['gini', 'entropy'] as const)('two classes by %s, with categories', (criterion) => {
    fc.assert(
      fc.property(rows(1), limits, (given, options) => {
        const y = given.y.map((code) => code + 10);
        const estimator = new DecisionTreeClassifier({ criterion, ...options, categoricalFeatures: [1] });
        const model = estimator.fit(given.x, y, { sampleWeight: given.w });
        if (options.minSamplesLeaf === 1) {
          expectBest(model.tree, given, IMPURITIES[criterion]!, { ...options, categories: [1] });
        }
      }),
      { numRuns: 150 },
    );
  });

  test.each(['squaredError', 'absoluteError', 'poisson'] as const)(
    'numbers by %s, with missing values',
    (criterion) => {
      fc.assert(
        fc.property(rows(5), limits, (given, options) => {
          if (criterion === 'poisson' && given.y.every((value, i) => value * given.w[i]! === 0)) return;
          const model = new DecisionTreeRegressor({ criterion, ...options }).fit(given.x, given.y, {
            sampleWeight: given.w,
          });
          const counts = (side: number[]) => side.some((i) => given.y[i]! > 0);
          const isPossible = (left: number[], right: number[]) =>
            criterion !== 'poisson' || (counts(left) && counts(right));
          expectBest(model.tree, given, IMPURITIES[criterion]!, options, isPossible);
        }),
        { numRuns: 150 },
      );
    },
  );

  test('numbers by squaredError, with categories', () => {
    fc.assert(
      fc.property(rows(5), limits, (given, { maxDepth }) => {
        const model = new DecisionTreeRegressor({ maxDepth, categoricalFeatures: [0, 1] }).fit(given.x, given.y, {
          sampleWeight: given.w,
        });
        expectBest(model.tree, given, IMPURITIES.squaredError!, { maxDepth, categories: [0, 1] });
      }),
      { numRuns: 150 },
    );
  });
});
