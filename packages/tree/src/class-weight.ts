import { checkNumber, OptionError, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';

/** 'balanced', or weights ≥ 0 by label. */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>>;

/** Checks the option `classWeight`. @throws OptionError */
export function checkClassWeight(owner: string, classWeight: unknown): ClassWeight | null {
  if (classWeight === null || classWeight === 'balanced') return classWeight;
  if (typeof classWeight !== 'object' || Array.isArray(classWeight)) {
    throw new OptionError(`${owner}: classWeight must be 'balanced' or weights by label, got ${show(classWeight)}`);
  }
  const weights = Object.entries(classWeight as Record<string, unknown>).map(
    ([label, weight]) => [label, checkNumber(owner, `classWeight[${show(label)}]`, weight, { min: 0 })] as const,
  );
  return Object.freeze(Object.fromEntries(weights));
}

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
  const k = classes.length;
  const ofClass = new Float64Array(k).fill(1);
  if (classWeight === 'balanced') {
    ofClass.fill(0);
    for (const code of codes) ofClass[code]! += 1;
    for (let c = 0; c < k; c++) ofClass[c] = codes.length / (k * ofClass[c]!);
  } else {
    for (const [label, weight] of Object.entries(classWeight)) {
      const code = classes.findIndex((known) => String(known) === label);
      if (code < 0) throw new OptionError(`${owner}: classWeight has a weight for ${show(label)}, which is no class`);
      ofClass[code] = weight;
    }
  }
  return Float64Array.from(codes, (code, i) => ofClass[code]! * (weights === null ? 1 : weights[i]!));
}
