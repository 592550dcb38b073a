import { Random } from '@maru-ml/base';
import { KMeans } from '@maru-ml/cluster';
import { makeBlobs, makeCircles } from '@maru-ml/datasets';
import { images, lines, type Points, scatter } from '@maru-ml/plot';
import { colorPictures, type Picture } from '../pictures.ts';
import type { Context, Study } from '../study.ts';

/** C1: k-means, from two clouds of points to the colors of a picture. */
export const kMeans: Study = {
  row: 'C1',
  title: 'k-means: iterations, starts, empty clusters, pictures and the choice of K',
  source: '002 L1-275',
  async run(context) {
    iterations(context);
    starts(context);
    emptyClusters(context);
    await segmentation(context);
    elbow(context);
    shirts(context);
    shapes(context);
  },
};

/** The columns of a table of points. */
function columns({ data, shape: [n] }: { data: Float64Array; shape: readonly [number, number] }): {
  x: number[];
  y: number[];
} {
  return {
    x: Array.from({ length: n }, (_, i) => data[2 * i]!),
    y: Array.from({ length: n }, (_, i) => data[2 * i + 1]!),
  };
}

function iterations(context: Context): void {
  const { x } = makeBlobs({
    nSamples: 200,
    centers: [
      [0, 0],
      [3, 2],
    ],
    clusterStd: 1.2,
    seed: 2,
  });
  context.text(
    'K rows are drawn as the first centers. Then, until nothing changes: each row joins its nearest center, and each center moves to the mean of its rows. Both halves of an iteration can only lower J = 1/m Σ ‖x - μ‖².',
  );
  const [first, second] = new Random(19).permutation(200);
  const start = [first!, second!].map((row) => Array.from(x.data.subarray(2 * row, 2 * row + 2)));
  const show = (title: string, groups: Int32Array | undefined, centers: Points, caption: string) =>
    context.plot(scatter(columns(x), { groups, highlights: { centers }, title }), caption);

  show('K = 2: two rows as the first centers', undefined, start, 'The random start from the data.');
  const final = new KMeans({ init: start, tol: 0 }).fit(x);
  for (const maxIter of [1, final.nIter]) {
    const model = new KMeans({ init: start, tol: 0, maxIter }).fit(x);
    const title = `After ${maxIter} ${maxIter === 1 ? 'iteration' : 'iterations'}`;
    const end = maxIter === final.nIter ? '; no row changes its cluster any more' : '';
    show(title, model.labels, model.clusterCenters, `J = ${(model.inertia / 200).toFixed(3)}${end}.`);
  }
  const j = final.inertias.map((inertia) => inertia / 200);
  context.plot(
    lines(j, { xLabel: 'labeling', yLabel: 'J', title: 'J never rises' }),
    'J after each labeling of the rows.',
  );
  const falls = j.every((value, i) => i === 0 || value <= j[i - 1]!);
  context.figure('J over the iterations', 'monotonic decrease', falls ? 'monotonic decrease' : 'rises');
}

function starts(context: Context): void {
  const { x } = makeBlobs({ nSamples: 300, centers: 6, clusterStd: 0.8, seed: 5 });
  const run = (init: 'random' | 'k-means++', seed: number) =>
    new KMeans({ nClusters: 6, init, nInit: 1, seed }).fit(x).inertia / 300;
  const ends = (init: 'random' | 'k-means++') =>
    Array.from({ length: 100 }, (_, seed) => run(init, seed)).sort((a, b) => a - b);
  const results = { 'rows drawn evenly': ends('random'), 'k-means++': ends('k-means++') };
  const best = Math.min(...Object.values(results).flat());
  context.text(
    'Where it ends depends on the start. From rows drawn evenly, as in the source, many runs end in a local minimum; k-means++ draws rows far from each other. Several starts, of which the best is kept, help too.',
  );
  context.plot(
    lines(results, {
      xLabel: 'starts, the best first',
      yLabel: 'J at the end',
      title: '100 starts each, six clouds, K = 6',
      yScale: 'log',
      yDomain: [1, 15],
    }),
    'The lowest level has a center in each cloud; on each step upwards some center lies between two clouds.',
  );
  for (const [name, values] of Object.entries(results)) {
    const share = values.filter((value) => value < best * 1.001).length / values.length;
    context.figure(`share of starts that end in the best minimum, ${name}`, null, share);
  }
}

function emptyClusters(context: Context): void {
  const { x } = makeBlobs({
    nSamples: 150,
    centers: [
      [0, 0],
      [5, 0],
      [2.5, 4],
    ],
    clusterStd: 0.6,
    seed: 4,
  });
  context.text(
    'A center that no row is nearest to has no mean. The source names two ways out: remove it, or start it anew (here: at the row farthest from its center). Three clouds, and a third center far off:',
  );
  const init = [
    [0, 0],
    [5, 0],
    [30, 30],
  ];
  for (const emptyCluster of ['remove', 'reinit'] as const) {
    const model = new KMeans({ init, emptyCluster }).fit(x);
    const k = model.clusterCenters.shape[0]!;
    context.plot(
      scatter(columns(x), {
        groups: model.labels,
        highlights: { centers: model.clusterCenters },
        title: `emptyCluster: '${emptyCluster}'`,
      }),
      `${k} clusters, J = ${(model.inertia / 150).toFixed(3)}`,
    );
    context.figure(`clusters left with '${emptyCluster}'`, null, k);
  }
}

