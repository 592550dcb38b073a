import { checkInteger, checkKnown, checkOneOf, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { type ColorRamp, rampStops } from './color.ts';
import { type ArraySource, checkAsMany, count, extent, readArray, readInterval, showShape } from './data.ts';
import { type Labels, readLabels } from './labels.ts';
import { rampPicture } from './layers.ts';
import { pngUrl } from './png.ts';
import { makeSpec, PLOT_OPTIONS, type PlotOptions, textOf, type VegaLiteSpec } from './spec.ts';
import { textWidth } from './text.ts';

/** Pictures: [n, height, width] or [n, height, width, 3], as nested arrays, flat numbers with a shape, or a tensor. */
export type Images =
  | ArrayLike<unknown>
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] }
  | ArraySource;

export interface ImagesOptions extends Omit<PlotOptions, 'height'> {
  /** [height, width], [height, width, 3] or [3, height, width] of each picture, if they come as rows of pixels [n, d]. */
  shape?: readonly number[];
  /** [n], text below each picture; none. */
  labels?: Labels;
  /** Pictures side by side; as many as fit at a size between 28 and 72 pixels. */
  columns?: number;
  /** The values of black and white, 'all' for the least and greatest of all pictures, 'each' for those of each one; [0, 255] for bytes, else 'all'. */
  range?: readonly [low: number, high: number] | 'all' | 'each';
  /** The colors of gray pictures: 'gray', 'viridis', or 'diverging' with its middle at 0 (for weights); 'gray'. */
  ramp?: ColorRamp;
}

/**
 * Pictures in rows, with labels: digits, faces, filters, templates of a linear classifier.
 *
 * Each picture becomes a PNG of its own size within the specification, shown with sharp pixels. Colors may come last
 * [n, height, width, 3] or first [n, 3, height, width]. Pixels that are not finite stay empty in gray pictures and are black in others.
 *
 * @throws ShapeError if the shapes are not those of pictures, DataError if there is no picture or no finite pixel, OptionError
 */
export function images(pictures: Images, options: ImagesOptions = {}): VegaLiteSpec {
  const owner = 'images';
  checkKnown(owner, options, [
    ...PLOT_OPTIONS.filter((name) => name !== 'height'),
    'shape',
    'labels',
    'columns',
    'range',
    'ramp',
  ]);
  const { data, shape } = readArray(owner, 'pictures', pictures);
  if (data.length === 0)
    throw new DataError(`${owner}: pictures must have at least one pixel, got shape ${showShape(shape)}`);
  const form = pictureForm(owner, shape, options.shape);
  const n = shape[0] ?? 0;
  const labels = options.labels === undefined ? null : readLabels(owner, 'labels', options.labels).labels;
  if (labels !== null) checkAsMany(owner, 'labels', labels.length, 'pictures', n);
  const stops = rampStops(owner, options.ramp, 'gray');
  const rangeOf = readRange(owner, data, options, isBytes(pictures));
  const toUrl = form.channels === 3 ? colorUrl : grayUrl;
  const size = data.length / n;
  const total = textWidthOf(options.width);
  const columns = checkInteger(owner, 'columns', options.columns ?? fitting(n, total, form.width), { min: 1 });
  const cell = cellOf(total, Math.min(columns, n), form, labels);

  const values = Array.from({ length: n }, (_, i) => {
    const pixels = Array.from({ length: size }, (_, k) => data[i * size + k]!);
    return {
      url: toUrl(pixels, form, rangeOf(pixels), stops),
      x: (i % columns) * cell.width,
      y: Math.floor(i / columns) * cell.height,
      ...(labels && { label: labels[i]! }),
    };
  });
  const title = textOf(owner, 'title', options.title, count(n, 'picture'));
  const area = { width: Math.min(columns, n) * cell.width, height: Math.ceil(n / columns) * cell.height };
  const place = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });
  return makeSpec(title, [], area, {
    data: { values },
    encoding: { x: place('x'), y: place('y') },
    layer: [
      {
        mark: {
          ...{ type: 'image', width: cell.imageWidth, height: cell.imageHeight },
          ...{ aspect: false, smooth: false, align: 'left', baseline: 'top' },
        },
        encoding: { url: { field: 'url', type: 'nominal' } },
      },
      ...(labels === null
        ? []
        : [
            {
              mark: { type: 'text', baseline: 'top', fontSize: 10, dx: cell.imageWidth / 2, dy: cell.imageHeight + 2 },
              encoding: { text: { field: 'label', type: 'nominal' } },
            },
          ]),
    ],
  });
}

/** How the numbers of a picture lie. */
interface Form {
  height: number;
  width: number;
  channels: number;
  colorsFirst: boolean;
}

