import { Random } from '@maru-ml/base';
import { readBytes } from '@maru-ml/datasets';
import { digits } from '@maru-ml/datasets/digits';
import { wine } from '@maru-ml/datasets/wine';
import {
  FactorAnalysis,
  HebbianPCA,
  hypercubeEdge,
  KernelPCA,
  LinearDiscriminantAnalysis,
  mergeCorrelated,
  PCA,
  varianceTable,
} from '@maru-ml/linalg';
import { LogisticRegression } from '@maru-ml/linear';
import { crossValScore, pipeline } from '@maru-ml/model-selection';
import { heatmap, images, lines, scatter, scree } from '@maru-ml/plot';
import { SimpleImputer, StandardScaler } from '@maru-ml/preprocessing';
import { normal } from '@maru-ml/special';
import { eveningScene } from '../scene.ts';
import type { Context, Study } from '../study.ts';

/** C3: why there should be fewer columns, and how to make fewer of many. */
export const fewerDimensions: Study = {
  row: 'C3',
  title: 'Fewer dimensions: the curse, principal components, factors',
  source: '002, dimensionality reduction; worked examples 8 and 9',
  async run(context) {
    curse(context);
    peaking(context);
    contributions(context);
    laws(context);
    factors(context);
    networks(context);
    rings(context);
    await production(context);
    await faces(context);
    compression(context);
  },
};

/** Worked example 9. */
function curse(context: Context): void {
  context.text(
    'Points lie evenly in a cube of edge 1 and ten dimensions. A smaller cube that holds 1 % of them needs an edge of .01^(1/10): nearly two thirds of each axis. Near is far.',
  );
  context.figure('edge that holds 1 %', 0.63, hypercubeEdge(0.01, 10), { digits: 2 });
  context.figure('edge that holds 10 %', 0.8, hypercubeEdge(0.1, 10), { digits: 1 });
  const dimensions = Array.from({ length: 30 }, (_, i) => i + 1);
  context.plot(
    lines(
      Object.fromEntries(
        [0.001, 0.01, 0.1].map((share) => [`${100 * share} %`, dimensions.map((d) => hypercubeEdge(share, d))]),
      ),
      {
        x: dimensions,
        xLabel: 'dimensions',
        yLabel: 'edge',
        title: 'The edge of a cube that holds a share of the points',
      },
    ),
    'It goes to 1 with the dimensions, whatever the share.',
  );
}

/** With the densities known, more columns can only help; with densities learned from few rows, they hurt in the end. */
function peaking(context: Context): void {
  const most = 30;
  const apart = Array.from({ length: most }, (_, j) => 1.2 / Math.sqrt(j + 1));
  const dimensions = Array.from({ length: most }, (_, i) => i + 1);
  const bayes = dimensions.map((d) => normal().sf(Math.sqrt(apart.slice(0, d).reduce((sum, r) => sum + r * r, 0)) / 2));
  const random = new Random(30);
  const draw = (n: number) => {
    const y = Array.from({ length: n }, (_, i) => i % 2);
    return { y, x: y.map((c) => apart.map((r) => random.normal(c * r, 1))) };
  };
  const test = draw(2000);
  const repeats = 12;
  const errors = dimensions.map((d) => {
    let sum = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { x, y } = draw(36);
      const cut = (rows: number[][]) => rows.map((row) => row.slice(0, d));
      sum += 1 - new LinearDiscriminantAnalysis().fit(cut(x), y).score(cut(test.x), test.y);
    }
    return sum / repeats;
  });
  context.text(
    'Two normal clouds of one covariance are told apart with an error of Q(r/2), where r² = Σ((μ₁ - μ₂)/σ)²: it falls with every column. Learned from 36 rows, means and covariances are wrong by chance, the more so the more of them there are, and the error turns.',
  );
  context.plot(
    lines(
      { 'densities known': bayes, 'learned from 36 rows': errors },
      { x: dimensions, xLabel: 'columns', yLabel: 'error', title: 'The peaking phenomenon' },
    ),
    'After a few columns every further one harms.',
  );
  const best = errors.indexOf(Math.min(...errors)) + 1;
  context.figure('columns with the least error from 36 rows', null, best);
  context.figure(
    'with 30 columns the learned error',
    'rises again',
    errors.at(-1)! > errors[best - 1]! + 0.02 ? 'rises again' : 'stays',
  );
}

