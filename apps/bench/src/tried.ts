/**
 * What was tried for bars that are missed. The page prints the entries of those that its run missed, and says which missed ones have none.
 *
 * An entry stands under what misses the bar: the id of a row (`npm run bench -- --list`), or the name that a bound's table gives it ("tensor's core", 'stats: OLS').
 * A row may miss bars against several rivals, so an entry of a row says whom its figures are of; one of a table says its unit:
 *
 *   matmul32: [{ of: 'jax-js', kept: 0.89, instead: { 'a tile of 4 x 12': 0.93, 'panels of 128 rows': 0.9 } }],
 *   'stats: OLS': [{ unit: 'KB', kept: 53.6, instead: { 'without formulas': 39.1 } }],
 *
 * `kept` is what stands in the code, `instead` three alternatives or more; smaller is better. Ratios here were
 * measured between our own variants and multiplied by the ratio of an earlier run with the rival; sizes are of bundles with the parts left out.
 */
export interface Tried {
  /** The rival that the ratios are of; or else the unit of the figures. */
  readonly of?: string;
  readonly unit?: 'KB' | 'ms';
  readonly kept: number;
  readonly instead: Readonly<Record<string, number>>;
}

const forestClassifier: readonly Tried[] = [
  {
    unit: 'KB',
    kept: 20,
    instead: {
      'no worker threads': 17.6,
      'worker threads in a chunk of their own of 2.8 KB, where a page has chunks': 18.6,
      'no columns of categories': 19.2,
      'no pruning': 19.5,
      'no criterion but the default one': 19.7,
      'models that cannot be saved': 18.1,
      'no worker threads, categories or pruning': 16.2,
    },
  },
];

const forestRegressor: readonly Tried[] = [
  {
    unit: 'KB',
    kept: 19.6,
    instead: {
      'no worker threads': 17.1,
      'worker threads in a chunk of their own of 2.8 KB, where a page has chunks': 18.1,
      'no columns of categories': 18.8,
      'no pruning': 19.1,
      'no criterion but the default one': 18.2,
      'models that cannot be saved': 17.8,
      'no worker threads, categories or pruning': 15.8,
    },
  },
];

