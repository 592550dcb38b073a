import { type ClassWeight, classWeights, type Label } from '@maru-ml/tensor';

/**
 * The weights of rows [n] times those of their classes; null if all are 1.
 *
 * @param codes the classes of the rows [n]
 * @throws OptionError for a weight of what is no class
 */
export function timesClassWeight<L extends Label>(
  owner: string,
  weights: Float64Array | null,
  classWeight: ClassWeight | null,
  classes: readonly L[],
  codes: Int32Array,
): Float64Array | null {
  if (classWeight === null) return weights;
  const ofClass = classWeights(owner, classWeight, classes, codes);
  return Float64Array.from(codes, (code, i) => ofClass[code]! * (weights === null ? 1 : weights[i]!));
}