/** Worked example 8. */
function contributions(context: Context): void {
  const eigenvalues = [4.724, 1.143, 0.884, 0.599, 0.502, 0.487, 0.471, 0.451, 0.376, 0.363];
  const table = varianceTable(eigenvalues);
  const printed = [47.242, 58.675, 67.51, 73.502];
  context.text(
    'The contribution of a component is its eigenvalue over the sum of all. The source keeps as many as explain 70 %; the scree plot shows where little follows.',
  );
  context.code(String(table));
  for (const [i, share] of printed.entries()) {
    context.figure(`cumulative share of ${i + 1}, %`, share, table.rows[i]!.percentCumulative, { digits: 1 });
  }
  context.figure('components for 70 %', 4, table.componentsFor(0.7));
  context.plot(scree(eigenvalues, { threshold: 0.7 }), 'The ten eigenvalues of the source.');
}

function laws(context: Context): void {
  const { x } = wine();
  const z = new StandardScaler().fit(x).transform(x);
  const model = new PCA().fit(z);
  const t = model.transform(z);
  const [n, k] = t.shape;
  // TᵀT is diagonal, with the scatter that each component explains.
  let [outside, inside] = [0, 0];
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += t.data[i * k + a]! * t.data[i * k + b]!;
      if (a === b) inside = Math.max(inside, Math.abs(sum / (n - 1) - model.explainedVariance[a]!));
      else outside = Math.max(outside, Math.abs(sum / (n - 1)));
    }
  }
  context.figure(
    'scatter of T = XP beside Λ, largest difference',
    'below 1e-10',
    Math.max(inside, outside) < 1e-10 ? 'below 1e-10' : 'more',
  );
  const total = model.explainedVariance.reduce((sum, value) => sum + value, 0);
  context.figure('sum of the eigenvalues beside that of the variances', (13 * n) / (n - 1), total, { digits: 9 });
  context.figure(
    'components of 5 rows in 13 columns, at most',
    4,
    new PCA().fit({ data: z.data.slice(0, 65), shape: [5, 13] }).explainedVariance.filter((value) => value > 1e-12)
      .length,
  );
}

function factors(context: Context): void {
  const { x, featureNames } = wine();
  const z = new StandardScaler().fit(x).transform(x);
  context.text(
    'The source reduces variables by merging the two most correlated ones again and again. Factor analysis looks for hidden factors that several variables share, and turns them (varimax) until each variable leans on few.',
  );
  const merged = mergeCorrelated(z, { nVariables: 8 });
  context.table(
    ['merged', 'with', 'correlation'],
    merged.merges.map(({ first, second, correlation }) => [
      first.map((j) => featureNames[j]!).join(' + '),
      second.map((j) => featureNames[j]!).join(' + '),
      correlation.toFixed(3),
    ]),
  );
  const model = new FactorAnalysis({ nComponents: 3, method: 'principal', rotation: 'varimax' }).fit(z);
  context.plot(
    heatmap(model.components.toArray(), {
      ...{
        rowLabels: ['factor 1', 'factor 2', 'factor 3'],
        columnLabels: featureNames,
        ramp: 'diverging',
        domain: [-1, 1],
      },
      ...{ title: 'Loadings of three factors of wine', valueLabel: 'loading', xLabel: '', yLabel: '', height: 90 },
    }),
    'Flavonoids and phenols go together, as do alcohol, color and proline.',
  );
  const shared = model.communalities.reduce((sum, value) => sum + value, 0) / 13;
  context.figure('share of the variance that three factors hold', null, shared);
}

