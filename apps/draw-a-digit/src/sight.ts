import { abs, grad, indexSelect, scope, softmax, tensor } from '@maru-ml/tensor';
import type { DigitNet } from './net.ts';

/** What the net makes of a picture. */
export interface Sight {
  /** Of each digit [10]. */
  probabilities: Float32Array;
  /** The digit that is most probable. */
  best: number;
  /** The answers of the first layer [8, 8, 8] and of the second [16, 4, 4]. */
  edges: Float32Array;
  parts: Float32Array;
  /** How much each pixel changes the score of a digit, |∂ score / ∂ pixel| [8, 8]. */
  saliency: Float32Array;
}

/** Shows the net a picture `ink` [8, 8] from 0 to 16. The saliency is that of `digit`, or of the best one for null. */
export function lookAt(net: DigitNet, ink: Float32Array, digit: number | null): Sight {
  return scope(() => {
    const pixels = tensor(ink, { requiresGrad: true });
    const { edges, parts, scores } = net.look(pixels.div(16).reshape(1, 1, 8, 8));
    const probabilities = numbers(softmax(scores, 1));
    const best = probabilities.indexOf(Math.max(...probabilities));
    const score = indexSelect(scores, 1, [digit ?? best]).sum();
    const saliency = numbers(abs(grad(score, pixels)));
    return { probabilities, best, edges: numbers(edges), parts: numbers(parts), saliency };
  });
}

function numbers(t: ReturnType<typeof tensor>): Float32Array {
  return t.toTypedArray() as Float32Array;
}
