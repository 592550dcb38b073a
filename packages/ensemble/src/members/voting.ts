import { checkNumber, type Fits, OptionError, show } from '@maru-ml/base';
import type { Classifier, Matrix, Regressor } from '@maru-ml/tensor';
import { counted } from '../text.ts';
import { type Named, rowsOf } from './members.ts';
import { fitted, type MemberModel } from './plan.ts';

/** Checks the weights of members. @throws OptionError */
export function checkWeights(
  owner: string,
  weights: readonly number[] | null,
  members: number,
): readonly number[] | null {
  if (weights === null) return null;
  if (!Array.isArray(weights))
    throw new OptionError(`${owner}: weights must be an array of numbers, got ${show(weights)}`);
  if (weights.length !== members) {
    throw new OptionError(
      `${owner}: weights has ${counted(weights.length, 'number')}, but there ${members === 1 ? 'is' : 'are'} ${counted(members, 'estimator')}`,
    );
  }
  const checked = weights.map((weight, i) => checkNumber(owner, `weights[${i}]`, weight, { min: 0 }));
  if (!checked.some((weight) => weight > 0)) throw new OptionError(`${owner}: weights must not be all 0`);
  return Object.freeze(checked);
}

/** Fits all estimators to the same rows. */
export function* fitAll<M extends MemberModel>(
  estimators: Named<Classifier | Regressor>,
  matrix: Matrix,
  y: Int32Array | Float64Array,
  sampleWeight: Float64Array | null,
): Fits<M[]> {
  const models: M[] = [];
  for (const estimator of Object.values(estimators)) {
    models.push(yield* fitted<M>({ estimator, x: rowsOf(matrix), y, sampleWeight }));
  }
  return models;
}

/** The share of each member in the mean. */
export function shares(weights: readonly number[] | null, members: number): number[] {
  if (weights === null) return new Array<number>(members).fill(1 / members);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