function pictureForm(owner: string, shape: readonly number[], given: readonly number[] | undefined): Form {
  if (
    given !== undefined &&
    !(Array.isArray(given) && given.every((length) => Number.isInteger(length) && length > 0))
  ) {
    throw new OptionError(`${owner}: shape must be [height, width] or [height, width, 3], got ${show(given)}`);
  }
  const one = given ?? shape.slice(1);
  if (given !== undefined && shape.slice(1).reduce((a, b) => a * b, 1) !== given.reduce((a, b) => a * b, 1)) {
    throw new ShapeError(
      `${owner}: pictures has shape ${showShape(shape)}, whose rows do not have the shape ${showShape(given)}`,
    );
  }
  const [a = 0, b = 0, c] = one;
  if (one.length === 2) return { height: a, width: b, channels: 1, colorsFirst: false };
  if (one.length === 3 && (c === 1 || c === 3)) return { height: a, width: b, channels: c, colorsFirst: false };
  if (one.length === 3 && (a === 1 || a === 3)) return { height: b, width: c!, channels: a, colorsFirst: true };
  const remedy = shape.length === 2 ? '; say how its rows lie with shape: [height, width]' : '';
  throw new ShapeError(
    `${owner}: pictures must be [n, height, width], [n, height, width, 3] or [n, 3, height, width], got shape ${showShape(shape)}${remedy}`,
  );
}

type Range = readonly [number, number];

function readRange(
  owner: string,
  data: ArrayLike<number>,
  { range, ramp }: ImagesOptions,
  bytes: boolean,
): (pixels: number[]) => Range {
  const chosen = range ?? (bytes ? [0, 255] : 'all');
  const around = (values: ArrayLike<number>): Range => {
    const [low, high] = extent(values);
    const most = Math.max(Math.abs(low), Math.abs(high));
    return ramp === 'diverging' ? [-most, most] : [low, high];
  };
  const all = extent(data);
  if (all[0] > all[1]) throw new DataError(`${owner}: pictures must have a finite pixel, got none`);
  if (typeof chosen !== 'string') {
    const interval = readInterval(owner, 'range', chosen);
    return () => interval;
  }
  checkOneOf(owner, 'range', chosen, ['all', 'each']);
  const common = around(data);
  return chosen === 'each' ? around : () => common;
}

/** Whether the numbers are bytes, as files of pictures have them. */
function isBytes(source: unknown): boolean {
  if (source instanceof Uint8Array || source instanceof Uint8ClampedArray) return true;
  if (Array.isArray(source)) return source.length > 0 && isBytes(source[0]);
  if (typeof source !== 'object' || source === null) return false;
  return ('data' in source && isBytes(source.data)) || ('dtype' in source && source.dtype === 'uint8');
}

function grayUrl(pixels: number[], { height, width }: Form, [low, high]: Range, stops: readonly string[]): string {
  return rampPicture(pixels, height, width, stops, (value) => (high === low ? 0.5 : (value - low) / (high - low)));
}

function colorUrl(pixels: number[], { height, width, colorsFirst }: Form, [low, high]: Range): string {
  const size = height * width;
  const bytes = new Uint8Array(size * 3);
  for (let i = 0; i < size; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = pixels[colorsFirst ? channel * size + i : i * 3 + channel]!;
      const place = high === low ? 0.5 : (value - low) / (high - low);
      bytes[i * 3 + channel] = Number.isFinite(place) ? Math.round(Math.min(Math.max(place, 0), 1) * 255) : 0;
    }
  }
  return pngUrl({ width, height, pixels: bytes });
}

const GAP = 6;

function textWidthOf(width: number | undefined): number {
  const wanted = width ?? 320;
  if (Number.isFinite(wanted) && wanted >= 10) return wanted;
  throw new OptionError(`images: width must be a number ≥ 10, got ${show(width)}`);
}

/** As many pictures side by side as fit at a size where they can be seen, or fewer, so that rows are about equally long. */
function fitting(n: number, total: number, width: number): number {
  const side = Math.min(Math.max(width, 28), 72) + GAP;
  const most = Math.max(1, Math.min(n, Math.floor(total / side)));
  return Math.ceil(n / Math.ceil(n / most));
}

/** The size of a picture and of the place that it takes with its label. */
function cellOf(total: number, columns: number, { width, height }: Form, labels: string[] | null) {
  const imageWidth = Math.max(4, Math.min(Math.floor(total / columns) - GAP, Math.max(width, 96)));
  const imageHeight = Math.max(4, Math.round((imageWidth * height) / width));
  const widest = Math.max(0, ...(labels ?? []).map((label) => textWidth(label, { size: 10 })));
  return {
    ...{ imageWidth, imageHeight },
    width: Math.max(imageWidth, Math.min(widest, 120)) + GAP,
    height: imageHeight + GAP + (labels === null ? 0 : 13),
  };
}
