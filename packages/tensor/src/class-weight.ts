import { checkNumber, OptionError, refused, show } from '@maru-ml/base';
import type { Label } from './estimators.ts';

/** 'balanced', or weights ≥ 0 by label. */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>>;

/** Checks the option `classWeight`. @throws OptionError */
export function checkClassWeight(owner: string, classWeight: unknown): ClassWeight | null {
  if (classWeight === null || classWeight === 'balanced') return classWeight;
  // Not a Map, whose entries are no properties.
  if (show(classWeight) !== 'an object') {
    throw refused(owner, 'classWeight', "'balanced' or weights by label", classWeight);
  }
  for (const [label, weight] of Object.entries(classWeight as Record<string, number>)) {
    checkNumber(owner, `classWeight[${show(label)}]`, weight, { min: 0 });
  }
  return Object.freeze({ ...(classWeight as Record<string, number>) });
}

/**
 * The weight of each class [k].
 * @param codes the classes of the rows [n]
 * @throws OptionError for a weight of what is no class
 */
export function classWeights<L extends Label>(
  owner: string,
  classWeight: ClassWeight | null,
  classes: readonly L[],
  codes: Int32Array,
): Float64Array {
  const k = classes.length;
  const weights = new Float64Array(k);
  if (classWeight === 'balanced') {
    for (const code of codes) weights[code]! += 1;
    return weights.map((count) => codes.length / (k * count));
  }
  weights.fill(1);
  for (const [label, weight] of Object.entries(classWeight ?? {})) {
    const code = classes.findIndex((known) => String(known) === label);
    if (code < 0) throw new OptionError(`${owner}: classWeight has a weight for ${show(label)}, which is no class`);
    weights[code] = weight;
  }
  return weights;
}
