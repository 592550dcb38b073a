import { checkNumber, OptionError, show } from '@maru-ml/base';
import { type Legible, wrapText } from './text.ts';

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A Vega-Lite specification (version 6) as plain data: it survives JSON, and any tool that draws Vega-Lite draws it. */
export type VegaLiteSpec = { readonly [key: string]: Json };

/** What every plot takes. */
export interface PlotOptions {
  /** Stands above the plot; '' leaves it out; made from what is plotted. */
  title?: string;
  /** Width of the plotting area in pixels; 280, which with its axes fits a phone. */
  width?: number;
  /** Height of the plotting area in pixels; 200. */
  height?: number;
}

/** What plots with two axes take. */
export interface AxesOptions extends PlotOptions {
  /** What the horizontal axis measures, with its unit. */
  xLabel?: string;
  /** What the vertical axis measures, with its unit. */
  yLabel?: string;
}

/** The names of the options above, for checks. */
export const PLOT_OPTIONS: readonly string[] = ['title', 'width', 'height'];
export const AXES_OPTIONS: readonly string[] = [...PLOT_OPTIONS, 'xLabel', 'yLabel'];

/** The size of the plotting area: the options' or the plot's own. */
export function sizeOf(owner: string, options: PlotOptions, own: Size = { width: 280, height: 200 }): Size {
  return {
    width: checkNumber(owner, 'width', options.width ?? own.width, { min: 10, max: 10_000 }),
    height: checkNumber(owner, 'height', options.height ?? own.height, { min: 10, max: 10_000 }),
  };
}

export interface Size {
  width: number;
  height: number;
}

/** An option that is text, or else its default. */
export function textOf(owner: string, name: string, value: unknown, otherwise: string): string {
  if (value === undefined) return otherwise;
  if (typeof value === 'string') return value;
  throw new OptionError(`${owner}: ${name} must be a string, got ${show(value)}`);
}

/** The specification of a plot: `body` under a title, which is broken into lines, and notes on what was left out. */
export function makeSpec(title: string, notes: readonly string[], size: Size | null, body: VegaLiteSpec): VegaLiteSpec {
  // Titles may stand over the axis too, which takes some 40 pixels.
  const lines = (text: string, font: Legible) => wrapText(text, font, Math.max(size?.width ?? 280, 200) + 40);
  const subtitle = notes.flatMap((note) => lines(note, { size: 11 }));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...(title !== '' || subtitle.length > 0
      ? {
          title: {
            text: oneOrMore(lines(title, { size: 13, bold: true })),
            ...(subtitle.length > 0 && { subtitle: oneOrMore(subtitle) }),
          },
        }
      : {}),
    ...(size && { width: size.width, height: size.height }),
    ...body,
  };
}

function oneOrMore(lines: string[]): Json {
  return lines.length === 1 ? lines[0]! : lines;
}
