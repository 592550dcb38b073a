import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { dendrogram, graph, margins, scoreCurve } from '../src/index.ts';
import { layoutTree } from '../src/layout-tree.ts';
import { type Any, look } from './help.ts';

const box = { width: 20, height: 10 };

describe('layoutTree', () => {
  it('puts boxes at their depth in the order of the arcs', () => {
    const arcs = [
      { from: 0, to: 1 },
      { from: 0, to: 2 },
      { from: 2, to: 3 },
      { from: 2, to: 4 },
    ];
    const { centers, width, height, routes } = layoutTree(Array(5).fill(box), arcs)!;
    // Two boxes with a gap of 14 between them are 34 apart; box 2 is over the middle of its own, one box to the right of box 1.
    expect(centers.map(({ x }) => x)).toEqual([27, 10, 44, 27, 61]);
    expect(centers.map(({ y }) => y)).toEqual([5, 49, 49, 93, 93]);
    expect([width, height]).toEqual([71, 98]);
    expect(routes[2]).toEqual([
      { x: 44, y: 54 },
      { x: 27, y: 88 },
    ]);
  });

  it('keeps subtrees apart below their roots', () => {
    const wide = { width: 100, height: 10 };
    const arcs = [
      { from: 0, to: 1 },
      { from: 0, to: 2 },
      { from: 1, to: 3 },
      { from: 2, to: 4 },
    ];
    const { centers } = layoutTree([box, box, box, wide, wide], arcs)!;
    expect(centers[4]!.x - centers[3]!.x).toBe(114);
    expect(centers[0]!.x).toBe((centers[1]!.x + centers[2]!.x) / 2);
  });

  it.each([
    [
      'two arcs to a box',
      [
        { from: 0, to: 2 },
        { from: 1, to: 2 },
      ],
    ],
    ['two roots', [{ from: 0, to: 1 }]],
  ])('leaves other graphs to layers: %s', (_, arcs) => {
    expect(layoutTree(Array(3).fill(box), arcs)).toBeNull();
  });

  it('takes a chain of thousands', () => {
    const arcs = Array.from({ length: 1999 }, (_, i) => ({ from: i, to: i + 1 }));
    expect(layoutTree(Array(2000).fill(box), arcs)!.width).toBe(20);
  });

  it('is what graph draws a tree with', () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id }));
    const edges = [
      { from: 'a', to: 'c' },
      { from: 'a', to: 'b' },
    ];
    const boxes = look(graph({ nodes, edges })).layer.at(-1).data.values as Any[];
    expect(boxes[2].left).toBeLessThan(boxes[1].left);
    expect(boxes[2].top).toBe(boxes[1].top);
  });
});

describe('dendrogram', () => {
  const merges = {
    children: [
      [0, 2],
      [1, 3],
      [4, 5],
    ],
    distances: [1, 2, 5],
  };

  it('joins branches at the height of their distance', () => {
    const { values } = look(dendrogram(merges)).layer[0].data;
    expect(values.filter(({ merge }: Any) => merge === 4).map(({ x, y }: Any) => [x, y])).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ]);
    expect(values.filter(({ merge }: Any) => merge === 6).map(({ x, y }: Any) => [x, y])).toEqual([
      [0.5, 1],
      [0.5, 5],
      [2.5, 5],
      [2.5, 2],
    ]);
  });

  it('names leaves in the order of the tree, and counts rows that are not drawn', () => {
    const names = (options: Any) => look(dendrogram(merges, options)).encoding.x.axis.labelExpr;
    expect(names({ labels: ['a', 'b', 'c', 'd'] })).toContain('["a","c","b","d"]');
    expect(names({ maxLeaves: 3 })).toContain('["(2)","1","3"]');
  });

  it('colors what is joined up to the threshold', () => {
    const { values } = look(dendrogram(merges, { threshold: 1.5 })).layer[0].data;
    expect([...new Set(values.map(({ merge, cluster }: Any) => `${merge} ${cluster}`))].sort()).toEqual([
      '4 cluster 1',
      '5 above',
      '6 above',
    ]);
  });

  it('refuses what is no tree', () => {
    const wrong =
      (children: Any, distances: Any = [1, 2]) =>
      () =>
        dendrogram({ children, distances });
    expectError(
      wrong([
        [0, 1],
        [0, 2],
      ]),
      DataError,
      'dendrogram: children[1] must be rows or merges before it, each in one merge only, got 0',
    );
    expectError(
      wrong([
        [0, 4],
        [1, 2],
      ]),
      DataError,
      'dendrogram: children[0] must be rows or merges before it, each in one merge only, got 4',
    );
    expectError(
      wrong(
        [
          [0, 1],
          [2, 3],
        ],
        [1, Number.NaN],
      ),
      DataError,
      'dendrogram: distances[1] must be at least 0 and finite, got NaN',
    );
    expectError(
      wrong(
        [
          [0, 1],
          [2, 3],
        ],
        [1],
      ),
      ShapeError,
      'dendrogram: distances has 1 value, but children has 2',
    );
    expectError(wrong([[0, 1, 2]], [1]), ShapeError, 'dendrogram: children must be [n - 1, 2], got 3 columns');
    expectError(
      () => dendrogram([] as Any),
      OptionError,
      'dendrogram: merges must have children and distances, got []',
    );
  });
});

