/** @module-tag node */
import { findChromium, inChromium, inNode } from '@maru-ml/tooling/browser';
import { describe, expect, type TestContext, test } from 'vitest';

function needsChromium(context: TestContext): void {
  if (findChromium() === null) context.skip('Chromium was not found; install it, or set MARU_CHROMIUM');
}

describe('in Chromium', () => {
  test('readers, data and generators give what they give in Node', async (context) => {
    needsChromium(context);
    const script = new URL('./browser/readers.ts', import.meta.url);
    const here = await inNode(script);
    expect(here).toMatchObject({ idx: [256, -1], korean: { 이: ['똠', '마'] }, latin: { a: ['–'] } });
    expect(await inChromium(script)).toEqual(here);
  });

  test('a path is relative to the page, a cache is ignored, writing is refused', async (context) => {
    needsChromium(context);
    const script = new URL('./browser/page.ts', import.meta.url);
    expect(await inChromium(script, { files: { '/table.csv': 'a,b\n1,x\n' } })).toEqual({
      table: { a: Float64Array.of(1), b: ['x'] },
      failure: 'OptionError: writeCsv: there is no file system here; see formatCsv',
      missing: 'DataError: readBytes: /none.csv answered with status 404',
    });
  });
});
