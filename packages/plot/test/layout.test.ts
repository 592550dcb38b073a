import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutLayers, topologicalOrder } from '../src/layout.ts';

const box = { width: 40, height: 20 };

describe('layoutLayers', () => {
  it('puts a chain on one straight line', () => {
    const { centers, routes, width, height } = layoutLayers(
      [box, box, box],
      [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
      ],
    );
    expect(centers).toEqual([
      { x: 20, y: 10 },
      { x: 20, y: 64 },
      { x: 20, y: 118 },
    ]);
    expect(routes[0]).toEqual([
      { x: 20, y: 20 },
      { x: 20, y: 54 },
    ]);
    expect([width, height]).toEqual([40, 128]);
  });

  it('puts a result under the middle of what it came from', () => {
    const { centers } = layoutLayers(
      [box, box, box],
      [
        { from: 0, to: 2 },
        { from: 1, to: 2 },
      ],
    );
    expect(centers[0]!.y).toBe(centers[1]!.y);
    expect(centers[2]!.x).toBeCloseTo((centers[0]!.x + centers[1]!.x) / 2, 6);
  });

  it('puts parameters beside the layer that is handed on', () => {
    // x, W, b -> linear -> relu, W2, b2 -> linear2
    const arcs = [
      [0, 3],
      [1, 3],
      [2, 3],
      [3, 4],
      [4, 7],
      [5, 7],
      [6, 7],
    ].map(([from, to]) => ({ from: from!, to: to! }));
    const { centers } = layoutLayers(new Array(8).fill(box), arcs);
    const [linear, relu, w2, b2] = [centers[3]!, centers[4]!, centers[5]!, centers[6]!];
    expect(w2.y).toBe(relu.y);
    expect(Math.min(w2.x, b2.x)).toBeLessThan(relu.x);
    expect(Math.max(w2.x, b2.x)).toBeGreaterThan(relu.x);
    expect(Math.abs(relu.x - linear.x)).toBeLessThan(1);
  });

  it('uncrosses arcs', () => {
    const arcs = [
      { from: 0, to: 3 },
      { from: 1, to: 2 },
    ];
    const { centers } = layoutLayers([box, box, box, box], arcs);
    expect(Math.sign(centers[0]!.x - centers[1]!.x)).toBe(Math.sign(centers[3]!.x - centers[2]!.x));
  });

  it('keeps boxes apart, arcs downward and all within the drawing (law)', () => {
    const graphs = fc.integer({ min: 1, max: 12 }).chain((n) =>
      fc.record({
        boxes: fc.array(
          fc.record({ width: fc.integer({ min: 5, max: 90 }), height: fc.integer({ min: 5, max: 50 }) }),
          { minLength: n, maxLength: n },
        ),
        // From lower to higher numbers, so without cycles.
        arcs: fc
          .array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 20 })
          .map((pairs) =>
            pairs.filter(([a, b]) => a !== b).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
          ),
      }),
    );
    fc.assert(
      fc.property(graphs, ({ boxes, arcs }) => {
        const { centers, routes, width, height } = layoutLayers(boxes, arcs);
        for (const [a, p] of centers.entries()) {
          expect(p.x - boxes[a]!.width / 2).toBeGreaterThanOrEqual(-1e-6);
          expect(p.x + boxes[a]!.width / 2).toBeLessThanOrEqual(width + 1e-6);
          expect(p.y - boxes[a]!.height / 2).toBeGreaterThanOrEqual(-1e-6);
          expect(p.y + boxes[a]!.height / 2).toBeLessThanOrEqual(height + 1e-6);
          for (const [b, q] of centers.entries()) {
            if (b <= a) continue;
            const apartX = Math.abs(p.x - q.x) - (boxes[a]!.width + boxes[b]!.width) / 2;
            const apartY = Math.abs(p.y - q.y) - (boxes[a]!.height + boxes[b]!.height) / 2;
            expect(Math.max(apartX, apartY)).toBeGreaterThan(10);
          }
        }
        for (const route of routes)
          for (let i = 1; i < route.length; i++) expect(route[i]!.y).toBeGreaterThan(route[i - 1]!.y);
      }),
    );
  });
});

describe('topologicalOrder', () => {
  it('names a cycle, from a box back to it', () => {
    const arcs = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 1],
      [3, 4],
    ].map(([from, to]) => ({ from: from!, to: to! }));
    const found = topologicalOrder(5, arcs);
    expect(found).toEqual({ cycle: [1, 2, 3, 1] });
  });
});
