import { Random, runSteps } from '@maru-ml/base';
import { pairSquares } from '@maru-ml/kernels/squares';
import { describe, expect, it } from 'vitest';
import { KMeans } from '../src/index.ts';
import { copiesOf, type Nearest, partition, spreadPlaces } from '../src/kmeans-within.ts';

describe('k-means of methods that begin or end with it', () => {
  const random = new Random(3);
  const [n, d] = [400, 3];
  const data = Float64Array.from({ length: n * d }, (_, at) => 1e6 + random.normal(4 * (Math.floor(at / d) % 5)));
  const x = { data, rows: n, columns: d };
  const nearest: Nearest = (centers, from, to) => {
    const k = centers.length / d;
    const squares = new Float64Array((to - from) * k);
    pairSquares(data.subarray(from * d, to * d), centers, to - from, k, d, squares);
    const rows = Array.from({ length: to - from }, (_, i) => squares.subarray(i * k, (i + 1) * k));
    const distances = Float64Array.from(rows, (row) => Math.min(...row));
    return { places: Float64Array.from(rows, (row, i) => row.indexOf(distances[i]!)), distances };
  };
  const ofKMeans = (centers: Float64Array) => {
    const init = Array.from({ length: centers.length / d }, (_, c) => [...centers.subarray(c * d, (c + 1) * d)]);
    return new KMeans({ init }).fit({ data, shape: [n, d] });
  };

  it.each([1, 2, 5, 12])('finds what KMeans finds from %i rows far apart', (k) => {
    const centers = copiesOf(x, runSteps(spreadPlaces(x, k, new Random(k), nearest)));
    const model = ofKMeans(centers);
    const { labels, distances } = runSteps(partition(x, centers, nearest));
    expect(labels).toEqual(model.labels);
    expect([...centers]).toEqual([...model.clusterCenters.data]);
    expect(distances.reduce((sum, value) => sum + value, 0)).toBeCloseTo(model.inertia, 6);
  });

  it('starts a center that no row is near to anew at the farthest row, as KMeans does', () => {
    const centers = Float64Array.from([...data.subarray(0, 2 * d), 9e6, 9e6, 9e6, -9e6, 0, 0]);
    const model = ofKMeans(centers);
    const { labels } = runSteps(partition(x, centers, nearest));
    expect(new Set(labels).size).toBe(4);
    expect(labels).toEqual(model.labels);
  });

  it('leaves centers where they are if there are fewer different rows', () => {
    const same = { data: new Float64Array(4 * d), rows: 4, columns: d };
    const zero: Nearest = (_, from, to) => ({
      places: new Float64Array(to - from),
      distances: new Float64Array(to - from),
    });
    expect(runSteps(spreadPlaces(same, 3, new Random(0), zero))).toHaveLength(3);
    const centers = Float64Array.from([0, 0, 0, 1, 1, 1]);
    expect([...runSteps(partition(same, centers, zero)).labels]).toEqual([0, 0, 0, 0]);
    expect([...centers]).toEqual([0, 0, 0, 1, 1, 1]);
  });
});
