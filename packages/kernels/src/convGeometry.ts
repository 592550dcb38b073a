/** The sizes of a convolution of x [n, c, h, w] with w [o, c / groups, kh, kw] into out [n, o, oh, ow]. */
export interface ConvGeometry {
  n: number;
  c: number;
  h: number;
  w: number;
  o: number;
  kh: number;
  kw: number;
  oh: number;
  ow: number;
  strideH: number;
  strideW: number;
  /** Rows of zeros above; below there are as many or fewer. */
  padH: number;
  padW: number;
  dilationH: number;
  dilationW: number;
  groups: number;
}

/**
 * How many images the gradient of the weights sums up before it adds that sum to the rest: about 512 positions, so that
 * rounding errors stay small. The other products take as many at once, for speed.
 */
export function imagesAtOnce(g: ConvGeometry): number {
  return Math.min(g.n, Math.max(1, Math.floor(512 / (g.oh * g.ow))));
}
