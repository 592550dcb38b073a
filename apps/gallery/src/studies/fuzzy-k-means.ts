import { FuzzyCMeans, FuzzyKMeans, KMeans } from '@maru-ml/cluster';
import { makeBlobs } from '@maru-ml/datasets';
import { heatmap, images, lines, scatter } from '@maru-ml/plot';
import { colorPictures, type Picture } from '../pictures.ts';
import type { Context, Study } from '../study.ts';

/** C2: rows between clusters belong to each of them, by shares. */
export const fuzzyKMeans: Study = {
  row: 'C2',
  title: 'Fuzzy k-means: shares instead of sides',
  source: '002 L255-300',
  async run(context) {
    shares(context);
    hardness(context);
    starts(context);
    await pictures(context);
  },
};

/** Two clouds that overlap. */
const clouds = makeBlobs({
  nSamples: 200,
  centers: [
    [0, 0],
    [2.4, 0.8],
  ],
  clusterStd: 0.9,
  seed: 11,
});

function shares(context: Context): void {
  const model = new FuzzyKMeans({ nClusters: 2, beta: 0.6, nInit: 5, seed: 1 }).fit(clouds.x);
  const x = clouds.x.data.filter((_, at) => at % 2 === 0);
  const y = clouds.x.data.filter((_, at) => at % 2 === 1);
  const second = model.memberships.data.filter((_, at) => at % 2 === 1);
  const groups = Array.from(second, (share) => BANDS[Math.min(BANDS.length - 1, Math.floor(share * BANDS.length))]!);
  context.text(
    'k-means moves a center by the rows that it is nearest to, so that a row at the border counts in full on the side to which chance puts it. Fuzzy k-means gives each row a responsibility for each center, the softmax of -β ‖x - μ‖², and moves centers to the means of all rows weighted by it.',
  );
  context.plot(
    scatter({ x, y }, { groups, highlights: { centers: model.clusterCenters }, legend: 'share of one cluster' }),
    'Rows between the clouds belong to both.',
  );
  const steps = Array.from(model.objectives);
  context.plot(
    lines(steps, { xLabel: 'iteration', yLabel: 'objective', title: 'It never rises' }),
    'What both halves of an iteration lower.',
  );
  const falls = steps.every((value, i) => i === 0 || value <= steps[i - 1]! + 1e-9 * Math.abs(value));
  context.figure('objective over the iterations', 'monotonic decrease', falls ? 'monotonic decrease' : 'rises');
  const off = model.memberships.toArray().map(([a, b]) => Math.abs(a! + b! - 1));
  context.figure('responsibilities of a row add up to', 1, 1 + Math.max(...off), { digits: 9 });
}

const BANDS = ['0 to ¼', '¼ to ½', '½ to ¾', '¾ to 1'];

function hardness(context: Context): void {
  const hard = new KMeans({ nClusters: 2, nInit: 5, seed: 1 }).fit(clouds.x);
  const betas = [0.15, 0.3, 0.6, 1.2, 5, 50];
  const models = betas.map((beta) =>
    new FuzzyKMeans({ beta, init: hard.clusterCenters.toArray(), tol: 1e-12, maxIter: 2000 }).fit(clouds.x),
  );
  const apart = models.map(({ clusterCenters: { data } }) => Math.hypot(data[0]! - data[2]!, data[1]! - data[3]!));
  const { data } = hard.clusterCenters;
  const hardApart = Math.hypot(data[0]! - data[2]!, data[1]! - data[3]!);
  context.text(
    'β says how sharp the shares are. The larger it is, the nearer it comes to k-means; if it is small, all rows belong to both alike, and the centers fall into one.',
  );
  context.plot(
    lines(
      { fuzzy: { x: betas, y: apart } },
      { xScale: 'log', xLabel: 'β', yLabel: 'distance of the centers', levels: { 'k-means': hardApart } },
    ),
    'From one center to those of k-means.',
  );
  context.figure('distance of the centers, β = 50, over that of k-means', 1, apart.at(-1)! / hardApart, { digits: 2 });
}

/** How often the same end is reached from any two rows. */
function starts(context: Context): void {
  const ends = (fit: (seed: number) => ArrayLike<number>) => {
    const found = Array.from({ length: 40 }, (_, seed) =>
      Array.from(fit(seed), (value) => value.toFixed(3))
        .sort()
        .join(' '),
    );
    return new Set(found).size;
  };
  const hard = (seed: number) =>
    new KMeans({ nClusters: 3, init: 'random', nInit: 1, seed }).fit(clouds.x).clusterCenters.data;
  const soft = (seed: number) =>
    new FuzzyCMeans({ nClusters: 3, init: 'random', tol: 1e-14, maxIter: 5000, seed }).fit(clouds.x).clusterCenters
      .data;
  context.text(
    'Where clusters are unclear, k-means ends elsewhere from each start. Shares make the way smoother: with three clusters for the two clouds,',
  );
  context.figure('different ends of 40 starts, k-means', null, ends(hard));
  context.figure('different ends of 40 starts, fuzzy c-means (m = 2)', null, ends(soft));
}

async function pictures(context: Context): Promise<void> {
  context.text(
    'On a picture the shares are pictures themselves: how much each pixel belongs to each of three colors. Painted by shares, borders are soft.',
  );
  for (const { picture, name } of await colorPictures(context)) {
    const [height, width] = picture.shape;
    const n = height * width;
    const x = { data: Float64Array.from(picture.data, (value) => value / 255), shape: [n, 3] as const };
    const model = new FuzzyKMeans({ nClusters: 3, beta: 25, nInit: 3, seed: 2, maxIter: 100 }).fit(x);
    context.plot(
      images(
        { data: stacked(picture, [byShares(model, n), byLabel(model, n)]), shape: [3, height, width, 3] },
        { labels: ['original', 'by shares', 'by the largest share'], columns: 3, title: name },
      ),
      '',
    );
    const first = model.memberships.data.filter((_, at) => at % 3 === 0);
    context.plot(
      heatmap({ data: first, shape: [height, width] }, { title: 'Share of the first color', valueLabel: 'share' }),
      '',
    );
  }
}

type Painted = Pick<ReturnType<FuzzyKMeans['fit']>, 'clusterCenters' | 'memberships' | 'labels'>;

function byShares({ clusterCenters: { data: centers }, memberships: { data: shares } }: Painted, n: number) {
  return Uint8ClampedArray.from({ length: 3 * n }, (_, at) => {
    const [pixel, color] = [Math.floor(at / 3), at % 3];
    return 255 * [0, 1, 2].reduce((sum, k) => sum + shares[3 * pixel + k]! * centers[3 * k + color]!, 0);
  });
}

function byLabel({ clusterCenters: { data: centers }, labels }: Painted, n: number) {
  return Uint8ClampedArray.from(
    { length: 3 * n },
    (_, at) => 255 * centers[3 * labels[Math.floor(at / 3)]! + (at % 3)]!,
  );
}

function stacked(picture: Picture, painted: readonly Uint8ClampedArray[]): Uint8ClampedArray {
  const all = [picture.data, ...painted];
  const found = new Uint8ClampedArray(all.length * picture.data.length);
  for (const [i, data] of all.entries()) found.set(data, i * picture.data.length);
  return found;
}