describe('margins', () => {
  const points = [
    [-1, 0],
    [1, 0],
  ];
  const decide = (rows: number[][]) => rows.map(([x]) => 2 * x!);

  it('draws the boundary and the margins where the decision is 0, -1 and 1', () => {
    const { values } = look(margins(decide, points, [0, 1])).layer[1].data;
    const at = (level: string) => [...new Set(values.filter((v: Any) => v.level === level).map(({ x }: Any) => x))];
    expect(at('boundary')).toEqual([0]);
    expect(at('margin')).toEqual([-0.5, 0.5]);
  });

  it('rings the support vectors', () => {
    const { values } = look(margins(decide, points, [0, 1], { support: Int32Array.of(1) })).layer[3].data;
    expect(values).toEqual([{ x: 1, y: 0, ring: 'support vector' }]);
  });

  it('refuses what it cannot draw', () => {
    expectError(
      () => margins(decide, points, [1, 1]),
      DataError,
      'margins: labels must be of two classes, got 1 class',
    );
    expectError(
      () => margins(() => [1], points, [0, 1]),
      ShapeError,
      'margins: decide must return a number for each of 10000 rows, got 1; it is for two classes',
    );
    expectError(
      () => margins(decide, points, [0, 1], { support: [2] }),
      OptionError,
      'margins: support[0] must be an integer ≥ 0 and ≤ 1, got 2',
    );
    expectError(
      () => margins(1 as Any, points, [0, 1]),
      OptionError,
      'margins: decide must be a function of rows [x, y], got 1',
    );
  });
});

describe('scoreCurve', () => {
  it('draws means in bands of one standard deviation', () => {
    const spec = scoreCurve({
      values: [1, 2],
      trainScores: [
        [1, 1],
        [0.5, 1],
      ],
      testScores: [
        [0, 1],
        [1, 1],
      ],
    });
    expect(look(spec).data.values).toEqual([
      { line: 'training', x: 1, y: 1, low: 1, high: 1 },
      { line: 'training', x: 2, y: 0.75, low: 0.5, high: 1 },
      { line: 'held out', x: 1, y: 0.5, low: 0, high: 1 },
      { line: 'held out', x: 2, y: 1, low: 1, high: 1 },
    ]);
  });

  it('refuses what is no curve', () => {
    const wrong =
      (change: Any, options: Any = {}) =>
      () =>
        scoreCurve({ values: [1], trainScores: [[1]], testScores: [[1]], ...change }, options);
    expectError(
      wrong({ values: ['gini'] }),
      DataError,
      "scoreCurve: values[0] must be a number, got 'gini'; for names draw the means with bar",
    );
    expectError(
      wrong({ testScores: [[1], [2]] }),
      ShapeError,
      'scoreCurve: testScores must have a row for each of 1 values, got [2, 1]',
    );
    expectError(
      wrong({ values: 3 }),
      OptionError,
      'scoreCurve: a curve must have values, trainScores and testScores, got an object',
    );
    expectError(
      wrong({}, { trainName: 'a', testName: 'a' }),
      OptionError,
      "scoreCurve: trainName and testName must differ, got 'a'",
    );
  });
});
