import { checkInteger, checkKnown, DataError, OptionError, randomFrom, type Seed } from '@maru-ml/base';
import { indexSelect, normal, parameter, type Tensor } from '@maru-ml/tensor';
import { Module } from '../module.ts';

export interface EmbeddingOptions {
  /** Seed of the initial values; the next child of the default stream. */
  seed?: Seed;
}

/** A table of vectors, looked up by number: int32 `x` [...] to [..., embeddingDim]. `weight` [numEmbeddings, embeddingDim] starts standard normal. */
export class Embedding extends Module {
  static override readonly name: string = 'Embedding';
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  weight: Tensor;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    checkKnown('Embedding', options, ['seed']);
    this.numEmbeddings = checkInteger('Embedding', 'numEmbeddings', numEmbeddings, { min: 1 });
    this.embeddingDim = checkInteger('Embedding', 'embeddingDim', embeddingDim, { min: 1 });
    this.weight = parameter(normal([numEmbeddings, embeddingDim], 0, 1, { seed: randomFrom(options.seed) }));
  }

  override forward(x: Tensor): Tensor {
    if (x.dtype !== 'int32' && x.dtype !== 'uint8') {
      throw new OptionError(
        `Embedding: x must hold numbers of rows as int32, got ${x.dtype}; cast(x, 'int32') converts it`,
      );
    }
    const wrong = x.toTypedArray().find((row) => row < 0 || row >= this.numEmbeddings);
    if (wrong !== undefined) {
      throw new DataError(`Embedding: x must be from 0 to ${this.numEmbeddings - 1}, got ${wrong}`);
    }
    return indexSelect(this.weight, 0, x.reshape(-1)).reshape([...x.shape, this.embeddingDim]);
  }

  override describe(): string {
    return `${this.numEmbeddings}, ${this.embeddingDim}`;
  }
}
