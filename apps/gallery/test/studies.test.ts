import { findChromium } from '@maru-ml/tooling/browser';
import { describe, expect, it } from 'vitest';
import { figuresOf, type Page, runStudy } from '../src/page.ts';
import { reportHtml } from '../src/report.ts';
import { studies } from '../src/studies.ts';
import { openReport } from './report-in-chromium.ts';

/** Figures that are not reached with the short counts and the embedded data, and why. */
const short: Record<string, string> = {
  'B4 ten ReLU layers: cost': 'the source takes 200,000 steps, a short run 5,000',
  'A21 accuracy, C = 0.1': 'three flowers lie on the line itself, so that .95 is what a solver rounds to',
};

const pages: Page[] = [];

describe('each study, with its short counts and the embedded data', () => {
  for (const study of studies) {
    it(`${study.row} ${study.title}`, { timeout: 180_000 }, async () => {
      const shares: number[] = [];
      const page = await runStudy(study, { data: null, full: false, onProgress: (share) => shares.push(share) });
      pages.push(page);

      expect(page.error).toBe(null);
      const figures = figuresOf(page);
      expect(figures.length).toBeGreaterThan(0);
      for (const { name, ours } of figures) {
        expect(ours, name).not.toBe('');
        if (typeof ours === 'number') expect(Number.isFinite(ours), name).toBe(true);
      }
      const missed = figures.filter(({ reached }) => reached === false).map(({ name }) => `${study.row} ${name}`);
      expect(missed.filter((name) => !(name in short))).toEqual([]);
      expect(new Set(figures.map(({ name }) => name)).size, 'names of figures differ').toBe(figures.length);
      for (const share of shares) expect(share >= 0 && share <= 1).toBe(true);
    });
  }
});

describe('with the data of the folder that MARU_DATA names', () => {
  // These read files; what the others do does not depend on the folder.
  for (const row of ['A1', 'A3', 'A4', 'A6', 'A7', 'A8', 'A18', 'A20', 'A23', 'B2', 'B3', 'C1', 'C3', 'E4']) {
    const study = studies.find((study) => study.row === row)!;
    it(`${row} ${study.title}`, { timeout: 180_000 }, async (context) => {
      const data = process.env.MARU_DATA;
      if (data === undefined) context.skip('MARU_DATA names no folder with the data');
      const page = await runStudy(study, { data: data!, full: false, onProgress: () => {} });
      expect(page.error).toBe(null);
      expect(page.parts.filter((part) => part.kind === 'shrunk' && part.text.includes('Without --data'))).toEqual([]);
    });
  }
});

describe('the report of all studies', () => {
  it('draws every plot', { timeout: 180_000 }, async () => {
    const html = await reportHtml(pages, { full: false, withData: false });
    const plots = pages.flatMap((page) => page.parts.filter((part) => part.kind === 'plot'));
    expect(html.match(/<svg /g)?.length).toBe(plots.length);
    for (const { row } of studies) expect(html).toContain(`<section id="${row}">`);
  });

  it('fits a phone of 360 pixels and is readable in light and dark', { timeout: 180_000 }, async (context) => {
    if (findChromium() === null) context.skip('Chromium was not found; install it, or set MARU_CHROMIUM');
    const html = await reportHtml(pages, { full: false, withData: false });
    for (const colorScheme of ['light', 'dark'] as const) {
      const found = await openReport(html, { width: 360, colorScheme });
      expect(found.scrollWidth, colorScheme).toBeLessThanOrEqual(360);
      expect(found.faint, colorScheme).toEqual([]);
      expect(found.requests).toEqual([]);
    }
  });
});
