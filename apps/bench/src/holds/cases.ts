/** What each estimator is fitted to; one that has no entry here gets the common data. */
import { GaussianNB } from '@maru-ml/bayes';
import { LogisticRegression, Ridge } from '@maru-ml/linear';
import { StandardScaler } from '@maru-ml/preprocessing';
import { DecisionTreeClassifier, DecisionTreeRegressor } from '@maru-ml/tree';
import { counts, labels, numbers, rows, texts } from './data.ts';

export interface Case {
  /** Rows and columns; 100,000 and 20. */
  shape?: [number, number];
  /** The arguments of the constructor; none. */
  options?: unknown[];
  /** The first arguments of `fitAsync`; rows, and behind them labels or numbers where the estimator takes them. */
  args?: (n: number, d: number) => unknown[];
}

const tree = new DecisionTreeClassifier({ maxDepth: 6 });
const regressionTree = new DecisionTreeRegressor({ maxDepth: 6 });
const counted = (n: number, d: number) => [counts(n, d), labels(n)];
const kinds = (n: number, d: number) => [counts(n, d)];
const regression = (n: number, d: number) => [rows(n, d), numbers(n)];
const grid = { alpha: [0.1, 1, 10] };

export const CASES: Record<string, Case> = {
  AdaBoostClassifier: { shape: [20_000, 20], options: [tree, { nEstimators: 10 }] },
  AdaBoostRegressor: { shape: [20_000, 20], options: [regressionTree, { nEstimators: 4 }] },
  AgglomerativeClustering: { shape: [3000, 20], options: [{ nClusters: 8 }] },
  BaggingClassifier: { shape: [20_000, 20], options: [tree] },
  BaggingRegressor: { shape: [20_000, 20], options: [regressionTree] },
  CalibratedClassifier: { options: [new GaussianNB()] },
  CategoricalNB: { args: counted },
  ColumnTransformer: { options: [[['scaled', new StandardScaler(), [0, 1, 2]]]] },
  ComplementNB: { args: counted },
  CountVectorizer: { shape: [50_000, 30], args: (n) => [texts(n)] },
  DBSCAN: { shape: [20_000, 3], options: [{ eps: 0.1 }] },
  FactorAnalysis: { shape: [20_000, 100], options: [{ nComponents: 5 }] },
  FuzzyCMeans: { options: [{ nClusters: 8, maxIter: 20 }] },
  FuzzyKMeans: { shape: [20_000, 20], options: [{ nClusters: 8, maxIter: 20 }] },
  GLM: { options: [{ family: 'poisson' }], args: (n, d) => [rows(n, d), labels(n)] },
  GaussianMixture: { options: [{ nComponents: 5, maxIter: 3 }] },
  GradientBoostingClassifier: { shape: [20_000, 20], options: [{ nEstimators: 10 }] },
  GradientBoostingRegressor: { shape: [20_000, 20], options: [{ nEstimators: 10 }] },
  GridSearch: { options: [(p: object) => new Ridge(p), grid, {}], args: regression },
  HashingVectorizer: { shape: [50_000, 30], args: (n) => [texts(n)] },
  HebbianPCA: { shape: [20_000, 50], options: [{ nComponents: 5, maxIter: 5 }] },
  HistGradientBoostingClassifier: { shape: [100_000, 28], options: [{ maxIter: 3 }] },
  HistGradientBoostingRegressor: { shape: [100_000, 28], options: [{ maxIter: 10 }] },
  IsotonicRegression: { shape: [100_000, 1] },
  KernelPCA: { shape: [2000, 20], options: [{ nComponents: 5, kernel: 'rbf' }] },
  KBinsDiscretizer: { shape: [100_000, 5] },
  LinearRegression: { shape: [10_000, 400] },
  LinearSVC: { shape: [5000, 20] },
  LinearSVR: { shape: [20_000, 20] },
  Logit: { args: (n, d) => [rows(n, d), labels(n, 2)] },
  MNLogit: { args: (n, d) => [rows(n, d), labels(n)] },
  MultinomialNB: { args: counted },
  OLS: { args: regression },
  OneClassSVM: { shape: [5000, 20] },
  OneHotEncoder: { args: kinds },
  OrdinalEncoder: { args: kinds },
  PCA: { shape: [10_000, 400] },
  Perceptron: { options: [{ maxIter: 5 }] },
  PowerTransformer: { shape: [100_000, 3] },
  Probit: { args: (n, d) => [rows(n, d), labels(n, 2)] },
  QuadraticDiscriminantAnalysis: { shape: [50_000, 100] },
  LinearDiscriminantAnalysis: { shape: [50_000, 100] },
  RFE: { shape: [20_000, 20], options: [new Ridge()], args: regression },
  RandomizedSearch: { options: [(p: object) => new Ridge(p), grid, { nIter: 2, seed: 0 }], args: regression },
  ...forests(['RandomForestClassifier', 'RandomForestRegressor', 'ExtraTreesClassifier', 'ExtraTreesRegressor']),
  Ridge: { shape: [10_000, 400] },
  RidgeCV: { shape: [5000, 200] },
  SGDClassifier: { options: [{ maxIter: 5 }] },
  SVC: { shape: [5000, 20] },
  SVR: { shape: [5000, 20] },
  SelectKBest: { options: [{ k: 5 }] },
  SpectralClustering: { shape: [1000, 20], options: [{ nClusters: 5 }] },
  StackingClassifier: { shape: [20_000, 20], options: [{ tree }, new LogisticRegression()] },
  StackingRegressor: { shape: [20_000, 20], options: [{ tree: regressionTree }, new Ridge()] },
  TfidfVectorizer: { shape: [50_000, 30], args: (n) => [texts(n)] },
  TruncatedSVD: { shape: [20_000, 100], options: [{ nComponents: 10 }] },
  VotingClassifier: { options: [{ tree }] },
  VotingRegressor: { options: [{ tree: regressionTree }] },
  WLS: { args: regression },
};

function forests(names: string[]): Record<string, Case> {
  return Object.fromEntries(names.map((name) => [name, { shape: [20_000, 20], options: [{ nEstimators: 4 }] }]));
}
