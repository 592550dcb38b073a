import { DataError, OptionError, readable, show } from '@maru-ml/base';
import { checkSaved, type Label, type Model, type Table } from '@maru-ml/tensor';
import { answerInBlocks } from './blocks.ts';
import { ownError, ownErrors } from './own-errors.ts';
import { printSteps } from './print-steps.ts';

/** A class whose models can be loaded. */
export interface Loadable {
  fromJSON(json: unknown, options?: Partial<LoadOptions>): Model;
}

export interface LoadOptions {
  /** The classes of the models in the file, by name: `{ StandardScalerModel, LogisticRegressionModel }`. */
  classes: Readonly<Record<string, Loadable>>;
  /** Functions by name, for models that hold some, such as an SVC's kernel; none. */
  functions?: Readonly<Record<string, unknown>>;
}

/**
 * What a loaded pipeline can do: as much of this as its last step can. For exact types name them:
 * `PipelineModel.fromJSON<ClassifierPipelineModel<string, [StandardScaler, LogisticRegression]>>(…)`.
 */
export interface LoadedPipelineModel extends Model {
  readonly steps: readonly Model[];
  readonly classes?: readonly Label[];
  readonly labels?: Int32Array;
  readonly nFeaturesOut?: number;
  predict?(x: unknown): ArrayLike<Label>;
  predictOne?(row: ArrayLike<number>): Label;
  predictProba?(x: unknown): Table;
  predictLogProba?(x: unknown): Table;
  decisionFunction?(x: unknown): Table | Float64Array;
  transform?(x: unknown): Table;
  transformOne?<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O;
  inverseTransform?(x: unknown): Table;
  score?(x: unknown, ...rest: unknown[]): number;
}

/** A model of a step, with all that it may be able to do. */
type AnyModel = Model & Partial<Record<string, unknown>>;
type Method = (...args: unknown[]) => unknown;

/**
 * A fitted pipeline: rows go through `transform` of every step but the last and then to the last, whose methods and figures this model
 * has. `predictOne` and `transformOne` go through `transformOne` of the steps and do not allocate. It is made by `fit`
 * or `fromJSON` and does not change.
 */
export class PipelineModel {
  /** The fitted models of the steps, in their order. */
  readonly steps: readonly Model[];
  readonly nFeaturesIn: number;

  /** @internal */
  constructor(models: readonly Model[]) {
    this.steps = Object.freeze([...models]);
    this.nFeaturesIn = models[0]!.nFeaturesIn;
    give(this, models as readonly AnyModel[]);
    readable(this);
    Object.freeze(this);
  }

  toJSON(): object {
    return { type: 'PipelineModel', version: 1, steps: this.steps.map((model) => model.toJSON()) };
  }

  /**
   * The model that `toJSON` wrote.
   *
   * @param options.classes the classes of the steps' models by name, as loading runs no code that the file names
   * @throws DataError if it is no saved pipeline, OptionError if a class is missing
   */
  static fromJSON<M extends Model = LoadedPipelineModel>(json: unknown, options: LoadOptions): M;
  static fromJSON(json: unknown, options: LoadOptions): LoadedPipelineModel;
  static fromJSON(json: unknown, options: LoadOptions): unknown {
    const owner = 'PipelineModel.fromJSON';
    const { steps } = checkSaved('PipelineModel', 1, json);
    if (!Array.isArray(steps) || steps.length === 0) {
      throw new DataError(`${owner}: steps must be an array of saved models, got ${show(steps)}`);
    }
    const models = steps.map((step: unknown, i) => {
      const { type } = Object(step) as { type?: unknown };
      if (typeof type !== 'string') throw new DataError(`${owner}: step ${i + 1} is no saved model, got ${show(step)}`);
      const classes = options?.classes ?? {};
      const known = Object.hasOwn(classes, type) ? classes[type] : type === 'PipelineModel' ? PipelineModel : undefined;
      if (known === undefined) {
        throw new OptionError(
          `${owner}: the class of step ${i + 1}, ${type}, is missing; give it as { classes: { ${type} } }`,
        );
      }
      return known.fromJSON(step, options);
    });
    const still = models.slice(0, -1).findIndex((model) => typeof (model as AnyModel).transform !== 'function');
    if (still >= 0) throw new DataError(`${owner}: step ${still + 1} does not transform, so that none can follow it`);
    return new PipelineModel(models);
  }

