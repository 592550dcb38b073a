import { checkOneOf } from '@maru-ml/base';
import { PALETTE } from './color.ts';
import type { VegaLiteSpec } from './spec.ts';

/** A ground to read on. */
export type Theme = 'light' | 'dark';

interface ThemedColor {
  /** How specifications write it. */
  spec: string;
  light: string;
  dark: string;
}

export const INK = '#24292f';
/** Around signs, which it keeps clear of what is below. */
export const HALO = '#fefefe';
const MUTED = '#57606a';
const AXIS = '#8c959f';
const GRID = '#dde1e6';

/** The colors that differ between grounds, so that each has contrast on its own. */
const COLORS: readonly ThemedColor[] = [
  { spec: INK, light: INK, dark: '#e6edf3' },
  { spec: HALO, light: HALO, dark: '#0d1117' },
  { spec: MUTED, light: MUTED, dark: '#a9b4c0' },
  { spec: AXIS, light: AXIS, dark: '#6e7681' },
  { spec: GRID, light: GRID, dark: '#343b44' },
  { spec: '#0072b2', light: '#0072b2', dark: '#3d9ddb' }, // blue
  { spec: '#d55e00', light: '#d55e00', dark: '#f0782e' }, // vermillion
  { spec: '#009e73', light: '#009e73', dark: '#1ab78a' }, // bluish green
  { spec: '#cc79a7', light: '#c86a9c', dark: '#d98ab8' }, // reddish purple
  { spec: '#e69f00', light: '#c58600', dark: '#e69f00' }, // orange
  { spec: '#56b4e9', light: '#3a9bd2', dark: '#7cc7f2' }, // sky blue
  { spec: '#f0e442', light: '#a39a00', dark: '#f0e442' }, // yellow
];

/**
 * The look of the plots as a Vega-Lite `config`, for pages that draw the specifications themselves:
 * `vegaEmbed('#plot', spec, { config: themeConfig('dark') })`.
 *
 * @throws OptionError if `theme` is not 'light' or 'dark'
 */
export function themeConfig(theme: Theme = 'light'): VegaLiteSpec {
  checkOneOf('themeConfig', 'theme', theme, ['light', 'dark']);
  return JSON.parse(
    JSON.stringify(specConfig()).replace(/#[0-9a-f]{6}/g, (color) => {
      const themed = COLORS.find(({ spec }) => spec === color);
      return themed === undefined ? color : themed[theme];
    }),
  ) as VegaLiteSpec;
}

/** The same in the colors of specifications. */
export function specConfig(): VegaLiteSpec {
  const text = { labelColor: MUTED, titleColor: INK, labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal' };
  return {
    aria: false,
    background: 'transparent',
    font: 'system-ui, sans-serif',
    padding: 6,
    axis: {
      ...text,
      domainColor: AXIS,
      tickColor: AXIS,
      gridColor: GRID,
      labelLimit: 320,
      labelFlush: false,
      labelSeparation: 4,
    },
    header: text,
    legend: {
      ...text,
      orient: 'bottom',
      offset: 10,
      titleLimit: 400,
      layout: { bottom: { anchor: 'start', direction: 'vertical', margin: 8 } },
      gradientThickness: 8,
      labelLimit: 320,
      rowPadding: 4,
      columnPadding: 14,
    },
    title: {
      ...{ anchor: 'start', frame: 'bounds', offset: 8, color: INK, subtitleColor: MUTED },
      ...{ fontSize: 13, fontWeight: 'bold', lineHeight: 17, subtitleFontSize: 11, subtitleLineHeight: 15 },
    },
    view: { stroke: null },
    mark: { color: PALETTE[0]! },
    bar: { cornerRadius: 1 },
    rule: { color: INK },
    text: { color: INK, fontSize: 11 },
    range: { category: PALETTE },
  };
}

/** An SVG in the colors of specifications, in those of a ground. */
export function recolor(svg: string, theme: Theme): string {
  return mapTags(svg, (tag) =>
    tag.replace(/ (fill|stroke)="(#[0-9a-f]{6})"/g, (attribute, property, color) => {
      const themed = COLORS.find(({ spec }) => spec === color);
      return themed === undefined ? attribute : ` ${property}="${themed[theme]}"`;
    }),
  );
}

/** Changes the tags of an SVG and leaves the text between them. */
export function mapTags(svg: string, change: (tag: string) => string): string {
  return svg.replace(/<(?:"[^"]*"|[^">])+>/g, change);
}

/**
 * The style of drawings made with `strict: true`, for the page to add to its sheets once, which every content-security policy allows:
 *
 *   const sheet = new CSSStyleSheet();
 *   sheet.replaceSync(plotStyle());
 *   document.adoptedStyleSheets.push(sheet);
 *
 * They shrink with what holds them and follow the reader's preference for light or dark, as those of `theme: 'auto'` do by themselves.
 */
export function plotStyle(): string {
  return `.maru-plot{max-width:100%;height:auto}${themeStyle()}`;
}

/**
 * Style rules for an SVG in the colors of the light ground, of class `maru-plot`: they give it those of the dark ground where the reader
 * prefers dark, or where an element around it says `data-theme="dark"`. A page may set the variables to its own colors.
 */
export function themeStyle(): string {
  const set = (theme: Theme) => `{${COLORS.map((color, i) => `--maru-${i}:${color[theme]}`).join(';')}}`;
  const rules = COLORS.map(({ light }, i) => {
    return `.maru-plot [fill="${light}"]{fill:var(--maru-${i})}.maru-plot [stroke="${light}"]{stroke:var(--maru-${i})}`;
  });
  return [
    `.maru-plot${set('light')}`,
    `@media (prefers-color-scheme:dark){.maru-plot${set('dark')}}`,
    `[data-theme="light"] .maru-plot${set('light')}`,
    `[data-theme="dark"] .maru-plot${set('dark')}`,
    ...rules,
  ].join('');
}
