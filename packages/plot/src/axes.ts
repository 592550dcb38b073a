import { checkOneOf, DataError } from '@maru-ml/base';
import { PALETTE, seriesColors } from './color.ts';
import { count, digits, readInterval } from './data.ts';
import type { VegaLiteSpec } from './spec.ts';
import { textWidth } from './text.ts';

/** How numbers lie along an axis. */
export type AxisScale = 'linear' | 'log';

/** What plots take whose axes are free. */
export interface ScaleOptions {
  /** 'log' leaves out what is not above 0, and says so; 'linear'. */
  xScale?: AxisScale;
  yScale?: AxisScale;
  /** The part of the axis that is shown, [low, high]; all of the data. */
  xDomain?: readonly [low: number, high: number];
  yDomain?: readonly [low: number, high: number];
}

export const SCALE_OPTIONS: readonly string[] = ['xScale', 'yScale', 'xDomain', 'yDomain'];

export interface Axis {
  scale: AxisScale;
  domain: [number, number] | null;
}

/** The two axes as the options want them. */
export function readAxes(owner: string, options: ScaleOptions): { x: Axis; y: Axis } {
  const axis = (name: 'x' | 'y'): Axis => {
    const domain = options[`${name}Domain`];
    return {
      scale: checkOneOf(owner, `${name}Scale`, options[`${name}Scale`] ?? 'linear', ['linear', 'log']),
      domain: domain === undefined ? null : readInterval(owner, `${name}Domain`, domain),
    };
  };
  return { x: axis('x'), y: axis('y') };
}

/** The encoding of numbers along an axis that does not have to start at 0, with a margin of some pixels around them. */
export function axisEncoding(field: string, title: string, { scale, domain }: Axis, margin = 0): VegaLiteSpec {
  return {
    field,
    type: 'quantitative',
    title,
    scale: {
      ...(scale === 'log' && { type: 'log' }),
      ...(margin > 0 && domain === null && { padding: margin }),
      ...(domain !== null ? { domain, nice: false } : scale === 'linear' && { zero: false }),
    },
    // With this count up to two powers of ten get lines between them, and more get none.
    ...(scale === 'log' && { axis: { tickCount: 3 } }),
  };
}

/** Whether a value has a place on the axis: infinite and missing ones have none, nor have those not above 0 if it is logarithmic. */
export function fits(value: number, axis: Axis): boolean {
  return Number.isFinite(value) && (axis.scale === 'linear' || value > 0);
}

/**
 * What a plot says about what it leaves out.
 *
 * @throws DataError if nothing is left
 */
export function leftOut(
  owner: string,
  name: string,
  kept: number,
  all: number,
  log: boolean,
  thing = 'point',
): string[] {
  const why = log ? 'not finite or not above 0' : 'not finite';
  if (kept === 0) throw new DataError(`${owner}: ${name} must have a finite value${log ? ' above 0' : ''}, got none`);
  return kept === all ? [] : [`${count(all - kept, thing)} of ${digits(all)} left out: ${why}`];
}

/** The encoding of names by color, with a legend below that breaks to the width of the plot. */
export function colorEncoding(field: string, names: readonly string[], width: number, title = ''): VegaLiteSpec {
  const range = seriesColors(names.length);
  return {
    field,
    type: 'nominal',
    title: title === '' ? null : title,
    scale: { domain: names, ...(names.length > PALETTE.length && { range }) },
    legend: { ...legendBelow(names, width) },
  };
}

/** A legend below the plot in as many columns as fit. */
export function legendBelow(names: readonly string[], width: number): VegaLiteSpec {
  const widest = Math.max(...names.map((name) => textWidth(name, { size: 11 }))) + 30;
  return { orient: 'bottom', columns: Math.max(1, Math.min(names.length, Math.floor((width + 40) / widest))) };
}

/** Steps and counts are not halved: no ticks between integers. */
export function integerTicks(values: ArrayLike<number>): VegaLiteSpec {
  const integers = Array.from(values).every((value) => !Number.isFinite(value) || Number.isInteger(value));
  return integers ? { tickMinStep: 1 } : {};
}
