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
    kept: 18.2,
    instead: {
      'worker threads as an object that the user imports': 15.2,
      'no worker threads, no pruning': 14.7,
      'no worker threads, no pruning, no criterion but the default one, no saving': 14,
    },
  },
];

const forestRegressor: readonly Tried[] = [
  {
    unit: 'KB',
    kept: 18,
    instead: {
      'worker threads as an object that the user imports': 15.1,
      'no worker threads, no pruning': 14.6,
      'no worker threads, no pruning, no criterion but the default one, no saving': 12.8,
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
  cnn: [
    {
      of: 'PyTorch',
      kept: 2,
      instead: {
        'one product of unfolded windows in place of Winograd’s method': 2.5,
        'Winograd’s method by 128 tiles': 2.03,
        'Winograd’s method by 512 tiles': 2.01,
        'no update at all, which bounds what a faster one could gain': 2,
      },
    },
  ],
  ols: [
    {
      of: 'ml-regression-multivariate-linear',
      kept: 0.18,
      instead: {
        'columns reflected two at a time': 0.19,
        'two at a time, each as an array of its own': 0.19,
        'by blocks of 128 rows': 0.18,
        'by blocks of 512 rows': 0.18,
        'by blocks of 1,024 rows': 0.19,
        'reflections scaled by the inverse in place of a division': 0.18,
        'sums of the rows in the function that pauses': 0.18,
      },
    },
  ],
  logistic: [
    {
      of: 'scikit-learn',
      kept: 0.8,
      instead: {
        'L-BFGS': 1.35,
        'the Hessian by one times four sums': 0.99,
        'rows multiplied one at a time': 0.87,
        'rows multiplied two at a time': 0.85,
        'a Hessian kept while a step leaves .8 of the gradient, not .6': 0.78,
        'while it leaves .4': 0.9,
      },
    },
  ],
  'predict-bulk': [
    {
      of: 'scikit-learn',
      kept: 0.84,
      instead: {
        'rows multiplied one at a time': 0.98,
        'two at a time': 0.92,
        'four at a time, both halves of their sums in one loop': 1.05,
        'labels read from the frozen list': 0.93,
        'blocks of 512 rows': 0.87,
        'blocks of 2,048 rows': 0.83,
        'what is scaled kept in the memory of the kernels': 0.8,
      },
    },
  ],
  mlp: [
    {
      of: 'jax-js',
      kept: 0.51,
      instead: {
        "the Trainer's batches on the heap, outside the scope of their step": 0.53,
        "turns of the Trainer's event loop by setImmediate": 0.51,
        'gradients that hand their memory over and are not copied': 0.5,
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
        "the Trainer's batches on the heap, outside the scope of their step": 1.59,
        "turns of the Trainer's event loop by setImmediate": 1.53,
        'gradients that hand their memory over and are not copied': 1.5,
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
        'eight rows together in a loop': 0.97,
        'all rows of a block a step each, those that have arrived left out': 1.1,
        "a row's step as a function": 0.52,
        'a WebAssembly kernel, four rows together, for 2 KB more in a page': 0.41,
      },
    },
  ],
  "tensor's core": [
    {
      unit: 'KB',
      kept: 20.5,
      instead: {
        'kernels compiled for size in place of speed': 20.5,
        'logarithms for the slope of an exponent by their twin, some five times slower': 19.9,
        'printing left out': 19.4,
        'pow by its twin alone, without WebAssembly': 19.2,
        'matmul by its twin alone': 18.5,
        'no method pow': 16.9,
        'no method matmul, though a.matmul(b) is what everybody writes': 17.1,
        'neither method': 13.4,
        'no WebAssembly at all': 15,
      },
    },
  ],
  'linalg: PCA': [
    {
      unit: 'KB',
      kept: 25,
      instead: {
        'models that cannot be saved': 24.6,
        'no randomized solver': 23.2,
        'QR iterations alone, without divide and conquer': 20.5,
        'twins alone, without WebAssembly': 20.7,
        'QR iterations, twins alone, no saving': 15.8,
      },
    },
  ],
  'linalg: KernelPCA': [
    {
      unit: 'KB',
      kept: 25.9,
      instead: {
        'models that cannot be saved': 25.4,
        'QR iterations alone, without divide and conquer': 23.1,
        'twins alone, without WebAssembly': 18.2,
        'QR iterations, twins alone, no saving': 15.1,
      },
    },
  ],
  'linalg: LinearDiscriminantAnalysis': [
    {
      unit: 'KB',
      kept: 26.9,
      instead: {
        'models that cannot be saved': 26.5,
        'QR iterations alone, without divide and conquer': 23.3,
        'twins alone, without WebAssembly': 22.6,
        'QR iterations, twins alone, no saving': 18.4,
      },
    },
  ],
  'linalg: FactorAnalysis': [
    {
      unit: 'KB',
      kept: 23,
      instead: {
        'models that cannot be saved': 22.6,
        'QR iterations alone, without divide and conquer': 18.5,
        'twins alone, without WebAssembly': 18.6,
        'QR iterations, twins alone, no saving': 13.7,
      },
    },
  ],
  'linalg: QuadraticDiscriminantAnalysis': [
    {
      unit: 'KB',
      kept: 20.1,
      instead: {
        'models that cannot be saved': 19.6,
        'QR iterations alone, without divide and conquer': 16.6,
        'twins alone, without WebAssembly': 16.1,
        'covariances without singular values, which square the condition of x': 15.4,
      },
    },
  ],
  'linalg: TruncatedSVD': [
    {
      unit: 'KB',
      kept: 20.8,
      instead: {
        'models that cannot be saved': 20.5,
        'no randomized algorithm': 18.9,
        'QR iterations alone, without divide and conquer': 17.4,
        'twins alone, without WebAssembly': 17,
        'QR iterations, twins alone, no saving': 13.2,
      },
    },
  ],
  'linear: LinearRegression': [
    {
      unit: 'KB',
      kept: 20.5,
      instead: {
        'models that cannot be saved': 20.1,
        'no coefficients that must be positive': 20.1,
        'QR iterations alone, without divide and conquer': 17.9,
        'twins alone, without WebAssembly': 16.5,
        'no singular values, thus no answer where columns depend on each other': 15.8,
      },
    },
  ],
  'linear: Ridge': [
    {
      unit: 'KB',
      kept: 19.6,
      instead: {
        'models that cannot be saved': 19.3,
        'QR iterations alone, without divide and conquer': 16.2,
        'twins alone, without WebAssembly': 15.6,
        "no solver 'svd', thus none where the others fail": 13.7,
      },
    },
  ],
  'linear: RidgeCV': [
    {
      unit: 'KB',
      kept: 18.2,
      instead: {
        'models that cannot be saved': 17.9,
        'QR iterations alone, without divide and conquer': 14.8,
        'twins alone, without WebAssembly': 14.3,
        'QR iterations, twins alone, no saving': 10.4,
      },
    },
  ],
  'ensemble: RandomForestClassifier': forestClassifier,
  'ensemble: ExtraTreesClassifier': forestClassifier,
  'ensemble: RandomForestRegressor': forestRegressor,
  'ensemble: ExtraTreesRegressor': forestRegressor,
  'model-selection: GridSearch': [
    {
      unit: 'KB',
      kept: 26.2,
      instead: {
        'no worker threads': 23.3,
        'no scores by name': 16.2,
        neither: 13.3,
        'scores by name from tables of functions, not a switch': 26.2,
      },
    },
  ],
  'model-selection: RandomizedSearch': [
    {
      unit: 'KB',
      kept: 27.6,
      instead: {
        'no worker threads': 24.7,
        'no scores by name': 17.6,
        neither: 14.7,
        'scores by name from tables of functions, not a switch': 27.6,
      },
    },
  ],
  'nn: Trainer': [
    {
      unit: 'KB',
      kept: 28.3,
      instead: {
        'no tensors that print': 27.2,
        'no checkpoints': 26.1,
        'twins alone, without WebAssembly': 22.5,
        'none of the three': 19.1,
      },
    },
  ],
  'stats: OLS': [
    {
      unit: 'KB',
      kept: 51.8,
      instead: {
        'no formulas': 41.9,
        'no summaries': 48.5,
        'twins alone, without WebAssembly': 47.8,
        'QR iterations alone, without divide and conquer': 49.1,
        'neither formulas, WebAssembly nor divide and conquer': 35.4,
      },
    },
  ],
  'stats: WLS': [
    {
      unit: 'KB',
      kept: 51.8,
      instead: {
        'no formulas': 41.9,
        'no summaries': 48.5,
        'twins alone, without WebAssembly': 47.8,
        'QR iterations alone, without divide and conquer': 49.1,
        'neither formulas, WebAssembly nor divide and conquer': 35.4,
      },
    },
  ],
  'stats: GLM': [
    {
      unit: 'KB',
      kept: 53.5,
      instead: {
        'no formulas': 43.7,
        'no summaries': 50.8,
        'twins alone, without WebAssembly': 49.6,
        'QR iterations alone, without divide and conquer': 50.9,
        'neither formulas, WebAssembly nor divide and conquer': 37.2,
      },
    },
  ],
  'stats: Logit': [
    {
      unit: 'KB',
      kept: 54.8,
      instead: {
        'no formulas': 45,
        'no summaries': 52,
        'twins alone, without WebAssembly': 50.9,
        'QR iterations alone, without divide and conquer': 52.2,
        'neither formulas, WebAssembly nor divide and conquer': 38.5,
      },
    },
  ],
  'stats: MNLogit': [
    {
      unit: 'KB',
      kept: 54.8,
      instead: {
        'no formulas': 45,
        'no summaries': 52,
        'twins alone, without WebAssembly': 50.9,
        'QR iterations alone, without divide and conquer': 52.2,
        'neither formulas, WebAssembly nor divide and conquer': 38.5,
      },
    },
  ],
  'stats: Probit': [
    {
      unit: 'KB',
      kept: 54.8,
      instead: {
        'no formulas': 45,
        'no summaries': 52,
        'twins alone, without WebAssembly': 50.9,
        'QR iterations alone, without divide and conquer': 52.2,
        'neither formulas, WebAssembly nor divide and conquer': 38.5,
      },
    },
  ],
};
