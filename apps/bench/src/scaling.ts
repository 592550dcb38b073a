/** The algorithms whose growth is measured, with the cost that their docstrings state. */
import { GaussianNB } from '@maru-ml/bayes';
import { AgglomerativeClustering, DBSCAN, GaussianMixture, KMeans, SpectralClustering } from '@maru-ml/cluster';
import { GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier } from '@maru-ml/ensemble';
import { eigh, PCA, qr, svd } from '@maru-ml/linalg';
import { Lasso, LinearRegression, LogisticRegression, SGDClassifier } from '@maru-ml/linear';
import { rocAucScore, silhouetteScore } from '@maru-ml/metrics';
import { NearestNeighbors } from '@maru-ml/neighbors';
import { GLM, OLS } from '@maru-ml/stats';
import { LinearSVC, SVC } from '@maru-ml/svm';
import { conv2d, matmul, scope, tensor } from '@maru-ml/tensor';
import { CountVectorizer } from '@maru-ml/text';
import { DecisionTreeClassifier } from '@maru-ml/tree';
import { randomMatrix, randoms } from './row.ts';
import { classRows } from './rows/classes-data.ts';
import type { Scaling } from './scaling-run.ts';

const linear = (n: number) => n;
const square = (n: number) => n ** 2;
const cube = (n: number) => n ** 3;
const nLogN = (n: number) => n * Math.log(n);

/** Rows [n, d] of random numbers. */
function onRows(d: number, work: (x: ReturnType<typeof randomMatrix>) => unknown): Scaling['prepare'] {
  return (n) => {
    const x = randomMatrix(n, d, 1);
    return () => work(x);
  };
}

/** Rows [n, d] of two classes that overlap. */
function onClasses(
  d: number,
  work: (x: ReturnType<typeof randomMatrix>, y: Int32Array) => unknown,
): Scaling['prepare'] {
  return (n) => {
    const { x, y } = classRows(n, d, 3);
    return () => work(x, y);
  };
}

/** Rows [n, 10] and a response that is a noisy sum of five columns. */
function onTargets(work: (x: ReturnType<typeof randomMatrix>, y: Float64Array) => unknown): Scaling['prepare'] {
  return (n) => {
    const x = randomMatrix(n, 10, 5);
    const noise = randoms(n, 6);
    const y = Float64Array.from(noise, (value, i) => {
      return x.data.subarray(10 * i, 10 * i + 5).reduce((sum, part, j) => sum + (j + 1) * part, value);
    });
    return () => work(x, y);
  };
}

/** A scaling as a line: what, the smallest n, the cost, the work. */
function scaling(
  id: string,
  title: string,
  from: number,
  [cost, costOf]: [string, (n: number) => number],
  prepare: Scaling['prepare'],
): Scaling {
  return { id, title, from, cost, costOf, prepare };
}

