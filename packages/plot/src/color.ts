import { checkOneOf } from '@maru-ml/base';

/**
 * The colors of Okabe and Ito, which people with any color vision tell apart, in the order of their contrast to both white and
 * black grounds; the last is the color of text.
 *
 * M. Okabe, K. Ito: Color Universal Design. University of Tokyo, 2008.
 */
export const PALETTE: readonly string[] = [
  '#0072b2', // blue
  '#d55e00', // vermillion
  '#009e73', // bluish green
  '#cc79a7', // reddish purple
  '#e69f00', // orange
  '#56b4e9', // sky blue
  '#f0e442', // yellow
  '#24292f', // ink
];

/** Colors for a range of numbers: dark to light (viridis, gray), or blue over white to orange around a middle (diverging). */
export type ColorRamp = 'viridis' | 'gray' | 'diverging';

/** The stops of the ramps. Between two of them colors run straight through RGB, in our pictures as in Vega's legends. */
const RAMPS: Record<ColorRamp, readonly string[]> = {
  // N. Smith, S. van der Walt, E. Firing: mpl-colormaps, 2015 (CC0).
  viridis: [
    '#440154',
    '#482878',
    '#3e4989',
    '#31688e',
    '#26828e',
    '#1f9e89',
    '#35b779',
    '#6ece58',
    '#b5de2b',
    '#fde725',
  ],
  gray: ['#000000', '#ffffff'],
  diverging: ['#0072b2', '#f7f7f7', '#d55e00'],
};

export type Rgb = [red: number, green: number, blue: number];

/** The colors of a ramp, from the least value to the greatest. */
export function rampStops(owner: string, ramp: unknown, otherwise: ColorRamp): readonly string[] {
  return RAMPS[checkOneOf(owner, 'ramp', ramp ?? otherwise, Object.keys(RAMPS) as ColorRamp[])];
}

/** The color at `t` in [0, 1] between evenly spaced stops; values in [0, 255]. */
export function colorAt(stops: readonly string[], t: number): Rgb {
  const place = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [parseHex(stops[i]!), parseHex(stops[i + 1]!)];
  return from.map((value, channel) => Math.round(value + (to[channel]! - value) * (place - i))) as Rgb;
}

/** A color for each of `n` names: the palette's, or for more than it has, a run from blue over purple to vermillion. */
export function seriesColors(n: number): string[] {
  if (n <= PALETTE.length) return PALETTE.slice(0, n);
  return Array.from({ length: n }, (_, i) => toHex(colorAt(['#0072b2', '#a65a9c', '#d55e00'], i / (n - 1))));
}

/** Whether white reads better on this color than black. */
export function isDark(color: Rgb): boolean {
  // Relative luminance of WCAG 2; black and white have equal contrast at .179.
  const [r, g, b] = color.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.179;
}

export function parseHex(color: string): Rgb {
  return [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)) as Rgb;
}

export function toHex(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
