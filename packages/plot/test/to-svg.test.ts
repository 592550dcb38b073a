import { OptionError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import * as vega from 'vega';
import { describe, expect, it } from 'vitest';
import { contour, heatmap, lines, themeConfig, toSvg } from '../src/index.ts';
import { textWidth, wrapText } from '../src/text.ts';
import { missingPeer } from '../src/to-svg.ts';

/** The types of Vega leave it out. */
const { textMetrics } = vega as unknown as { textMetrics: { width: unknown } };

const plot = lines({ a: [1, 2], b: [2, 1] }, { title: 'a & <b>', xLabel: 'epoch' });

describe('toSvg', () => {
  it('draws a picture that stands alone and shrinks with what holds it', { tags: ['node'] }, async () => {
    const svg = await toSvg(plot);
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(svg).toMatch(/viewBox="0 0 \d+ \d+"/);
    expect(svg).toContain('style="max-width:100%;height:auto"');
    expect(svg).toContain('role="img" aria-label="a &#38; &#60;b&#62;"');
    expect(svg).toContain('a &amp; &lt;b&gt;</text>');
    expect(svg).not.toMatch(/<rect[^>]*width="\d+"[^>]*fill="(white|#fff)/);
  });

  it('fits a phone: no plot of the usual width is wider than 360 pixels', { tags: ['node'] }, async () => {
    for (const spec of [
      plot,
      heatmap([[1, 2]], { width: 280 }),
      contour((x, y) => x * y, { x: [-1, 1], y: [-1, 1] }),
    ]) {
      const [, width] = /width="([\d.]+)"/.exec(await toSvg(spec))!;
      expect(Number(width)).toBeLessThanOrEqual(360);
    }
  });

  it('has the colors of its ground, or both', { tags: ['node'] }, async () => {
    const [auto, light, dark] = [
      await toSvg(plot),
      await toSvg(plot, { theme: 'light' }),
      await toSvg(plot, { theme: 'dark' }),
    ];
    expect(light).not.toContain('<style>');
    expect(dark).not.toContain('<style>');
    expect(light).toContain('stroke="#0072b2"');
    expect(dark).toContain('stroke="#3d9ddb"');
    expect(dark).not.toMatch(/(fill|stroke)="(#0072b2|#24292f)"/);
    // Where there is no CSS, 'auto' is light.
    expect(auto.replace(/<style>.*<\/style>/, '')).toBe(light);
    expect(auto).toContain('@media (prefers-color-scheme:dark){.maru-plot{--maru-0:#e6edf3;');
    expect(auto).toContain('[data-theme="dark"] .maru-plot{--maru-0:#e6edf3;');
  });

  it('keeps the colors of data, such as those of a table', { tags: ['node'] }, async () => {
    const [light, dark] = await Promise.all(
      (['light', 'dark'] as const).map((theme) => toSvg(heatmap([[1, 2]], { print: true }), { theme })),
    );
    for (const svg of [light, dark]) expect(svg).toMatch(/fill="rgb\(68, 1, 84\)"/);
    expect(dark).toContain('fill="#ffffff"');
    expect(dark).toContain('fill="#000000"');
  });

  it('is the same however often and whatever was drawn before, with ids of its own', { tags: ['node'] }, async () => {
    const clipped = lines([1, 5, 1], { yDomain: [0, 2] });
    const first = await toSvg(clipped);
    await toSvg(heatmap([[1, 2]]));
    expect(await toSvg(clipped)).toBe(first);
    const ids = [...first.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const others = [...(await toSvg(lines([1, 6, 1], { yDomain: [0, 2] }))).matchAll(/ id="([^"]+)"/g)].map(
      ([, id]) => id,
    );
    expect(ids.length).toBeGreaterThan(0);
    for (const [, id] of first.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
    for (const id of ids) expect(others).not.toContain(id);
  });

  it('leaves the measure of text as it was', { tags: ['node'] }, async () => {
    const before = textMetrics.width;
    await Promise.all([toSvg(plot), toSvg(plot)]);
    expect(textMetrics.width).toBe(before);
    await expect(toSvg({ mark: 'no such mark' })).rejects.toThrow();
    expect(textMetrics.width).toBe(before);
  });

  it('draws Korean', { tags: ['node'] }, async () => {
    expect(await toSvg(lines({ 손실: [1, 2] }, { title: '학습 곡선', xLabel: '에폭' }))).toContain('학습 곡선</text>');
  });

  it('says what to install where Vega is missing', () => {
    const remedy = 'is needed to draw without a browser, but it is not installed; npm i vega@6 vega-lite@~6.4.3';
    const fail = (error: Error) => () => {
      throw missingPeer(error);
    };
    // As Node and as Chromium put it.
    const node = new Error("Cannot find package 'vega-lite' imported from /app/to-svg.js");
    expectError(fail(node), OptionError, `toSvg: vega-lite ${remedy}`);
    expectError(fail(new TypeError("Failed to resolve module specifier 'vega'")), OptionError, `toSvg: vega ${remedy}`);
    expectError(fail(new SyntaxError('Unexpected token')), SyntaxError, 'Unexpected token');
    expectError(fail(new Error("Cannot find package 'vega-util'")), Error, "Cannot find package 'vega-util'");
  });

  it('refuses what it cannot draw', async () => {
    await expectError(
      () => toSvg('plot' as never),
      OptionError,
      "toSvg: spec must be a Vega-Lite specification, got 'plot'",
    );
    await expectError(
      () => toSvg({} as never),
      OptionError,
      'toSvg: Vega-Lite cannot read spec: Invalid specification {}. Make sure the specification includes at least one of the following properties: "mark", "layer", "facet", "hconcat", "vconcat", "concat", or "repeat".',
    );
    await expectError(
      () => toSvg(plot, { theme: 'blue' as never }),
      OptionError,
      "toSvg: theme must be 'auto', 'light' or 'dark', got 'blue'",
    );
    await expectError(
      () => toSvg(plot, { them: 'dark' } as never),
      OptionError,
      'toSvg: there is no option them, only theme and strict',
    );
  });
});

describe('themeConfig', () => {
  it('is a config in the colors of a ground', () => {
    expect(themeConfig('light')).toMatchObject({
      background: 'transparent',
      mark: { color: '#0072b2' },
      title: { color: '#24292f' },
    });
    expect(themeConfig('dark')).toMatchObject({
      background: 'transparent',
      mark: { color: '#3d9ddb' },
      title: { color: '#e6edf3' },
    });
    expectError(
      () => themeConfig('auto' as never),
      OptionError,
      "themeConfig: theme must be 'light' or 'dark', got 'auto'",
    );
  });

  it.each([
    ['light', '#ffffff'],
    ['dark', '#0d1117'],
  ] as const)('has contrast on %s', (theme, ground) => {
    const config = themeConfig(theme) as Record<string, Record<string, never>>;
    const { labelColor, titleColor } = config.axis!;
    const { color: title, subtitleColor } = config.title!;
    for (const color of [labelColor, titleColor, title, subtitleColor])
      expect(contrastOf(color, ground)).toBeGreaterThan(4.5);
    // Shapes need less than text (WCAG 1.4.11).
    for (const color of config.range!.category as string[]) expect(contrastOf(color, ground)).toBeGreaterThan(2.9);
  });
});

describe('text', () => {
  it('is measured on the wide side of usual fonts', () => {
    // Helvetica at 100 px: 'Confusion matrix' takes 750 px, 'loss' 167 px; DejaVu Sans 811 and 191.
    expect(textWidth('Confusion matrix', { size: 100 })).toBeGreaterThan(811);
    expect(textWidth('Confusion matrix', { size: 100 })).toBeLessThan(1000);
    expect(textWidth('loss', { size: 100 })).toBeGreaterThan(191);
    expect(textWidth('손실', { size: 100 })).toBeCloseTo(204);
    expect(textWidth('', { size: 10 })).toBe(0);
  });

  it('breaks between words only', () => {
    const font = { size: 10 };
    expect(wrapText('one two three', font, 1000)).toEqual(['one two three']);
    expect(wrapText('one two three', font, 50)).toEqual(['one two', 'three']);
    expect(wrapText('incomprehensibilities', font, 10)).toEqual(['incomprehensibilities']);
  });
});

function contrastOf(a: string, b: string): number {
  const [x, y] = [a, b].map((color) => {
    const [red, green, blue] = [1, 3, 5].map((i) => {
      const value = Number.parseInt(color.slice(i, i + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  });
  return (Math.max(x!, y!) + 0.05) / (Math.min(x!, y!) + 0.05);
}