export const tried: Readonly<Record<string, readonly Tried[]>> = {
  matmul32: [
    {
      of: 'jax-js',
      kept: 0.87,
      instead: {
        'blocks of 200 rows and slices of 512 terms': 0.89,
        'blocks of 100 rows': 0.98,
        'slices of 256 terms': 0.94,
        'tiles of 4 x 8': 1.01,
        'tiles of 6 x 8': 1.07,
        'tiles of 8 x 4': 1.09,
        'tiles of 12 x 4': 1.1,
        'tiles of 4 x 12': 1.12,
        'tiles of 3 x 16': 1.12,
        'the loop of a tile unrolled twice': 1.38,
        'a kernel of its own for rows side by side, without tables of offsets': 0.8,
      },
    },
  ],
  mlp: [
    {
      of: 'jax-js',
      kept: 0.51,
      instead: {
        'blocks of 200 rows and slices of 512 terms': 0.54,
        'blocks of 520 rows and slices of 1,000 terms': 0.52,
        "the first layer's product as its transpose": 0.54,
        "the weights' gradient as its transpose": 0.61,
        'no rectifier at all, which bounds what fusing it could gain': 0.49,
        'no biases at all, which bounds what fusing them could gain': 0.48,
        'no update at all, which bounds what adding it within the product could gain': 0.47,
      },
    },
    {
      of: 'PyTorch',
      kept: 1.52,
      instead: {
        'blocks of 200 rows and slices of 512 terms': 1.61,
        'blocks of 520 rows and slices of 1,000 terms': 1.56,
        "the first layer's product as its transpose": 1.62,
        "the weights' gradient as its transpose": 1.83,
        'no rectifier at all, which bounds what fusing it could gain': 1.47,
        'no biases at all, which bounds what fusing them could gain': 1.44,
        'no update at all, which bounds what adding it within the product could gain': 1.4,
      },
    },
  ],
  'forest-predict': [
    {
      of: 'scikit-learn',
      kept: 0.46,
      instead: {
        'a tree after the other for each row, with branches': 1.44,
        'a level of the tree after the other for all rows of a block': 1.28,
        'two rows together': 1,
        'four rows together': 0.62,
        'eight rows together, column and child apart': 0.57,
        'four rows together, column and child in one number': 0.51,
        'blocks of 2,048 rows': 0.62,
        'a WebAssembly kernel, four rows together, for 2 KB more in a page': 0.41,
      },
    },
  ],
  "tensor's core": [
    {
      unit: 'KB',
      kept: 20.9,
      instead: {
        'printing left out': 20,
        'pow by its twin alone, without WebAssembly': 20.3,
        'matmul by its twin alone': 18.9,
        'no method pow': 17.3,
        'no method matmul, though a.matmul(b) is what everybody writes': 17.2,
        'neither method': 13.5,
        'no WebAssembly at all': 16,
      },
    },
  ],
  'svm: SVC': [
    {
      unit: 'KB',
      kept: 19,
      instead: {
        'no cache of kernel rows': 18.6,
        'models that cannot be saved': 17.6,
        'no probabilities': 16.9,
        'twins alone, without WebAssembly': 16.7,
        'neither probabilities nor saving, twins alone': 13.1,
      },
    },
  ],
  'cluster: GaussianMixture': [
    {
      unit: 'KB',
      kept: 20.3,
      instead: {
        'products of matrices in place of kernels of its own': 26.8,
        'models that cannot be saved': 19.3,
        'k-means by its twin alone': 18.9,
        'no start by k-means': 16.1,
        'neither that nor saving': 15.1,
        'twins alone, without WebAssembly': 15.3,
      },
    },
  ],
  'cluster: SpectralClustering': [
    {
      unit: 'KB',
      kept: 20.8,
      instead: {
        'divide and conquer in place of rotations, and exponentials by kernels': 30.2,
        'no graph of neighbors': 20.4,
        'models that cannot be saved': 19.7,
        'k-means by its twin alone': 19.4,
        'twins alone, without WebAssembly': 14.1,
      },
    },
  ],
  'linalg: PCA': [
    {
      unit: 'KB',
      kept: 26.6,
      instead: {
        'no likelihood, thus no number of components by it': 25.8,
        'models that cannot be saved': 25.4,
        'no randomized solver': 25,
        'eigenvectors of the covariance by its singular values': 24.2,
        'QR iterations alone, without divide and conquer': 22.3,
        'the covariance alone, neither singular values nor a randomized solver': 21.5,
        'twins alone, without WebAssembly': 21.2,
        'QR iterations, twins alone, no saving': 15.6,
      },
    },
  ],
  'linalg: KernelPCA': [
    {
      unit: 'KB',
      kept: 28.1,
      instead: {
        'models that cannot be saved': 27,
        'QR iterations alone, without divide and conquer': 25.4,
        'leading eigenvectors alone, never all of them': 23.9,
        'twins alone, without WebAssembly': 18.8,
        'QR iterations, twins alone, no saving': 15,
      },
    },
  ],
  'linalg: LinearDiscriminantAnalysis': [
    {
      unit: 'KB',
      kept: 28.3,
      instead: {
        'models that cannot be saved': 27.1,
        "no solver 'eigen'": 25.9,
        "no solver 'svd'": 25.2,
        'QR iterations alone, without divide and conquer': 24.7,
        'twins alone, without WebAssembly': 22.8,
        'QR iterations, twins alone, no saving': 17.9,
      },
    },
  ],
  'linalg: QuadraticDiscriminantAnalysis': [
    {
      unit: 'KB',
      kept: 21.2,
      instead: {
        'models that cannot be saved': 20,
        'QR iterations alone, without divide and conquer': 17.8,
        'twins alone, without WebAssembly': 16.2,
        'covariances without singular values, which square the condition of x': 14,
      },
    },
  ],
  'linalg: FactorAnalysis': [
    {
      unit: 'KB',
      kept: 24.2,
      instead: {
        'models that cannot be saved': 23.1,
        'no factors by eigenvectors': 21.8,
        'no maximum likelihood, which takes singular values': 20.8,
        'QR iterations alone, without divide and conquer': 19.8,
        'twins alone, without WebAssembly': 18.6,
      },
    },
  ],
  'linalg: TruncatedSVD': [
    {
      unit: 'KB',
      kept: 22.1,
      instead: {
        'models that cannot be saved': 21.1,
        'no randomized algorithm': 20.4,
        'QR iterations alone, without divide and conquer': 18.7,
        'twins alone, without WebAssembly': 17.3,
      },
    },
  ],
  'tree: DecisionTreeClassifier': [
    {
      unit: 'KB',
      kept: 15.5,
      instead: {
        'no columns of categories': 14.7,
        'no pruning': 14.9,
        'no criterion but the default one': 15.2,
        'columns sorted in each node, which takes a third longer': 15.4,
        'models that cannot be saved': 13.8,
        'errors that name no remedy': 15.1,
      },
    },
  ],
  'tree: DecisionTreeRegressor': [
    {
      unit: 'KB',
      kept: 15.1,
      instead: {
        'no columns of categories': 14.3,
        'no pruning': 14.5,
        'no criterion but the default one': 13.8,
        'columns sorted in each node, which takes a third longer': 15,
        'models that cannot be saved': 13.5,
        'errors that name no remedy': 14.7,
      },
    },
  ],
  'ensemble: RandomForestClassifier': forestClassifier,
  'ensemble: ExtraTreesClassifier': forestClassifier,
  'ensemble: RandomForestRegressor': forestRegressor,
  'ensemble: ExtraTreesRegressor': forestRegressor,
  'ensemble: GradientBoostingClassifier': [
    {
      unit: 'KB',
      kept: 19.1,
      instead: {
        'no columns of categories': 18.2,
        'no pruning': 18.5,
        'no criterion but the default one': 18.2,
        'models that cannot be saved': 17.5,
        'no loss but the default one': 19,
        'no categories, no pruning, no criterion or loss but the default ones': 16.8,
      },
    },
  ],
  'ensemble: GradientBoostingRegressor': [
    {
      unit: 'KB',
      kept: 17.9,
      instead: {
        'no columns of categories': 17.1,
        'no pruning': 17.4,
        'no criterion but the default one': 16.6,
        'models that cannot be saved': 16.5,
        'no loss but the default one': 17.3,
        'no categories, no pruning, no criterion or loss but the default ones': 14.6,
      },
    },
  ],
  'ensemble: HistGradientBoostingClassifier': [
    {
      unit: 'KB',
      kept: 21,
      instead: {
        'twins alone, without WebAssembly': 19,
        'no columns of categories': 20.6,
        'models that cannot be saved': 19.3,
        'twins alone, no categories': 18.6,
      },
    },
  ],
  'ensemble: HistGradientBoostingRegressor': [
    {
      unit: 'KB',
      kept: 20.1,
      instead: {
        'twins alone, without WebAssembly': 18.1,
        'no columns of categories': 19.7,
        'models that cannot be saved': 18.4,
        'no loss but the default one': 19.2,
        'twins alone, no categories, no loss but the default one': 16.8,
      },
    },
  ],
};
