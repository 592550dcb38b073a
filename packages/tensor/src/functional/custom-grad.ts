import { OptionError, ShapeError } from '@maru-ml/base';
import { noGrad, record } from '../graph.ts';
import { sameShape, showShape } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';

/**
 * From the gradient of the output to those of the inputs (null: none), in tensor operations. A single input may have its
 * gradient alone instead of an array.
 */
export type CustomVjp<A extends readonly Tensor[]> = (
  gradient: Tensor,
  inputs: A,
  output: Tensor,
) => Tensor | readonly (Tensor | null)[];

/**
 * A function with a gradient of its own: `forward` computes, unseen by the graph, and `vjp` gives the gradients. It can be
 * differentiated again as far as `vjp` is written in tensor operations.
 *
 * ```ts
 * // Rounds, and lets the gradient pass as if it had not.
 * const roundThrough = customGrad((x: Tensor) => round(x), (g) => g);
 * ```
 *
 * @throws ShapeError, OptionError when run backward, if `vjp` does not give a gradient of its shape for each input
 */
export function customGrad<A extends readonly Tensor[]>(
  forward: (...inputs: A) => Tensor,
  vjp: CustomVjp<A>,
): (...inputs: A) => Tensor {
  return (...inputs) => {
    for (const [i, input] of inputs.entries()) checkTensor('customGrad', `inputs[${i}]`, input);
    const value = noGrad(() => forward(...inputs));
    checkTensor('customGrad', 'what forward returns', value);
    // A tensor of its own, since `forward` may return an input itself.
    const out = value.detach();
    return record('customGrad', out, inputs, [...inputs, out], (g) => {
      const given = vjp(g, inputs, out);
      const gradients: readonly (Tensor | null)[] = Array.isArray(given) ? given : [given as Tensor];
      if (gradients.length !== inputs.length) {
        throw new OptionError(`customGrad: vjp gave ${gradients.length} gradients for ${inputs.length} inputs`);
      }
      for (const [i, gradient] of gradients.entries()) {
        if (gradient === null) continue;
        checkTensor('customGrad', `gradient ${i} of vjp`, gradient);
        if (sameShape(gradient.shape, inputs[i]!.shape)) continue;
        throw new ShapeError(
          `customGrad: vjp gave a gradient of shape ${showShape(gradient.shape)} for inputs[${i}] of shape ${showShape(inputs[i]!.shape)}`,
        );
      }
      return gradients;
    });
  };
}
