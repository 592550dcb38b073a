import { checkBoolean, checkInteger, checkKnown, checkNumber, ShapeError } from '@maru-ml/base';
import { assign, buffer, layerNorm, noGrad, ones, parameter, type Tensor, zeros } from '@maru-ml/tensor';
import { Module } from '../module.ts';

export interface BatchNormOptions {
  /** Added to the variance, > 0; 1e-5. */
  eps?: number;
  /**
   * How much of the running statistics each batch replaces (.1), or 'all' for the mean over all batches seen, as in the
   * paper; PyTorch calls that `momentum=None`.
   */
  momentum?: number | 'all';
  /** Scale and shift each channel by parameters that are learned; true. */
  affine?: boolean;
  /** Keep running statistics, which are used outside training; without them the batch's are; true. */
  trackRunningStats?: boolean;
}
