import { checkBoolean, checkKnown, checkOneOf, OptionError, show } from '@maru-ml/base';
import type { VegaLiteSpec } from './spec.ts';
import { textWidth } from './text.ts';
import { mapTags, recolor, specConfig, type Theme, themeStyle } from './theme.ts';

export interface SvgOptions {
  /** The ground it will stand on; 'auto' follows the reader's preference where there is CSS, and is light elsewhere; 'auto'. */
  theme?: Theme | 'auto';
  /**
   * For pages whose content-security policy allows neither `eval` nor inline styles: expressions are interpreted, by the peer
   * vega-interpreter, and the drawing has no style of its own; the page adds that of `plotStyle` to its sheets, once; false.
   */
  strict?: boolean;
}

/**
 * Draws a specification without a browser, as an SVG that stands alone or within a page. It has a transparent ground, its own size, and
 * shrinks with what holds it. In a page of theme 'auto' its colors follow `prefers-color-scheme`, or an attribute
 * `data-theme="dark"` or `"light"` of an element around it.
 *
 * Vega and Vega-Lite do the work: they are optional peers, imported when this function is first called.
 *
 * @throws OptionError if they are not installed, or if Vega-Lite cannot read the specification
 */
export async function toSvg(spec: VegaLiteSpec, options: SvgOptions = {}): Promise<string> {
  checkKnown('toSvg', options, ['theme', 'strict']);
  const theme = checkOneOf('toSvg', 'theme', options.theme ?? 'auto', ['auto', 'light', 'dark']);
  const strict = checkBoolean('toSvg', 'strict', options.strict ?? false);
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) {
    throw new OptionError(`toSvg: spec must be a Vega-Lite specification, got ${show(spec)}`);
  }
  const svg = await draw(spec, await importVega(strict));
  return finish(svg, `maru-${hash(JSON.stringify(spec))}`, descriptionOf(spec), theme, strict);
}

interface Vega {
  vega: typeof import('vega');
  vegaLite: typeof import('vega-lite');
  /** What stands for code that Vega would make of expressions. */
  interpreter: unknown;
}

async function importVega(strict: boolean): Promise<Vega> {
  // Bundlers accept within try that a package is missing.
  try {
    const vega = await import('vega');
    const vegaLite = await import('vega-lite');
    return { vega, vegaLite, interpreter: strict ? (await import('vega-interpreter')).expressionInterpreter : null };
  } catch (error) {
    throw missingPeer(error);
  }
}

/** @internal What failed, or where it is a peer that is not installed, one sentence that says how to get it. */
export function missingPeer(error: unknown): unknown {
  const missing = /(?:find|resolve|specifier)[^'"“]*['"“](vega|vega-lite|vega-interpreter)['"”]/.exec(
    String(error),
  )?.[1];
  if (missing === undefined) return error;
  if (missing === 'vega-interpreter') {
    return new OptionError(
      'toSvg: vega-interpreter is needed for strict: true, but it is not installed; npm i vega-interpreter@2',
    );
  }
  return new OptionError(
    `toSvg: ${missing} is needed to draw without a browser, but it is not installed; npm i vega@6 vega-lite@~6.4.3`,
  );
}

async function draw(spec: VegaLiteSpec, { vega, vegaLite, interpreter }: Vega): Promise<string> {
  const compiled = compile(spec, vegaLite);
  const parsed = vega.parse(compiled.spec, undefined, { ast: interpreter !== null });
  const view = new vega.View(parsed, { renderer: 'none', ...(interpreter !== null && { expr: interpreter }) });
  try {
    // Without a canvas Vega takes every letter for .8 em wide, which tears layouts apart. Our measure is set for one synchronous run.
    const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
    const { width } = textMetrics;
    try {
      textMetrics.width = measureText;
      view.run();
    } finally {
      textMetrics.width = width;
    }
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function compile(spec: VegaLiteSpec, vegaLite: Vega['vegaLite']): { spec: import('vega').Spec } {
  try {
    return vegaLite.compile(spec as never, { config: specConfig() as never });
  } catch (error) {
    throw new OptionError(`toSvg: Vega-Lite cannot read spec: ${(error as Error).message}`, { cause: error });
  }
}

interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
}

function measureText(item: TextItem, text: unknown): number {
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
  return textWidth(text === null || text === undefined ? '' : String(text), { size: item.fontSize ?? 11, bold });
}

/** Gives the drawing a name, a size that shrinks, and its colors. */
function finish(svg: string, name: string, description: string, theme: Theme | 'auto', strict: boolean): string {
  const colored = recolor(withOwnIds(plainTags(svg), name), theme === 'dark' ? 'dark' : 'light');
  const drawing = strict ? withoutStyles(colored) : colored;
  const [, width, height] = /<svg[^>]* width="([^"]+)" height="([^"]+)"/.exec(drawing)!;
  const root = [
    'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="maru-plot"',
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ...(strict ? [] : ['style="max-width:100%;height:auto"']),
    `role="img" aria-label="${escapeXml(description)}"`,
  ].join(' ');
  const style = theme === 'auto' && !strict ? `<style>${themeStyle()}</style>` : '';
  return drawing.replace(/<svg[^>]*>/, () => `<svg ${root}>${style}`);
}

/** Drops what nobody sees: boxes without size, roles of parts (the whole is one picture), opacity 1, digits far below a pixel. */
function plainTags(svg: string): string {
  const visible = svg.replace(/<path class="(?:background|foreground)"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g, '');
  return mapTags(visible, (tag) =>
    tag
      .replace(/ (?:role|aria-[a-z]+)="[^"]*"| opacity="1"/g, '')
      .replace(/ (?:d|transform|x[12]?|y[12]?|width|height)="[^"]*"/g, (attribute) =>
        attribute.replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100)),
      ),
  );
}

/** Of the styles that Vega gives to parts only that of pictures whose pixels are to be seen matters; an attribute says the same. */
function withoutStyles(svg: string): string {
  return mapTags(svg, (tag) =>
    tag.replace(/ style="[^"]*pixelated;"/, ' image-rendering="pixelated"').replace(/ style="[^"]*"/, ''),
  );
}

/**
 * Clip paths and gradients are referred to by ids, which would clash in a page with several drawings, and which Vega numbers through all
 * drawings of a program: they get names that depend on the specification alone.
 */
function withOwnIds(svg: string, name: string): string {
  const own = new Map<string, string>();
  const rename = mapTags(svg, (tag) => {
    return tag.replace(/ id="([^"]+)"/, (_, id) => {
      own.set(id, `${name}-${own.size}`);
      return ` id="${own.get(id)}"`;
    });
  });
  return mapTags(rename, (tag) =>
    tag.replace(/url\(#([^)]+)\)/g, (all, id) => (own.has(id) ? `url(#${own.get(id)})` : all)),
  );
}

/** FNV-1a of the characters, in base 36. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}

/** What a reader who cannot see it is told. */
function descriptionOf(spec: VegaLiteSpec): string {
  if (typeof spec.description === 'string') return spec.description;
  const title =
    typeof spec.title === 'object' && spec.title !== null && 'text' in spec.title ? spec.title.text : spec.title;
  return Array.isArray(title) ? title.join(' ') : typeof title === 'string' ? title : 'plot';
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
