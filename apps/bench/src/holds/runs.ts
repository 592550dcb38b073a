/** What runs asynchronously beside the `fitAsync` of single estimators: pipelines, validation, searches, training, updates. */
import { elbowAsync } from '@maru-ml/cluster';
import { PCA } from '@maru-ml/linalg';
import { LogisticRegression, Ridge, SGDClassifier, SGDRegressor } from '@maru-ml/linear';
import {
  crossValidate,
  crossValPredict,
  GridSearch,
  learningCurve,
  permutationImportance,
  pipeline,
  validationCurve,
} from '@maru-ml/model-selection';
import { KNeighborsClassifier } from '@maru-ml/neighbors';
import { DataLoader, Linear, ReLU, Sequential, Trainer } from '@maru-ml/nn';
import { Adam } from '@maru-ml/optim';
import { ColumnTransformer, OneHotEncoder, PolynomialFeatures, StandardScaler } from '@maru-ml/preprocessing';
import { crossEntropy, tensor } from '@maru-ml/tensor';
import { TfidfVectorizer } from '@maru-ml/text';
import { DecisionTreeClassifier } from '@maru-ml/tree';
import { counts, labels, numbers, rows, texts } from './data.ts';

export interface Run {
  /** Rows and columns; 100,000 and 20. */
  shape?: [number, number];
  /** Makes what the run needs. */
  prepare: (n: number, d: number) => () => Promise<unknown>;
}

/** It answers slowly. */
const neighbors = () => new KNeighborsClassifier();
const trees = (maxDepth: number) => new DecisionTreeClassifier({ maxDepth });

export const RUNS: Record<string, Run> = {
  pipeline: {
    prepare(n, d) {
      const steps = pipeline(
        new StandardScaler(),
        new PolynomialFeatures(),
        new PCA({ nComponents: 10 }),
        new LogisticRegression(),
      );
      const [x, y] = [rows(n, d), labels(n)];
      return () => steps.fitAsync(x, y);
    },
    shape: [20_000, 20],
  },
  'pipeline of texts': {
    prepare(n) {
      const steps = pipeline(new TfidfVectorizer(), new LogisticRegression({ maxIter: 5 }));
      const [x, y] = [texts(n), labels(n)];
      return () => steps.fitAsync(x, y);
    },
    shape: [20_000, 30],
  },
  'pipeline of columns': {
    prepare(n, d) {
      const parts: ConstructorParameters<typeof ColumnTransformer>[0] = [
        ['kinds', new OneHotEncoder(), [0, 1, 2, 3]],
        ['scaled', new StandardScaler(), [4, 5, 6, 7]],
      ];
      const columns = new ColumnTransformer(parts, { sparseThreshold: 0 });
      const steps = pipeline(columns, trees(4));
      const [x, y] = [counts(n, d), labels(n)];
      return () => steps.fitAsync(x, y);
    },
  },
  crossValidate: {
    prepare(n, d) {
      const [x, y] = [rows(n, d), labels(n)];
      return () => crossValidate(neighbors(), x, y, { cv: 3 });
    },
    shape: [10_000, 20],
  },
  'crossValidate by names': {
    prepare(n, d) {
      const [x, y] = [rows(n, d), labels(n)];
      return () =>
        crossValidate(trees(8), x, y, { scoring: ['accuracy', 'f1Macro', 'rocAucOvr'], returnTrainScore: true });
    },
    shape: [20_000, 20],
  },
  crossValPredict: {
    prepare(n, d) {
      const [x, y] = [rows(n, d), labels(n)];
      return () => crossValPredict(neighbors(), x, y, { cv: 3, method: 'predictProba' });
    },
    shape: [10_000, 20],
  },
  learningCurve: {
    prepare(n, d) {
      const [x, y] = [rows(n, d), labels(n)];
      return () => learningCurve(trees(8), x, y, { cv: 3 });
    },
    shape: [20_000, 20],
  },
  validationCurve: {
    prepare(n, d) {
      const [x, y] = [rows(n, d), numbers(n)];
      return () => validationCurve((alpha: number) => new Ridge({ alpha }), [0.1, 1, 10], x, y);
    },
  },
  'GridSearch over neighbors': {
    prepare(n, d) {
      const [x, y] = [rows(n, d), labels(n)];
      const search = new GridSearch(
        (p: { nNeighbors: number }) => new KNeighborsClassifier(p),
        { nNeighbors: [1, 5] },
        { cv: 3 },
      );
      return () => search.fitAsync(x as never, y as never);
    },
    shape: [10_000, 20],
  },
  permutationImportance: {
    prepare(n, d) {
      const [x, y] = [rows(n, d), labels(n)];
      const model = trees(8).fit(x, y);
      return () => permutationImportance(model, x, y, { nRepeats: 2, seed: 1 });
    },
  },
  elbowAsync: {
    prepare(n, d) {
      const x = rows(n, d);
      return () => elbowAsync(x, { nClusters: [2, 3, 4], nInit: 1, maxIter: 10, seed: 1 });
    },
  },
  'SGDClassifier updateAsync': {
    prepare(n, d) {
      const [x, y] = [rows(n, d), labels(n)];
      const model = new SGDClassifier({ maxIter: 1, seed: 1 }).fit(x, y);
      return () => model.updateAsync(x, y);
    },
  },
  'SGDRegressor updateAsync': {
    prepare(n, d) {
      const [x, y] = [rows(n, d), numbers(n)];
      const model = new SGDRegressor({ maxIter: 1, seed: 1 }).fit(x, y);
      return () => model.updateAsync(x, y);
    },
  },
  Trainer: {
    prepare(n, d) {
      const x = tensor(Float32Array.from(rows(n, d).data)).reshape([n, d]);
      const y = tensor(Int32Array.from(labels(n)));
      const net = new Sequential(new Linear(d, 128), new ReLU(), new Linear(128, 3));
      const loader = new DataLoader([x, y], { batchSize: 64, shuffle: true, seed: 1 });
      const validation = new DataLoader([x, y], { batchSize: 256 });
      const trainer = new Trainer(net, { optimizer: new Adam(net.parameters()), loss: crossEntropy });
      return () => trainer.fit(loader, { epochs: 2, validation });
    },
    shape: [20_000, 20],
  },
};
