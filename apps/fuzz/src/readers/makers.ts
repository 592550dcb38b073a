import { Random } from '@maru-ml/base';
import { BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB } from '@maru-ml/bayes';
import {
  AgglomerativeClustering,
  DBSCAN,
  FuzzyCMeans,
  FuzzyKMeans,
  GaussianMixture,
  KMeans,
  MiniBatchKMeans,
  SpectralClustering,
} from '@maru-ml/cluster';
import {
  AdaBoostClassifier,
  AdaBoostRegressor,
  BaggingClassifier,
  BaggingRegressor,
  ExtraTreesClassifier,
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  HistGradientBoostingClassifier,
  HistGradientBoostingRegressor,
  IsolationForest,
  RandomForestClassifier,
  RandomForestRegressor,
  StackingClassifier,
  StackingRegressor,
  VotingClassifier,
  VotingRegressor,
} from '@maru-ml/ensemble';
import {
  FactorAnalysis,
  HebbianPCA,
  KernelPCA,
  LinearDiscriminantAnalysis,
  PCA,
  QuadraticDiscriminantAnalysis,
  TruncatedSVD,
} from '@maru-ml/linalg';
import {
  ElasticNet,
  LassoCV,
  LinearRegression,
  LogisticRegression,
  Ridge,
  RidgeCV,
  SGDClassifier,
  SGDRegressor,
} from '@maru-ml/linear';
import {
  CalibratedClassifier,
  DummyClassifier,
  DummyRegressor,
  gridSearch,
  IsotonicRegression,
  pipeline,
} from '@maru-ml/model-selection';
import {
  KNeighborsClassifier,
  KNeighborsRegressor,
  NearestNeighbors,
  RadiusNeighborsClassifier,
  RadiusNeighborsRegressor,
} from '@maru-ml/neighbors';
import {
  ColumnTransformer,
  FunctionTransformer,
  KBinsDiscretizer,
  LabelEncoder,
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  OneHotEncoder,
  OrdinalEncoder,
  PolynomialFeatures,
  PowerTransformer,
  RFE,
  RobustScaler,
  SelectKBest,
  SimpleImputer,
  StandardScaler,
  VarianceThreshold,
} from '@maru-ml/preprocessing';
import { Formula, GLM, Logit, MNLogit, OLS } from '@maru-ml/stats';
import { LinearSVC, LinearSVR, OneClassSVM, SVC, SVR } from '@maru-ml/svm';
import type { Columns } from '@maru-ml/tensor';
import { CountVectorizer, HashingVectorizer, TfidfVectorizer } from '@maru-ml/text';
import { DecisionTreeClassifier, DecisionTreeRegressor } from '@maru-ml/tree';

/** A fitted model, and what it can be asked about. */
export interface Made {
  readonly model: object;
  /** Rows, columns, labels or texts that the model takes. */
  readonly x: unknown;
}

/** Twelve rows of four counts, three groups of them. */
const random = new Random(7);
const X = Array.from({ length: 12 }, (_, i) => [0, 1, 2, 3].map((j) => (j === i % 3 ? 6 : 1) + random.integer(3)));
const LABELS = X.map((_, i) => ['ant', 'bee', 'cat'][i % 3]!);
const TWO = X.map((_, i) => i % 3 === 0);
const Y = X.map((row, i) => row[0]! * 0.5 - row[1]! + (i % 2));
const ROWS = X.slice(0, 3);
const GAPS = X.map((row, i) => row.map((value, j) => (i === j ? Number.NaN : value)));
const COLUMNS = {
  age: Float64Array.from(X, (row) => row[0]!),
  fare: Float64Array.from(X, (row, i) => row[1]! + i / 10),
  sort: X.map((_, i) => ['a', 'b', 'c'][(i * 5) % 3]!),
  alone: X.map((_, i) => i % 4 < 2),
  y: Float64Array.from(Y),
};
const KINDS = { color: ['a', 'b', 'a', 'c'], size: ['x', 'y', 'y', null] };
const WHOLE = { color: ['a', 'b'], size: ['y', 'x'] };
/** Rows whose labels have nothing to do with their numbers. */
const NOISE = Array.from({ length: 40 }, () => [random.uniform(), random.uniform()]);
const COINS = NOISE.map(() => random.integer(2));
const SORTS = { u: Float64Array.from(NOISE, ([u]) => u!), sort: NOISE.map(() => ['a', 'b', 'c'][random.integer(3)]!) };
const TEXTS = ['red red blue', 'blue green', 'a green bird'];

