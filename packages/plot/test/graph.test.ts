import { DataError, OptionError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { bar, type Graph, graph, grid, lines, toSvg } from '../src/index.ts';
import { type Any, look, strict } from './help.ts';

/** The boxes of a plot by their labels. */
const boxesOf = (spec: Any): Map<string, Any> =>
  new Map(spec.layer.at(-1).data.values.map((box: Any) => [box.label, box]));

describe('graph', () => {
  // D4 of the studies: f = (x + y) z at (-2, 5, -4).
  const worked: Graph = {
    nodes: [
      { id: 'x', detail: '-2' },
      { id: 'y', detail: '5' },
      { id: 'z', detail: '-4' },
      { id: '+', detail: '3', kind: 'operation' },
      { id: '×', detail: '-12\nthe result', kind: 'operation' },
    ],
    edges: [
      { from: 'x', to: '+', label: '-4' },
      { from: 'y', to: '+', label: '-4' },
      { from: '+', to: '×', label: '-4' },
      { from: 'z', to: '×', label: '3' },
    ],
  };

  it('runs down from what is given to what is computed', () => {
    const boxes: Map<string, Any> = boxesOf(look(graph(worked)));
    expect(boxes.get('x').top).toBe(boxes.get('y').top);
    expect(boxes.get('+').top).toBeGreaterThan(boxes.get('x').bottom);
    expect(boxes.get('×').top).toBeGreaterThan(boxes.get('+').bottom);
    // An input of the last step stands just above it.
    expect(boxes.get('z').top).toBe(boxes.get('+').top);
    expect(boxes.get('×')).toMatchObject({ detail: '-12\nthe result', kind: 'operation' });
  });

  it('runs to the right if asked', () => {
    const boxes: Map<string, Any> = boxesOf(look(graph(worked, { direction: 'right' })));
    expect(boxes.get('+').left).toBeGreaterThan(boxes.get('x').right);
    expect(boxes.get('×').left).toBeGreaterThan(boxes.get('+').right);
  });

  it('points each arrow at its box', () => {
    const spec = look(graph(worked));
    const boxes: Map<string, Any> = boxesOf(spec);
    const [drawn, heads, labels] = spec.layer.map(({ data }: Any) => data?.values);
    expect(heads).toHaveLength(4);
    for (const [e, { to }] of worked.edges.entries()) {
      const box = boxes.get(String(to));
      const end = drawn.filter(({ edge }: Any) => edge === e).at(-1);
      expect(end.y).toBeCloseTo(box.top, 0);
      expect(end.x).toBeGreaterThan(box.left);
      expect(end.x).toBeLessThan(box.right);
      // A triangle that points up has angle 0 and turns clockwise: these point down, from the side where the arrow starts.
      const before = drawn.filter(({ edge }: Any) => edge === e).at(-2);
      const angle = (heads[e].angle * Math.PI) / 180;
      expect(Math.cos(angle)).toBeLessThan(0);
      expect(Math.sin(angle) * Math.hypot(end.x - before.x, end.y - before.y)).toBeCloseTo(end.x - before.x, 0);
    }
    expect(labels.map(({ label }: Any) => label)).toEqual(['-4', '-4', '-4', '3']);
  });

  it('draws what graphOf of tensor tells, turned the way of the computation', () => {
    const spec = look(
      graph({
        nodes: [
          { id: 0, name: 'nllLoss', shape: [], variable: null },
          { id: 1, name: 'matmul', shape: [64, 10], variable: null },
          { id: 2, name: 'AccumulateGrad', shape: [10, 500], variable: 'fc.weight' },
          { id: 3, name: 'AccumulateGrad', shape: [64, 500], variable: '' },
        ],
        edges: [
          { from: 0, to: 1 },
          { from: 1, to: 2 },
          { from: 1, to: 3 },
        ],
      }),
    );
    const boxes: Map<string, Any> = boxesOf(spec);
    expect([...boxes.keys()]).toEqual(['nllLoss', 'matmul', 'fc.weight', 'leaf']);
    expect(boxes.get('fc.weight')).toMatchObject({ detail: '[10, 500]', kind: 'leaf' });
    expect(boxes.get('matmul').top).toBeGreaterThan(boxes.get('fc.weight').bottom);
    expect(boxes.get('nllLoss').top).toBeGreaterThan(boxes.get('matmul').bottom);
  });

  it('takes graphs deeper than the call stack', () => {
    const n = 20_000;
    const nodes = Array.from({ length: n }, (_, id) => ({ id }));
    const edges = Array.from({ length: n - 1 }, (_, id) => ({ from: id, to: id + 1 }));
    expect(look(graph({ nodes, edges })).height).toBe(n * 24 + (n - 1) * 34);
  });

  it('refuses what cannot be laid out', () => {
    const nodes = [{ id: 'a' }, { id: 'b' }];
    expectError(() => graph({ nodes: [], edges: [] }), DataError, 'graph: nodes must have at least one node, got none');
    expectError(
      () => graph({} as never),
      OptionError,
      'graph: a graph must have arrays of nodes and edges, got an object',
    );
    expectError(
      () => graph({ nodes: [{ id: 'a' }, { id: 'a' }], edges: [] }),
      DataError,
      "graph: ids of nodes must differ, got 'a' twice",
    );
    expectError(
      () => graph({ nodes: [{} as never], edges: [] }),
      OptionError,
      'graph: nodes[0].id must be a string or a number, got undefined',
    );
    const nowhere = "graph: edges[0].to must be the id of a node, got 'c'";
    expectError(() => graph({ nodes, edges: [{ from: 'a', to: 'c' }] }), DataError, nowhere);
    const cycle = 'graph: edges must not form a cycle, got a → b → a';
    expectError(
      () =>
        graph({
          nodes,
          edges: [
            { from: 'a', to: 'b' },
            { from: 'b', to: 'a' },
          ],
        }),
      DataError,
      cycle,
    );
    const direction = "graph: direction must be 'down' or 'right', got 'up'";
    expectError(() => graph({ nodes, edges: [] }, { direction: 'up' as never }), OptionError, direction);
  });
});

describe('grid', () => {
  it('sets plots side by side, each with its own scales', async () => {
    const specs = [lines([1, 2]), bar(['a'], [1]), lines([2, 1])];
    const spec = look(grid(specs, { columns: 2, title: 'All' }));
    expect(spec.concat).toHaveLength(3);
    expect(spec.columns).toBe(2);
    expect(spec.concat.every((part: Any) => !('$schema' in part))).toBe(true);
    expect(specs[0]).toHaveProperty('$schema');
    expect(await toSvg(spec, { strict })).toContain('value by step');
  });

  it('refuses what are no plots', () => {
    expectError(() => grid([]), DataError, 'grid: specs must have at least one plot, got none');
    expectError(() => grid(lines([1]) as never), OptionError, 'grid: specs must be an array of plots, got an object');
    expectError(() => grid([3 as never]), OptionError, 'grid: specs[0] must be a plot, got 3');
    expectError(() => grid([lines([1])], { columns: 0 }), OptionError, 'grid: columns must be an integer ≥ 1, got 0');
  });
});
