import { checkKnown, DataError, readable, show } from '@maru-ml/base';
import { checkSaved, codesOf, type Label, savedLabels, toLabels } from '@maru-ml/tensor';
import { count } from './print.ts';

/**
 * Numbers the labels of a target from 0, in ascending order: z = k where y = cₖ.
 *
 * It is for `y`; for columns of `x` there are OrdinalEncoder and OneHotEncoder. The classifiers of Maru take labels as
 * they are and need none of it. O(n log k).
 */
export class LabelEncoder {
  /** There are none. */
  readonly options: Readonly<Record<never, never>>;

  /** @throws OptionError for any option */
  constructor(options: Record<never, never> = {}) {
    checkKnown('LabelEncoder', options, []);
    this.options = Object.freeze({});
    readable(this);
  }

  /**
   * Finds the different labels of `y` [n]: all strings, all integers or all booleans.
   * @throws OptionError if it is no array, DataError for no label, or labels of several types
   */
  fit<L extends Label>(y: ArrayLike<L>): LabelEncoderModel<L> {
    const { classes } = toLabels('LabelEncoder', y, lengthOf(y));
    if (classes.length === 0) throw new DataError('LabelEncoder: y must have at least one label, got none');
    return new FittedLabelEncoder(classes);
  }

  toString(): string {
    return 'LabelEncoder {}';
  }
}

/** The labels that `LabelEncoder` found. It is made by `fit` or `fromJSON` and does not change. */
export interface LabelEncoderModel<L extends Label = Label> extends FittedLabelEncoder<L> {}

export class FittedLabelEncoder<L extends Label = Label> {
  /** The labels in the order of their codes [k]. */
  readonly classes: readonly L[];
  readonly #codes: ReadonlyMap<L, number>;

  /** @internal */
  constructor(classes: readonly L[]) {
    this.classes = classes;
    this.#codes = new Map(classes.map((label, code) => [label, code]));
    readable(this);
    Object.freeze(this);
  }

  /** The codes of labels [m]. @throws DataError for a label that it was not fitted with */
  transform(y: ArrayLike<L>): Int32Array {
    const codes = codesOf<Label>('LabelEncoder', y, lengthOf(y), this.classes);
    const unknown = codes.indexOf(-1);
    if (unknown === -1) return codes;
    throw new DataError(`LabelEncoder: y[${unknown}] is ${show(y[unknown])}, which the model was not fitted with`);
  }

  /** The code of one label. @throws DataError for a label that it was not fitted with */
  transformOne(label: L): number {
    const code = this.#codes.get(label);
    if (code !== undefined) return code;
    throw new DataError(`LabelEncoder: the label is ${show(label)}, which the model was not fitted with`);
  }

  /** The labels of codes [m]. @throws DataError for what is no code */
  inverseTransform(codes: ArrayLike<number>): L[] {
    return Array.from({ length: lengthOf(codes) }, (_, i) => {
      const label = Number.isInteger(codes[i]) ? this.classes[codes[i]!] : undefined;
      if (label !== undefined) return label;
      throw new DataError(
        `LabelEncoder: codes[${i}] must be an integer from 0 to ${this.classes.length - 1}, got ${show(codes[i])}`,
      );
    });
  }

  toJSON(): object {
    return { type: 'LabelEncoderModel', version: 1, classes: this.classes };
  }

  toString(): string {
    return `LabelEncoderModel: ${count(this.classes.length, 'label')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const LabelEncoderModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): LabelEncoderModel {
    const fields = checkSaved('LabelEncoderModel', 1, json);
    return new FittedLabelEncoder(savedLabels('LabelEncoderModel.fromJSON', fields, 'classes'));
  },
};

/** The length of what should be an array; whether it is one is checked by what it is handed to. */
function lengthOf(list: unknown): number {
  return Object(list).length ?? 0;
}