export const scalings: readonly Scaling[] = [
  scaling('matmul', 'matrix product, n x n', 48, ['n³', cube], (n) => {
    const [a, b] = [1, 2].map((seed) => tensor(randoms(n * n, seed)).reshape(n, n));
    return () => scope(() => void matmul(a!, b!));
  }),
  scaling('conv2d', 'convolution 16->16 3x3, n pictures', 4, ['n', linear], (n) => {
    const x = tensor(randoms(n * 16 * 256, 1)).reshape(n, 16, 16, 16);
    const w = tensor(randoms(16 * 16 * 9, 2)).reshape(16, 16, 3, 3);
    return () => scope(() => void conv2d(x, w, null, { padding: 1 }));
  }),
  scaling('qr', 'QR, n x n', 25, ['n³', cube], (n) => onRows(n, (x) => qr(x))(n)),
  scaling('svd', 'singular values and vectors, n x n', 25, ['n³', cube], (n) => onRows(n, (x) => svd(x))(n)),
  scaling('eigh', 'symmetric eigenvalues and vectors, n x n', 25, ['n³', cube], (n) => {
    const { data, shape } = randomMatrix(n, n, 1);
    const a = { data: data.map((value, at) => value + data[(at % n) * n + Math.floor(at / n)]!), shape };
    return () => eigh(a);
  }),
  scaling(
    'pca',
    'PCA of n rows of 20',
    1000,
    ['n', linear],
    onRows(20, (x) => new PCA().fit(x)),
  ),
  scaling('pca-columns', 'PCA of 1,000 rows of n', 16, ['n²', square], (n) => {
    const x = randomMatrix(1000, n, 1);
    return () => new PCA({ svdSolver: 'full' }).fit(x);
  }),
  scaling(
    'ols',
    'OLS of n rows of 10',
    1000,
    ['n', linear],
    onTargets((x, y) => new OLS().fit(x, y)),
  ),
  scaling(
    'glm',
    'logistic GLM of n rows of 10',
    1000,
    ['n', linear],
    onClasses(10, (x, y) => new GLM({ family: 'binomial' }).fit(x, y)),
  ),
  scaling(
    'linear',
    'linear regression of n rows of 10',
    1000,
    ['n', linear],
    onTargets((x, y) => new LinearRegression().fit(x, y)),
  ),
  scaling(
    'lasso',
    'lasso of n rows of 10',
    1000,
    ['n', linear],
    onTargets((x, y) => new Lasso({ alpha: 0.05 }).fit(x, y)),
  ),
  scaling(
    'logistic',
    'logistic regression of n rows of 10',
    1000,
    ['n', linear],
    onClasses(10, (x, y) => new LogisticRegression().fit(x, y)),
  ),
  scaling(
    'sgd',
    'five epochs of SGD, n rows of 10',
    1000,
    ['n', linear],
    onClasses(10, (x, y) => new SGDClassifier({ maxIter: 5, tol: null, seed: 0 }).fit(x, y)),
  ),
  scaling(
    'naive-bayes',
    'Gaussian naive Bayes of n rows of 10',
    1000,
    ['n', linear],
    onClasses(10, (x, y) => new GaussianNB().fit(x, y)),
  ),
  scaling('text', 'counting words of n texts', 500, ['n', linear], (n) => {
    const places = randoms(10 * n, 7);
    const word = (i: number) => `w${Math.floor(2000 * (places[i]! + 0.5) ** 4)}`;
    const texts = Array.from({ length: n }, (_, i) => Array.from({ length: 10 }, (_, k) => word(10 * i + k)).join(' '));
    return () => new CountVectorizer().fitTransform(texts);
  }),
  scaling(
    'tree',
    'decision tree of n rows of 10',
    500,
    ['n log n', nLogN],
    onClasses(10, (x, y) => new DecisionTreeClassifier({ seed: 0 }).fit(x, y)),
  ),
  scaling(
    'forest',
    'ten trees of n rows of 10',
    250,
    ['n log n', nLogN],
    onClasses(10, (x, y) => new RandomForestClassifier({ nEstimators: 10, seed: 0 }).fit(x, y)),
  ),
  scaling(
    'gradient-boosting',
    'ten rounds of boosting, n rows of 10',
    500,
    ['n log n', nLogN],
    onClasses(10, (x, y) => new GradientBoostingClassifier({ nEstimators: 10, seed: 0 }).fit(x, y)),
  ),
  scaling(
    'hist-boosting',
    'ten rounds of histogram boosting, n rows of 10',
    4000,
    ['n', linear],
    onClasses(10, (x, y) => new HistGradientBoostingClassifier({ maxIter: 10, earlyStopping: false }).fit(x, y)),
  ),
  scaling(
    'svc',
    'SVC, RBF, n rows of 10',
    125,
    ['n²', square],
    onClasses(10, (x, y) => new SVC().fit(x, y)),
  ),
  scaling(
    'linear-svc',
    'linear SVC, 50 passes over n rows of 10',
    500,
    ['n', linear],
    onClasses(10, (x, y) => new LinearSVC({ maxIter: 50, seed: 0 }).fit(x, y)),
  ),
  scaling(
    'knn-brute',
    '5 nearest of n x 20 for n rows, brute force',
    250,
    ['n²', square],
    onRows(20, (x) => new NearestNeighbors({ algorithm: 'brute' }).fit(x).kneighbors(x)),
  ),
  scaling(
    'knn-tree',
    '5 nearest of n x 3 for n rows, k-d tree',
    500,
    ['n log n', nLogN],
    onRows(3, (x) => new NearestNeighbors({ algorithm: 'kdTree' }).fit(x).kneighbors(x)),
  ),
  scaling(
    'kmeans',
    'ten iterations of k-means, n rows of 10, k 8',
    1000,
    ['n', linear],
    onRows(10, (x) => new KMeans({ nClusters: 8, nInit: 1, maxIter: 10, tol: 0, seed: 0 }).fit(x)),
  ),
  scaling(
    'gmm',
    'ten iterations of Gaussian mixture, n rows of 5, k 4',
    500,
    ['n', linear],
    onRows(5, (x) =>
      new GaussianMixture({ nComponents: 4, maxIter: 10, tol: 0, initParams: 'randomFromData', seed: 0 }).fit(x),
    ),
  ),
  scaling('dbscan', 'DBSCAN of n rows of 2, equally dense', 500, ['n', linear], (n) => {
    // The area grows with n, so that each row has as many neighbors.
    const x = { data: randomMatrix(n, 2, 1).data.map((value) => value * Math.sqrt(n)), shape: [n, 2] };
    return () => new DBSCAN({ eps: 1, minSamples: 5 }).fit(x);
  }),
  scaling(
    'agglomerative',
    "Ward's clustering of n rows of 5",
    125,
    ['n²', square],
    onRows(5, (x) => new AgglomerativeClustering().fit(x)),
  ),
  scaling(
    'spectral',
    'spectral clustering of n rows of 5',
    64,
    ['n²', square],
    onRows(5, (x) => new SpectralClustering({ nClusters: 4, nInit: 1, seed: 0 }).fit(x)),
  ),
  scaling(
    'silhouette',
    'silhouette of n rows of 10',
    250,
    ['n²', square],
    onClasses(10, (x, y) => silhouetteScore(x, y)),
  ),
  scaling(
    'roc-auc',
    'area under the ROC curve of n scores',
    4000,
    ['n', linear],
    onClasses(3, (x, y) => rocAucScore(y, x.data.subarray(0, y.length))),
  ),
];