const seed = 1;
const on = (model: object, x: unknown = ROWS): Made => ({ model, x });

/** Models of every class that can be loaded, by the class's name; each as few as show all forms of its files. */
export const makers: Readonly<Record<string, () => Made[] | Promise<Made[]>>> = {
  BernoulliNBModel: () => [on(new BernoulliNB({ binarize: 4 }).fit(X, LABELS))],
  CategoricalNBModel: () => [on(new CategoricalNB().fit(X, LABELS))],
  ComplementNBModel: () => [on(new ComplementNB().fit(X, LABELS))],
  GaussianNBModel: () => [on(new GaussianNB().fit(X, LABELS))],
  MultinomialNBModel: () => [on(new MultinomialNB().fit(X, TWO))],

  AgglomerativeClusteringModel: () => [on(new AgglomerativeClustering({ nClusters: 3 }).fit(X))],
  DBSCANModel: () => [on(new DBSCAN({ eps: 3, minSamples: 2 }).fit(X))],
  FuzzyModel: () => [
    on(new FuzzyCMeans({ nClusters: 3, seed }).fit(X)),
    on(new FuzzyKMeans({ nClusters: 3, seed }).fit(X)),
  ],
  GaussianMixtureModel: () => [
    on(new GaussianMixture({ nComponents: 2, seed }).fit(X)),
    on(new GaussianMixture({ nComponents: 3, covarianceType: 'diag', seed }).fit(X)),
  ],
  KMeansModel: () => [on(new KMeans({ nClusters: 3, seed, nInit: 1 }).fit(X))],
  MiniBatchKMeansModel: () => [on(new MiniBatchKMeans({ nClusters: 3, seed }).fit(X))],
  SpectralClusteringModel: () => [on(new SpectralClustering({ nClusters: 3, seed }).fit(X))],

  AdaBoostClassifierModel: () => [
    on(new AdaBoostClassifier(new DecisionTreeClassifier({ maxDepth: 1 }), { nEstimators: 3, seed }).fit(X, LABELS)),
  ],
  AdaBoostRegressorModel: () => [
    on(new AdaBoostRegressor(new DecisionTreeRegressor({ maxDepth: 1 }), { nEstimators: 3, seed }).fit(X, Y)),
  ],
  BaggingClassifierModel: () => [
    on(new BaggingClassifier(new LogisticRegression(), { nEstimators: 2, seed }).fit(X, LABELS)),
  ],
  BaggingRegressorModel: () => [on(new BaggingRegressor(new Ridge(), { nEstimators: 2, seed }).fit(X, Y))],
  ForestClassifierModel: () => [
    on(new RandomForestClassifier({ nEstimators: 2, seed }).fit(X, LABELS)),
    on(new ExtraTreesClassifier({ nEstimators: 2, seed }).fit(X, TWO)),
  ],
  ForestRegressorModel: () => [
    on(new RandomForestRegressor({ nEstimators: 2, seed, bootstrap: true, oobScore: true }).fit(X, Y)),
  ],
  GradientBoostingClassifierModel: () => [
    on(new GradientBoostingClassifier({ nEstimators: 2, maxDepth: 2, seed }).fit(X, LABELS)),
  ],
  GradientBoostingRegressorModel: () => [
    on(new GradientBoostingRegressor({ nEstimators: 2, maxDepth: 2, seed }).fit(X, Y)),
  ],
  HistGradientBoostingClassifierModel: () => [
    on(new HistGradientBoostingClassifier({ maxIter: 2, minSamplesLeaf: 2, seed }).fit(X, LABELS)),
    on(new HistGradientBoostingClassifier({ maxIter: 2, minSamplesLeaf: 2, seed }).fit(GAPS, TWO)),
  ],
  HistGradientBoostingRegressorModel: () => [
    on(new HistGradientBoostingRegressor({ maxIter: 2, minSamplesLeaf: 2, seed }).fit(X, Y)),
  ],
  IsolationForestModel: () => [on(new IsolationForest({ nEstimators: 2, seed }).fit(X))],
  StackingClassifierModel: () => [
    on(
      new StackingClassifier(
        { tree: new DecisionTreeClassifier({ maxDepth: 1 }), line: new GaussianNB() },
        new LogisticRegression(),
        { cv: 2 },
      ).fit(X, LABELS),
    ),
  ],
  StackingRegressorModel: () => [
    on(new StackingRegressor({ tree: new DecisionTreeRegressor({ maxDepth: 1 }) }, new Ridge(), { cv: 2 }).fit(X, Y)),
  ],
  VotingClassifierModel: () => [
    on(
      new VotingClassifier(
        { tree: new DecisionTreeClassifier({ maxDepth: 1 }), bayes: new GaussianNB() },
        { voting: 'soft', weights: [1, 2] },
      ).fit(X, LABELS),
    ),
  ],
  VotingRegressorModel: () => [
    on(new VotingRegressor({ tree: new DecisionTreeRegressor({ maxDepth: 1 }), line: new Ridge() }).fit(X, Y)),
  ],

  FactorAnalysisModel: () => [on(new FactorAnalysis({ nComponents: 2 }).fit(X))],
  HebbianPCAModel: () => [on(new HebbianPCA({ nComponents: 2, seed, maxIter: 5 }).fit(X))],
  KernelPCAModel: () => [on(new KernelPCA({ nComponents: 2, kernel: 'rbf', fitInverseTransform: true }).fit(X))],
  LinearDiscriminantAnalysisModel: () => [on(new LinearDiscriminantAnalysis().fit(X, LABELS))],
  PCAModel: () => [on(new PCA({ nComponents: 2, whiten: true }).fit(X))],
  QuadraticDiscriminantAnalysisModel: () => [on(new QuadraticDiscriminantAnalysis({ regParam: 0.5 }).fit(X, LABELS))],
  TruncatedSVDModel: () => [on(new TruncatedSVD({ nComponents: 2, seed }).fit(X))],

  ElasticNetCVModel: () => [on(new LassoCV({ nAlphas: 3, cv: 2 }).fit(X, Y))],
  ElasticNetModel: () => [on(new ElasticNet({ alpha: 0.1 }).fit(X, Y))],
  LinearRegressionModel: () => [on(new LinearRegression().fit(X, Y))],
  LogisticRegressionModel: () => [
    on(new LogisticRegression().fit(X, LABELS)),
    on(new LogisticRegression().fit(X, TWO)),
  ],
  RidgeCVModel: () => [on(new RidgeCV().fit(X, Y))],
  RidgeModel: () => [on(new Ridge().fit(X, Y))],
  SGDClassifierModel: () => [on(new SGDClassifier({ loss: 'logLoss', seed, maxIter: 5 }).fit(X, LABELS))],
  SGDRegressorModel: () => [on(new SGDRegressor({ seed, maxIter: 5, eta0: 0.001 }).fit(X, Y))],

  CalibratedClassifierModel: () => [
    on(new CalibratedClassifier(new GaussianNB(), { cv: 2 }).fit(X, LABELS)),
    on(new CalibratedClassifier(new LogisticRegression(), { cv: 2, method: 'isotonic' }).fit(X, TWO)),
  ],
  DummyClassifierModel: () => [on(new DummyClassifier({ strategy: 'stratified', seed }).fit(X, LABELS))],
  DummyRegressorModel: () => [on(new DummyRegressor().fit(X, Y))],
  IsotonicRegressionModel: () => [
    on(
      new IsotonicRegression({ outOfBounds: 'clip' }).fit(
        X.map(([first]) => [first!]),
        Y,
      ),
      [[1], [2], [3]],
    ),
  ],
  PipelineModel: () => [
    on(pipeline(new StandardScaler(), new PCA({ nComponents: 2 }), new LogisticRegression()).fit(X, LABELS)),
    on(pipeline(parts(), new Ridge()).fit(COLUMNS, Y), COLUMNS),
  ],
  SearchResult: async () => [
    on(
      await gridSearch(({ alpha }: { alpha: number }) => new Ridge({ alpha }), { alpha: [1, 10] }, { cv: 2 }).fit(X, Y),
    ),
  ],

  KNeighborsClassifierModel: () => [
    on(new KNeighborsClassifier({ nNeighbors: 2, weights: 'distance' }).fit(X, LABELS)),
  ],
  KNeighborsRegressorModel: () => [on(new KNeighborsRegressor({ nNeighbors: 2 }).fit(X, Y))],
  NearestNeighborsModel: () => [on(new NearestNeighbors({ nNeighbors: 2, radius: 3 }).fit(X))],
  RadiusNeighborsClassifierModel: () => [on(new RadiusNeighborsClassifier({ radius: 5 }).fit(X, LABELS))],
  RadiusNeighborsRegressorModel: () => [on(new RadiusNeighborsRegressor({ radius: 5 }).fit(X, Y))],

  ColumnTransformerModel: () => [on(parts().fit(COLUMNS), COLUMNS)],
  FunctionTransformerModel: () => [on(new FunctionTransformer({ func: 'log1p' }).fit(X))],
  KBinsDiscretizerModel: () => [
    on(new KBinsDiscretizer({ nBins: 2, encode: 'ordinal' }).fit(X)),
    on(new KBinsDiscretizer({ nBins: 3 }).fit(X)),
  ],
  LabelEncoderModel: () => [on(new LabelEncoder().fit(LABELS), LABELS)],
  MaxAbsScalerModel: () => [on(new MaxAbsScaler().fit(X))],
  MinMaxScalerModel: () => [on(new MinMaxScaler().fit(X))],
  NormalizerModel: () => [on(new Normalizer().fit(X))],
  OneHotEncoderModel: () => [
    on(new OneHotEncoder({ handleUnknown: 'ignore' }).fit(KINDS), KINDS),
    on(new OneHotEncoder({ drop: 'first' }).fit(KINDS), KINDS),
  ],
  OrdinalEncoderModel: () => [on(new OrdinalEncoder().fit(KINDS), WHOLE)],
  PolynomialFeaturesModel: () => [on(new PolynomialFeatures({ degree: 2 }).fit(X))],
  PowerTransformerModel: () => [on(new PowerTransformer().fit(X))],
  RFEModel: () => [on(new RFE(new Ridge(), { nFeaturesToSelect: 2 }).fit(X, Y))],
  RobustScalerModel: () => [on(new RobustScaler().fit(X))],
  SelectKBestModel: () => [on(new SelectKBest({ k: 2 }).fit(X, LABELS))],
  SimpleImputerModel: () => [
    on(new SimpleImputer({ addIndicator: true }).fit(GAPS), GAPS),
    on(new SimpleImputer({ strategy: 'mostFrequent' }).fit(COLUMNS), COLUMNS),
  ],
  StandardScalerModel: () => [on(new StandardScaler().fit(X))],
  VarianceThresholdModel: () => [on(new VarianceThreshold().fit(X))],

  DiscreteModel: () => [
    on(new Logit({ addConstant: true }).fit(NOISE, COINS), NOISE.slice(0, 3)),
    on(new MNLogit().fit('sort ~ u', SORTS), SORTS),
  ],
  FittedFormula: () => [on(new Formula('y ~ scale(age) * C(sort) + fare + alone').fit(COLUMNS), COLUMNS)],
  GLMModel: () => [
    on(
      new GLM({ family: 'poisson', addConstant: true }).fit(
        X,
        X.map((row) => row[0]!),
      ),
    ),
    on(new GLM({ family: 'gaussian' }).fit('y ~ age + sort', COLUMNS), COLUMNS),
  ],
  RegressionModel: () => [
    on(new OLS({ addConstant: true }).fit(X, Y)),
    on(new OLS().fit('y ~ age + C(sort) + alone', COLUMNS), COLUMNS),
  ],

  LinearSVCModel: () => [on(new LinearSVC({ seed }).fit(X, LABELS))],
  LinearSVRModel: () => [on(new LinearSVR({ seed }).fit(X, Y))],
  OneClassSVMModel: () => [on(new OneClassSVM().fit(X))],
  SVCModel: () => [on(new SVC({ probability: true }).fit(X, LABELS)), on(new SVC({ kernel: 'poly' }).fit(X, TWO))],
  SVRModel: () => [on(new SVR().fit(X, Y))],

  CountVectorizerModel: () => [on(new CountVectorizer().fit(TEXTS), TEXTS)],
  HashingVectorizerModel: () => [on(new HashingVectorizer({ nFeatures: 16 }).fit(TEXTS), TEXTS)],
  TfidfVectorizerModel: () => [on(new TfidfVectorizer().fit(TEXTS), TEXTS)],

  DecisionTreeClassifierModel: () => [
    on(new DecisionTreeClassifier().fit(X, LABELS)),
    on(new DecisionTreeClassifier().fit(GAPS, TWO)),
  ],
  DecisionTreeRegressorModel: () => [on(new DecisionTreeRegressor({ maxDepth: 3 }).fit(X, Y))],
};

function parts(): ColumnTransformer<Columns> {
  return new ColumnTransformer<Columns>([
    ['num', pipeline(new SimpleImputer(), new StandardScaler()), ['age', 'fare']],
    ['cat', new OneHotEncoder(), ['sort']],
    ['flags', 'passthrough', { kind: 'boolean' }],
  ]);
}