function networks(context: Context): void {
  const random = new Random(17);
  const x = Array.from({ length: 500 }, () => {
    const [a, b, c] = [random.normal(0, 3), random.normal(0, 1.5), random.normal(0, 0.5)];
    return [a + b, a - b, c + 0.5 * a];
  });
  const exact = new PCA({ nComponents: 2 }).fit(x);
  const learned = new HebbianPCA({ nComponents: 2, seed: 1 }).fit(x);
  const row = (model: { components: { data: ArrayLike<number> } }, c: number) =>
    [0, 1, 2].map((j) => model.components.data[3 * c + j]!);
  const cosine = (c: number) => {
    const [e, w] = [row(exact, c), row(learned, c)];
    return Math.abs(e.reduce((sum, value, j) => sum + value * w[j]!, 0)) / Math.hypot(...e) / Math.hypot(...w);
  };
  context.text(
    'A layer of linear neurons learns the same directions row by row: w_j goes to the eigenvector e_j, and the variance of its output to λ_j. (The rules of Oja and Sanger are our addition; the source names the network only.)',
  );
  context.figure('cosine of the first weight vector and e₁', null, cosine(0));
  context.figure('cosine of the second weight vector and e₂', null, cosine(1));
  const z = learned.transform(x);
  const spread = (c: number) =>
    Array.from({ length: 500 }, (_, i) => z.data[2 * i + c]!).reduce((sum, value) => sum + value * value, 0) / 499;
  context.table(
    ['', 'λ', 'variance of the neuron'],
    [0, 1].map((c) => [`${c + 1}`, exact.explainedVariance[c]!.toFixed(3), spread(c).toFixed(3)]),
  );
}

