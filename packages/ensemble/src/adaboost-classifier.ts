import {
  checkKnown,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  randomFrom,
  readable,
  runFits,
  runFitsAsync,
  show,
} from '@maru-ml/base';
import { exp, log } from '@maru-ml/kernels/scalar';
import {
  answerSteps,
  type Classifier,
  type ClassifierModel,
  type Label,
  type MatrixLike,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { type AdaBoostClassifierModel, FittedAdaBoostClassifier } from './adaboost-classifier-model.ts';
import { type AdaBoostOptions, type AdaBoostSettings, checkAdaBoost, normalized } from './members/adaboost.ts';
import { checkEstimator, rowsOf, seeded } from './members/members.ts';
import { fitted } from './members/plan.ts';
import { describeEstimator } from './text.ts';

const OWNER = 'AdaBoostClassifier';

/**
 * AdaBoost for two classes or more (SAMME): fits a classifier again and again, each time with more weight on the rows that the last one got wrong,
 *
 *   εₜ = Σ wᵢ [fₜ(xᵢ) ≠ yᵢ] / Σ wᵢ,   αₜ = η (log((1 - εₜ) / εₜ) + log(k - 1)),   wᵢ ← wᵢ e^αₜ where fₜ is wrong,
 *
 * and lets them vote with weights αₜ. For classifiers that are a little better than chance, such as trees of one or two questions. It ends
 * early when a model is perfect, or no better than chance.
 *
 * Options are those of scikit-learn's 'SAMME', but that the estimator must be given: `new DecisionTreeClassifier({ maxDepth: 1 })` is the default there.
 *
 * Y. Freund and R. Schapire, "A decision-theoretic generalization of on-line learning and an application to boosting", JCSS 55 (1997).
 * J. Zhu, H. Zou, S. Rosset and T. Hastie, "Multi-class AdaBoost", Statistics and Its Interface 2 (2009).
 */
export class AdaBoostClassifier implements Classifier {
  readonly estimator: Classifier;
  readonly options: AdaBoostSettings;

  /**
   * @param estimator a classifier that takes weights of rows
   * @throws OptionError for options that have no meaning
   */
  constructor(estimator: Classifier, options: AdaBoostOptions = {}) {
    this.estimator = checkEstimator(OWNER, 'estimator', estimator);
    this.options = checkAdaBoost(OWNER, options, []);
    readable(this);
  }

  /**
   * Fits the models from `x` [n, d] and the labels `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): AdaBoostClassifierModel<L> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runFits(this.#plan(x, y, options.sampleWeight), options);
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<AdaBoostClassifierModel<L>> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runFitsAsync(this.#plan(x, y, options.sampleWeight), options);
  }

  toString(): string {
    const [base] = /^\w+/.exec(String(this.estimator)) ?? ['Estimator'];
    return describeEstimator(OWNER, { estimator: base, ...this.options });
  }

  *#plan<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Fits<AdaBoostClassifierModel<L>> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    const { classes, codes } = toLabels(OWNER, y, matrix.rows);
    const weights = normalized(
      checkSampleWeight(OWNER, sampleWeight, matrix.rows) ?? new Float64Array(matrix.rows).fill(1),
    );
    const k = classes.length;
    if (k < 2) throw new DataError(`${OWNER}: y must have at least two classes, got only ${show(classes[0])}`);
    const { nEstimators, learningRate, seed } = this.options;
    const random = randomFrom(seed);
    const models: ClassifierModel<number>[] = [];
    const [shares, errors] = [[] as number[], [] as number[]];
    let converged = false;
    for (let t = 0; t < nEstimators; t++) {
      const request = {
        estimator: seeded(this.estimator, random),
        x: rowsOf(matrix),
        y: codes,
        sampleWeight: weights.slice(),
      };
      const model = yield* fitted<ClassifierModel<number>>(request);
      const predicted = yield* answerSteps(rowsOf(matrix), matrix.rows, (rows) => model.predict(rows));
      let error = 0;
      for (let i = 0; i < codes.length; i++) if (predicted[i] !== codes[i]) error += weights[i]!;
      if (error >= 1 - 1 / k) {
        if (models.length === 0) {
          throw new DataError(
            `${OWNER}: the first model is no better than chance (it gets ${round(error)} of the weight wrong); take a better estimator`,
          );
        }
        converged = true;
        break;
      }
      models.push(model);
      errors.push(error);
      // A perfect model is enough.
      converged = error <= 0;
      const share = converged ? 1 : learningRate * (log((1 - error) / error) + log(k - 1));
      shares.push(share);
      const goOn = yield { step: t + 1, total: nEstimators, unit: 'estimator', metrics: { error } };
      if (goOn === false || converged) break;
      const factor = exp(share);
      for (let i = 0; i < codes.length; i++) if (predicted[i] !== codes[i]) weights[i]! *= factor;
      normalized(weights);
    }
    const found = { estimatorWeights: Float64Array.from(shares), estimatorErrors: Float64Array.from(errors) };
    return new FittedAdaBoostClassifier({ classes, models, ...found, nFeaturesIn: matrix.columns, converged });
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
