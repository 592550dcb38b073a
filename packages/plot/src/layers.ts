import { OptionError, show } from '@maru-ml/base';
import { type Axis, fits, legendBelow } from './axes.ts';
import { colorAt, type Rgb } from './color.ts';
import { type Points, readPoints } from './data.ts';
import { pngUrl } from './png.ts';
import type { VegaLiteSpec } from './spec.ts';
import { HALO, INK } from './theme.ts';

/** A picture over the whole plotting area. */
export function pictureLayer(url: string, smooth: boolean): VegaLiteSpec {
  return {
    data: { values: [{}] },
    mark: {
      ...{ type: 'image', url, aspect: false, smooth, align: 'left', baseline: 'top' },
      ...{ width: { expr: 'width' }, height: { expr: 'height' } },
    },
    encoding: { x: { value: 0 }, y: { value: 0 } },
  };
}

/** Numbers as a picture of 255 colors; what is not finite is transparent. */
export function rampPicture(
  data: ArrayLike<number>,
  height: number,
  width: number,
  stops: readonly string[],
  place: (value: number) => number,
): string {
  const STEPS = 254;
  const palette = Array.from({ length: STEPS + 1 }, (_, i) => [...colorAt(stops, i / STEPS), 255] as [...Rgb, number]);
  const EMPTY = palette.push([0, 0, 0, 0]) - 1;
  const pixels = Uint8Array.from(data, (value) =>
    Number.isFinite(value) ? Math.round(Math.min(Math.max(place(value), 0), 1) * STEPS) : EMPTY,
  );
  return pngUrl({ width, height, pixels, palette });
}

/** Signs that are told apart without color; a halo keeps them clear of the points below. */
const SIGNS = ['cross', 'diamond', 'triangle-up', 'square', 'triangle-down', 'circle'];

/** Named points over a plot, told apart by their shapes. */
export function highlightLayer(
  owner: string,
  highlights: Readonly<Record<string, Points>>,
  axes: { x: Axis; y: Axis },
  width: number,
  clip: boolean,
): VegaLiteSpec[] {
  const names = Object.keys(highlights);
  if (names.length === 0) return [];
  const values = names.flatMap((name) => {
    const { x, y } = readPoints(owner, `highlights.${name}`, highlights[name]);
    return x.flatMap((_, i) =>
      fits(x[i]!, axes.x) && fits(y[i]!, axes.y) ? [{ x: x[i]!, y: y[i]!, sign: name }] : [],
    );
  });
  const range = names.map((_, i) => SIGNS[i % SIGNS.length]!);
  return [
    {
      data: { values },
      mark: { type: 'point', filled: true, fill: INK, stroke: HALO, strokeWidth: 1, size: 110, opacity: 1, clip },
      encoding: {
        shape: {
          ...{ field: 'sign', type: 'nominal', title: null, scale: { domain: names, range } },
          legend: { ...legendBelow(names, width), symbolFillColor: INK, symbolStrokeColor: INK },
        },
      },
    },
  ];
}

/** Dashed lines at named heights. */
export function levelLayers(owner: string, levels: Readonly<Record<string, number>>): VegaLiteSpec[] {
  return Object.entries(levels).flatMap(([name, level]) => {
    if (!Number.isFinite(level)) throw new OptionError(`${owner}: levels.${name} must be a number, got ${show(level)}`);
    const layer = (mark: VegaLiteSpec): VegaLiteSpec => ({
      data: { values: [{}] },
      mark,
      encoding: { x: null, color: null, y: { datum: level } },
    });
    return [
      layer({ type: 'rule', strokeDash: [4, 3], opacity: 0.7 }),
      layer({ type: 'text', align: 'left', baseline: 'bottom', x: 2, dy: -2, text: name }),
    ];
  });
}

/** Names beside points; none without points. */
export function textLayer(
  points: readonly { x: number; y: number; label: string }[],
  encoding: VegaLiteSpec,
): VegaLiteSpec[] {
  if (points.length === 0) return [];
  return [
    {
      data: { values: points },
      mark: { type: 'text', align: 'left', dx: 5, dy: -5 },
      encoding: { ...encoding, text: { field: 'label', type: 'nominal' }, color: { value: INK } },
    },
  ];
}
