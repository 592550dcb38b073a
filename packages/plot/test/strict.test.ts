import { OptionError } from '@maru-ml/base';
import { findChromium, inChromium } from '@maru-ml/tooling/browser';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { toSvg } from '../src/index.ts';
import { missingPeer } from '../src/to-svg.ts';
import { samples } from './samples.ts';

describe('strict: true, for pages without eval and inline styles', () => {
  it.each(Object.keys(samples))('draws the same without a style of its own: %s', { tags: ['node'] }, async (kind) => {
    const spec = Object.values(samples[kind as keyof typeof samples])[0]!;
    const strict = await toSvg(spec, { strict: true });
    expect(strict).not.toMatch(/<style|<[^>]* style="/);
    const own = /<style>.*?<\/style>| style="max-width:100%;height:auto"/g;
    const plain = (await toSvg(spec)).replace(own, '');
    expect(strict).toBe(plain.replace(/style="[^"]*pixelated;"/g, 'image-rendering="pixelated"'));
  });

  it('works in a page under such a policy, in the colors of its ground', { tags: ['node'] }, async ({ skip }) => {
    skip(findChromium() === null, 'Chromium is not installed');
    const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:";
    const found = await inChromium(new URL('./browser/strict.ts', import.meta.url), {
      headers: { 'content-security-policy': policy },
    });
    expect(found).toEqual({
      pictures: 5,
      fills: ['rgb(61, 157, 219)'],
      widths: [120, 120, 120, 120, 114],
      pixels: 'pixelated',
      evaluated: false,
      refused: ['script-src'],
    });
  });

  it('says what to install', () => {
    expectError(
      () => {
        throw missingPeer(new Error("Cannot find package 'vega-interpreter' imported from /app/to-svg.js"));
      },
      OptionError,
      'toSvg: vega-interpreter is needed for strict: true, but it is not installed; npm i vega-interpreter@2',
    );
  });
});