async function segmentation(context: Context): Promise<void> {
  context.text(
    'Segmentation: the rows are the colors of the pixels, and each pixel takes the color of its center. K colors need log₂ K bits a pixel instead of 24.',
  );
  for (const { picture, name } of await colorPictures(context)) {
    const ks = [2, 3, 10];
    const painted = ks.map((k) => paint(picture, k));
    const all = [picture.data, ...painted.map(({ data }) => data)];
    const stacked = new Uint8ClampedArray(all.length * picture.data.length);
    for (const [i, data] of all.entries()) stacked.set(data, i * data.length);
    context.plot(
      images(
        { data: stacked, shape: [all.length, ...picture.shape] },
        { labels: ['original', ...ks.map((k) => `K = ${k}`)], columns: 2, title: name },
      ),
      painted.map(({ j }, i) => `K = ${ks[i]}: J = ${j.toFixed(0)}`).join(', '),
    );
  }
}

function paint({ data, shape: [height, width] }: Picture, k: number): { data: Uint8ClampedArray; j: number } {
  const n = height * width;
  const model = new KMeans({ nClusters: k, init: 'random', nInit: 3, seed: 1 }).fit({ data, shape: [n, 3] });
  const centers = model.clusterCenters.toArray() as number[][];
  const painted = new Uint8ClampedArray(3 * n);
  for (let i = 0; i < n; i++) painted.set(centers[model.labels[i]!]!, 3 * i);
  return { data: painted, j: model.inertia / n };
}

const KS = Array.from({ length: 10 }, (_, i) => i + 1);

/** J(K) of the best of ten starts. */
function distortions(x: { data: Float64Array; shape: readonly [number, number] }): number[] {
  return KS.map(
    (nClusters) => new KMeans({ nClusters, init: 'random', nInit: 10, seed: 3 }).fit(x).inertia / x.shape[0],
  );
}

function elbow(context: Context): void {
  const { x } = makeBlobs({
    nSamples: 400,
    centers: [
      [-4, -4],
      [4, -4],
      [4, 4],
      [-4, 4],
    ],
    clusterStd: 1,
    seed: 6,
  });
  const j = distortions(x);
  context.text(
    'How many clusters? J(K) falls with every further one. The elbow method takes the K after which it hardly does.',
  );
  context.plot(
    lines(j, { x: KS, xLabel: 'K', yLabel: 'J(K)', title: 'Four clouds: an elbow at K = 4' }),
    'Up to 4 each cluster explains much, beyond it little.',
  );
  // The elbow: where the fall before is largest in proportion to the fall after.
  const bend = (i: number) => (j[i - 1]! - j[i]!) / (j[i]! - j[i + 1]!);
  const elbow = KS.slice(1, -1).reduce((best, k) => (bend(k - 1) > bend(best - 1) ? k : best));
  context.figure('K at the elbow (four clouds were drawn)', null, elbow);
}

/** Sizes of people: one cloud, so the market says how many clusters. */
function shirts(context: Context): void {
  const random = new Random(7);
  const n = 400;
  const data = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const height = random.normal(170, 9);
    data[2 * i] = height;
    data[2 * i + 1] = 0.9 * (height - 170) + 68 + random.normal(0, 4);
  }
  const x = { data, shape: [n, 2] as const };
  const j = distortions(x);
  context.text(
    'Often there is no elbow, as for the heights and weights of people. Then the use decides (the market criterion): shirts come in three sizes or in five.',
  );
  context.plot(lines(j, { x: KS, xLabel: 'K', yLabel: 'J(K)', title: 'One cloud: no elbow' }), 'J(K) bends evenly.');
  for (const sizes of [
    ['S', 'M', 'L'],
    ['XS', 'S', 'M', 'L', 'XL'],
  ]) {
    const model = new KMeans({ nClusters: sizes.length, init: 'random', nInit: 10, seed: 8 }).fit(x);
    const centers = model.clusterCenters.toArray() as number[][];
    const order = centers.map((_, c) => c).sort((a, b) => centers[a]![0]! - centers[b]![0]!);
    context.plot(
      scatter(columns(x), {
        groups: Array.from(model.labels, (label) => sizes[order.indexOf(label)]!),
        xLabel: 'height / cm',
        yLabel: 'weight / kg',
        title: `${sizes.length} sizes`,
      }),
      sizes.map((size, i) => `${size} ${centers[order[i]!]!.map((v) => v.toFixed(0)).join('/')}`).join(', '),
    );
  }
}

/** What k-means takes for a cluster is round: where that holds it is right, elsewhere not. */
function shapes(context: Context): void {
  context.text(
    'k-means is effective where clusters are round and apart. Where a ring lies around another, the nearest center says nothing; where clouds overlap, rows at the border fall to one side by chance (fuzzy k-means, C2, gives them shares instead).',
  );
  const sets = {
    'apart: effective': makeBlobs({
      nSamples: 300,
      centers: [
        [0, 0],
        [6, 2],
      ],
      clusterStd: 1,
      seed: 9,
    }),
    'overlapping: borders are chance': makeBlobs({
      nSamples: 300,
      centers: [
        [0, 0],
        [2, 0.7],
      ],
      clusterStd: 1,
      seed: 9,
    }),
    'rings: ineffective': makeCircles({ nSamples: 300, factor: 0.4, noise: 0.05, seed: 9 }),
  };
  for (const [name, { x, y }] of Object.entries(sets)) {
    const model = new KMeans({ nClusters: 2, init: 'random', nInit: 10, seed: 10 }).fit(x);
    const same = model.labels.reduce((count, label, i) => count + (label === y[i] ? 1 : 0), 0) / y.length;
    const right = Math.max(same, 1 - same);
    context.plot(
      scatter(columns(x), { groups: model.labels, highlights: { centers: model.clusterCenters }, title: name }),
      `${(100 * right).toFixed(0)} % of the rows are with those they were drawn with.`,
    );
    context.figure(`rows in the right cluster, ${name}`, null, right);
  }
}
