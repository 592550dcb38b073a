import { Conv2d, Linear, Module } from '@maru-ml/nn';
import { flatten, maxPool2d, relu, type Tensor } from '@maru-ml/tensor';

/** What each layer of the net answers to pictures. */
export interface Answers {
  /** Where the first layer finds its eight kinds of edges [n, 8, 8, 8]. */
  edges: Tensor;
  /** Where the second layer finds its sixteen kinds of parts, such as ends and bends [n, 16, 4, 4]. */
  parts: Tensor;
  /** A score for each digit [n, 10]; softmax makes probabilities of them. */
  scores: Tensor;
}

/** A small convolutional net for pictures of 8 x 8 pixels. */
export class DigitNet extends Module {
  edges: Conv2d;
  parts: Conv2d;
  scores: Linear;

  constructor(seed: number) {
    super();
    this.edges = new Conv2d(1, 8, 3, { padding: 1, seed });
    this.parts = new Conv2d(8, 16, 3, { padding: 1, seed: seed + 1 });
    this.scores = new Linear(16 * 4 * 4, 10, { seed: seed + 2 });
  }

  /** The answers of all layers to pictures `x` [n, 1, 8, 8] with ink from 0 to 1. */
  look(x: Tensor): Answers {
    const edges = relu(this.edges.forward(x));
    const parts = relu(this.parts.forward(maxPool2d(edges, 2)));
    return { edges, parts, scores: this.scores.forward(flatten(parts, 1)) };
  }

  /** The scores [n, 10] alone, for the trainer. */
  override forward(x: Tensor): Tensor {
    return this.look(x).scores;
  }
}