  toString(): string {
    return printSteps('PipelineModel', this.steps);
  }
}

/** What is taken over from the model of the last step. */
const FIGURES = ['classes', 'decisionFunctionShape', 'labels', 'nFeaturesOut', 'nIter', 'converged'];
/** What takes rows, and is called with the rows that the steps before make of them. */
const METHODS = ['predict', 'predictProba', 'predictLogProba', 'decisionFunction', 'score'];
/** Those that answer to every row alone. */
const OF_EACH_ROW = METHODS.slice(0, -1);

/** Gives the pipeline what its last step has: a pipeline that ends in a regressor has no classes. */
function give(pipeline: object, models: readonly AnyModel[]): void {
  const last = models[models.length - 1]!;
  const before = models.slice(0, -1);
  const add = (name: string, value: unknown) => Object.defineProperty(pipeline, name, { value, enumerable: false });
  for (const name of FIGURES) if (name in last) add(name, last[name]);

  const rowsFor = (x: unknown) => {
    let rows = x;
    for (const [i, model] of before.entries()) {
      rows = ownErrors(i === 0, false, () => (model.transform as Method)(rows));
    }
    return rows;
  };
  const isLast = before.length === 0;
  const bound = (model: AnyModel, name: string): Method => (model[name] as Method).bind(model);
  for (const name of METHODS) {
    if (typeof last[name] !== 'function') continue;
    const method = bound(last, name);
    const ofEachRow = OF_EACH_ROW.includes(name);
    add(name, (x: unknown, ...rest: unknown[]) => {
      const answer = ofEachRow ? answerInBlocks(before, method, x) : null;
      if (answer !== null) return answer;
      const rows = rowsFor(x);
      return ownErrors(isLast, true, () => method(rows, ...rest));
    });
  }
  if (typeof last.transform === 'function' && !('classes' in last) && !('labels' in last)) {
    add('transform', (x: unknown) => {
      const rows = rowsFor(x);
      return ownErrors(isLast, true, () => (last.transform as Method)(rows));
    });
    if (models.every((model) => typeof model.inverseTransform === 'function')) {
      add('inverseTransform', (x: unknown) => {
        return models.reduceRight((rows, model) => (model.inverseTransform as Method)(rows), x);
      });
    }
  }
  giveOne(pipeline, models, add);
}

interface RowMaker {
  readonly nFeaturesOut: number;
  transformOne(row: ArrayLike<number>, out: Float64Array): Float64Array;
}

/** `predictOne` and `transformOne`, where every step before knows single rows. */
function giveOne(pipeline: object, models: readonly AnyModel[], add: (name: string, value: unknown) => void): void {
  const last = models[models.length - 1]!;
  const before = models.slice(0, -1) as unknown as readonly RowMaker[];
  if (before.some((model) => typeof model.transformOne !== 'function')) return;
  const buffers = before.map((model) => new Float64Array(model.nFeaturesOut));
  const rowFor = (row: ArrayLike<number>): ArrayLike<number> => {
    let made = row;
    for (let i = 0; i < before.length; i++) made = before[i]!.transformOne(made, buffers[i]!);
    return made;
  };
  // Nothing is allocated unless something is wrong.
  if (typeof last.predictOne === 'function') {
    const model = last as unknown as { predictOne(row: ArrayLike<number>): unknown };
    add('predictOne', (row: ArrayLike<number>) => {
      try {
        return model.predictOne(rowFor(row));
      } catch (error) {
        throw ownError(error, true, true);
      }
    });
  }
  if (typeof last.transformOne === 'function' && 'transform' in pipeline) {
    const model = last as unknown as RowMaker;
    add('transformOne', (row: ArrayLike<number>, out: Float64Array) => {
      try {
        return model.transformOne(rowFor(row), out);
      } catch (error) {
        throw ownError(error, true, true);
      }
    });
  }
}