function rings(context: Context): void {
  const random = new Random(9);
  const y = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 'inner' : 'outer'));
  const x = y.map((name) => {
    const angle = random.uniform(0, 2 * Math.PI);
    const radius = (name === 'inner' ? 1 : 3) + random.normal(0, 0.15);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const z = new KernelPCA({ nComponents: 2, kernel: 'rbf', gamma: 0.3 }).fit(x).transform(x);
  context.text(
    'Kernel PCA takes components in a space of products that is never written down, so that what lies on a curve here is straight there.',
  );
  context.plot(scatter(x, { groups: y, title: 'Two rings' }), 'No direction tells them apart.');
  context.plot(scatter(z, { groups: y, title: 'Their first two kernel components' }), 'The first one does.');
}

/** The source's production line has very many columns, most of them missing. Its data are not public: a stand-in. */
async function production(context: Context): Promise<void> {
  const random = new Random(21);
  const [n, d, stations] = [240, 120, 8];
  const y = Array.from({ length: n }, (_, i) => i % 2);
  const x = y.map((bad) => {
    const hidden = Array.from({ length: stations }, (_, s) => random.normal(s < 2 ? 0.9 * bad : 0, 1));
    const visited = Array.from({ length: stations }, () => random.uniform() < 0.45);
    return Array.from({ length: d }, (_, j) =>
      visited[j % stations] ? hidden[j % stations]! + random.normal(0, 0.6) : Number.NaN,
    );
  });
  const missing = x.flat().filter(Number.isNaN).length / (n * d);
  const direct = pipeline(new SimpleImputer(), new StandardScaler(), new LogisticRegression());
  const reduced = pipeline(
    new SimpleImputer(),
    new StandardScaler(),
    new PCA({ nComponents: 8 }),
    new LogisticRegression(),
  );
  const mean = (scores: Float64Array) => scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const [before, after] = [
    mean(await crossValScore(direct, x, y, { cv: 5 })),
    mean(await crossValScore(reduced, x, y, { cv: 5 })),
  ];
  context.text(
    `A production line measures a part at the stations it passes: 120 columns of 8 stations, ${(100 * missing).toFixed(0)} % missing (made up here, since the source’s are not public). A classifier on eight components beside one on all columns, five folds:`,
  );
  context.figure('accuracy with 120 columns', null, before);
  context.figure('accuracy with 8 components', null, after);
  context.figure('with components', 'better', after > before ? 'better' : 'worse');
}

async function faces(context: Context): Promise<void> {
  const file = context.find('olivetti/faces-400x64x64.u8.gz');
  if (file === null) context.shrunk('Without --data the eigenfaces are those of handwritten digits.');
  const { x, shape } =
    file === null
      ? pictures()
      : {
          x: { data: Float32Array.from(await readBytes(file)), shape: [400, 4096] as const },
          shape: [64, 64] as const,
        };
  const d = x.shape[1];
  const model = new PCA({ nComponents: 50, svdSolver: 'randomized', seed: 1 }).fit(x);
  context.text('Eigenfaces: each picture is the mean plus a sum of the first components, a₁ e₁ + a₂ e₂ + …');
  context.plot(
    images(model.components.toArray().slice(0, 10), {
      shape,
      columns: 5,
      range: 'each',
      title: 'The first ten eigenfaces',
    }),
    'Light and shade first, features later.',
  );
  const one = { data: x.data.slice(7 * d, 8 * d), shape: [1, d] as const };
  const z = model.transform(one);
  const counts = [5, 15, 30, 50];
  const rebuilt = counts.map((count) => {
    const kept = z.data.map((value, c) => (c < count ? value : 0));
    return Array.from(model.inverseTransform({ data: kept, shape: [1, 50] }).data);
  });
  context.plot(
    images([Array.from(one.data), ...rebuilt], {
      shape,
      columns: 5,
      range: [0, file === null ? 16 : 255],
      labels: ['original', ...counts.map((count) => `${count}`)],
      title: 'Rebuilt from components',
    }),
    'Fifty numbers instead of thousands.',
  );
  const share = model.explainedVarianceRatio.reduce((sum, value) => sum + value, 0);
  context.figure('share of the variance in 50 components', null, share);
}

function compression(context: Context): void {
  const { data, shape } = eveningScene();
  const [height, width] = shape;
  const block = 8;
  const rows: number[][] = [];
  for (let top = 0; top + block <= height; top += block) {
    for (let left = 0; left + block <= width; left += block) {
      const row: number[] = [];
      for (let i = 0; i < block; i++)
        for (let j = 0; j < 3 * block; j++) row.push(data[((top + i) * width + left) * 3 + j]!);
      rows.push(row);
    }
  }
  const counts = [2, 6, 20];
  const painted = counts.map((nComponents) => {
    const back = new PCA({ nComponents }).fit(rows).reconstruct(rows);
    const out = new Uint8ClampedArray(data.length);
    const across = Math.floor(width / block);
    for (let r = 0; r < rows.length; r++) {
      const [top, left] = [Math.floor(r / across) * block, (r % across) * block];
      for (let i = 0; i < block; i++) {
        for (let j = 0; j < 3 * block; j++)
          out[((top + i) * width + left) * 3 + j] = back.data[(r * block + i) * 3 * block + j]!;
      }
    }
    return out;
  });
  const all = [data, ...painted];
  const stacked = new Uint8ClampedArray(all.length * data.length);
  for (const [i, picture] of all.entries()) stacked.set(picture, i * data.length);
  context.plot(
    images(
      { data: stacked, shape: [all.length, ...shape] },
      {
        labels: ['original', ...counts.map((count) => `${count} of 192`)],
        columns: 2,
        title: 'A picture in blocks of 8 by 8',
      },
    ),
    'Each block is a sum of a few typical blocks.',
  );
}

function pictures() {
  const { x } = digits();
  return {
    x: { data: Float32Array.from(x.data.subarray(0, 400 * 64)), shape: [400, 64] as const },
    shape: [8, 8] as const,
  };
}
