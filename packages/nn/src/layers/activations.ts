import { checkInteger, checkNumber, checkOneOf } from '@maru-ml/base';
import {
  elu,
  full,
  gelu,
  hardtanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  maxout,
  mish,
  parameter,
  piecewiseLinear,
  prelu,
  relu,
  selu,
  sigmoid,
  sign,
  silu,
  softmax,
  softplus,
  softsign,
  step,
  type Tensor,
  tanh,
} from '@maru-ml/tensor';
import { Module } from '../module.ts';

/** x as it is: the linear activation, and a place for a layer that is left out. */
export class Identity extends Module {
  static override readonly name: string = 'Identity';
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** max(0, x) */
export class ReLU extends Module {
  static override readonly name: string = 'ReLU';
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** x where x > 0, else `slope` (.01) times x. */
export class LeakyReLU extends Module {
  static override readonly name: string = 'LeakyReLU';
  readonly slope: number;

  constructor(slope = 0.01) {
    super();
    this.slope = checkNumber('LeakyReLU', 'slope', slope);
  }

  override forward(x: Tensor): Tensor {
    return leakyRelu(x, this.slope);
  }

  override describe(): string {
    return `${this.slope}`;
  }
}

/** x where x > 0, else w times x with a slope that is learned: one, or one a channel (axis 1). `weight` [numParameters] starts at .25. */
export class PReLU extends Module {
  static override readonly name: string = 'PReLU';
  readonly numParameters: number;
  weight: Tensor;

  constructor(numParameters = 1, initial = 0.25) {
    super();
    this.numParameters = checkInteger('PReLU', 'numParameters', numParameters, { min: 1 });
    this.weight = parameter(full([numParameters], checkNumber('PReLU', 'initial', initial)));
  }

  override forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  override describe(): string {
    return `${this.numParameters}`;
  }
}

/** x where x > 0, else α(eˣ - 1); `alpha` 1. */
export class ELU extends Module {
  static override readonly name: string = 'ELU';
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = checkNumber('ELU', 'alpha', alpha, { min: 0 });
  }

  override forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }

  override describe(): string {
    return `${this.alpha}`;
  }
}

/** λx where x > 0, else λα(eˣ - 1), with the λ and α that keep means at 0 and variances at 1 through layers. */
export class SELU extends Module {
  static override readonly name: string = 'SELU';
  override forward(x: Tensor): Tensor {
    return selu(x);
  }
}

/** x Φ(x), exactly or by the approximation with tanh; 'none'. */
export class GELU extends Module {
  static override readonly name: string = 'GELU';
  readonly approximate: 'none' | 'tanh';

  constructor(approximate: 'none' | 'tanh' = 'none') {
    super();
    this.approximate = checkOneOf('GELU', 'approximate', approximate, ['none', 'tanh']);
  }

  override forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }
}

/** x σ(x) */
export class SiLU extends Module {
  static override readonly name: string = 'SiLU';
  override forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/** x tanh(log(1 + eˣ)) */
export class Mish extends Module {
  static override readonly name: string = 'Mish';
  override forward(x: Tensor): Tensor {
    return mish(x);
  }
}

/** 1 / (1 + e⁻ˣ) */
export class Sigmoid extends Module {
  static override readonly name: string = 'Sigmoid';
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/** The logarithm of `Sigmoid`, without losing digits. */
export class LogSigmoid extends Module {
  static override readonly name: string = 'LogSigmoid';
  override forward(x: Tensor): Tensor {
    return logSigmoid(x);
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Module {
  static override readonly name: string = 'Tanh';
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** log(1 + eˣ) */
export class Softplus extends Module {
  static override readonly name: string = 'Softplus';
  override forward(x: Tensor): Tensor {
    return softplus(x);
  }
}

/** x / (1 + |x|) */
export class Softsign extends Module {
  static override readonly name: string = 'Softsign';
  override forward(x: Tensor): Tensor {
    return softsign(x);
  }
}

/** x between -1 and 1, the ends beyond. */
export class Hardtanh extends Module {
  static override readonly name: string = 'Hardtanh';
  override forward(x: Tensor): Tensor {
    return hardtanh(x);
  }
}

/** x + 1/2 between -1/2 and 1/2, 0 below and 1 above. */
export class PiecewiseLinear extends Module {
  static override readonly name: string = 'PiecewiseLinear';
  override forward(x: Tensor): Tensor {
    return piecewiseLinear(x);
  }
}

/** 0 below 0, 1 above, 1/2 at 0. Its gradient is 0. */
export class Step extends Module {
  static override readonly name: string = 'Step';
  override forward(x: Tensor): Tensor {
    return step(x);
  }
}

/** -1 below 0, 1 above, 0 at 0. Its gradient is 0. */
export class Sign extends Module {
  static override readonly name: string = 'Sign';
  override forward(x: Tensor): Tensor {
    return sign(x);
  }
}

/**
 * The largest of `pieces` (2) neighbouring elements of the last axis [..., d pieces] to [..., d], usually after a `Linear`.
 * Source: I. Goodfellow et al., "Maxout networks", ICML 2013.
 */
export class Maxout extends Module {
  static override readonly name: string = 'Maxout';
  readonly pieces: number;

  constructor(pieces = 2) {
    super();
    this.pieces = checkInteger('Maxout', 'pieces', pieces, { min: 1 });
  }

  override forward(x: Tensor): Tensor {
    return maxout(x, this.pieces);
  }

  override describe(): string {
    return `${this.pieces}`;
  }
}

/** eˣ over its sum along an axis (-1, the last). */
export class Softmax extends Module {
  static override readonly name: string = 'Softmax';
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = checkInteger('Softmax', 'axis', axis);
  }

  override forward(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}

/** The logarithm of `Softmax`, without losing digits. */
export class LogSoftmax extends Module {
  static override readonly name: string = 'LogSoftmax';
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = checkInteger('LogSoftmax', 'axis', axis);
  }

  override forward(x: Tensor): Tensor {
    return logSoftmax(x, this.axis);
  }
}
