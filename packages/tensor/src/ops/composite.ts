import { grad } from '../backward.ts';
import { enableGrad, isGradEnabled } from '../graph.ts';
import type { Tensor } from '../tensor.ts';

/**
 * A vector-Jacobian product of an operation `f` by way of the differentiable operations that it can be written with: f is
 * computed once more from those and the gradient sent back through them. For the products of fused operations that are
 * to be differentiated again, and for rare points at which the quick formula fails.
 *
 * @param f the operation, of the inputs alone
 * @param needs for which inputs a gradient is wanted
 */
export function throughComposite(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  gradient: Tensor,
  needs: readonly boolean[],
): (Tensor | null)[] {
  const createGraph = isGradEnabled();
  const starts = inputs.map((input, i) => {
    if (!needs[i]) return input.detach();
    if (createGraph) return input.reshape(input.shape);
    const leaf = input.detach();
    leaf.requiresGrad = true;
    return leaf;
  });
  const wanted = starts.filter((_, i) => needs[i]);
  const out = enableGrad(() => f(...starts) as Tensor & unknown);
  const found = grad(out, wanted, { gradOutputs: gradient, createGraph, allowUnused: true });
  let next = 0;
  return starts.map((_, i) => (needs[i] ? found[next++]! : null));
}
