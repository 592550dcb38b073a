import { bytes } from './generated/conv.ts';
import { uint8View } from './memory.ts';
import { type Exports, kernelModule } from './module.ts';

export type ConvExports = Exports<'inset' | 'add'>;

export const convKernels: () => ConvExports | null = /* @__PURE__ */ kernelModule<'inset' | 'add'>(bytes);

/** Planes of numbers with margins of zeros around them. */
export interface Frame {
  /** The size of a plane without margins. */
  h: number;
  w: number;
  /** The margins before it. */
  top: number;
  left: number;
  /** The size with all margins. */
  height: number;
  width: number;
}

/** Bytes that framed planes take: none where there are no margins, since the planes are then used as they lie. */
export function frameBytes({ h, w, height, width }: Frame, planes: number, size: number): number {
  return height === h && width === w ? 0 : Math.ceil((planes * height * width * size) / 16) * 16;
}

/** Makes all margins zero, once for all planes that `framed` will put between them. */
export function clearFrame(frame: Frame, planes: number, size: number, at: number): void {
  uint8View(at, frameBytes(frame, planes, size)).fill(0);
}

/** The address of the framed planes: `to` after copying them there, or `from` where there are no margins. */
export function framed(
  kernels: ConvExports,
  frame: Frame,
  planes: number,
  size: number,
  from: number,
  to: number,
): number {
  const { h, w, top, left, height, width } = frame;
  if (height === h && width === w) return from;
  const row = width * size;
  kernels.inset(from, to + top * row + left * size, planes, h, w * size, height * row, row);
  return to;
}
