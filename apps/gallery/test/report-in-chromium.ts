import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findChromium } from '@maru-ml/tooling/browser';
import { chromium } from 'playwright-core';

export interface Seen {
  /** How wide the page is; more than the window's width means that it scrolls sideways. */
  scrollWidth: number;
  /** Texts whose contrast with their ground is below 4.5 (WCAG AA), or 3 for what the plots write along axes. */
  faint: string[];
  /** What the page asked for beside itself. */
  requests: string[];
}

/** Opens a report from disk, as a reader does. */
export async function openReport(
  html: string,
  { width, colorScheme }: { width: number; colorScheme: 'light' | 'dark' },
): Promise<Seen> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-report-'));
  const browser = await chromium.launch({ executablePath: findChromium()!, args: ['--no-sandbox'] });
  try {
    const file = join(folder, 'index.html');
    await writeFile(file, html);
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const requests: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    const { scrollWidth, faint } = await page.evaluate(look);
    return { scrollWidth, faint, requests: requests.slice(1) };
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

/** Runs in the page. */
function look(): { scrollWidth: number; faint: string[] } {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r, g, b] = channels(color).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const groundOf = (element: Element): string => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      const alpha = channels(color)[3];
      if (alpha === undefined || alpha > 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const contrast = (ink: string, ground: string) => {
    const [a, b] = [luminance(ink), luminance(ground)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const faint: string[] = [];
  for (const element of document.querySelectorAll('h1, h2, h2 span, p, b, a, th, td, pre, figcaption')) {
    if (element.textContent?.trim() === '') continue;
    const ratio = contrast(getComputedStyle(element).color, groundOf(element));
    if (ratio < 4.5) faint.push(`${element.tagName} ${ratio.toFixed(1)}: ${element.textContent}`);
  }
  const along = '.role-axis-label text, .role-axis-title text, .role-title text, .role-legend-label text';
  for (const element of document.querySelectorAll(along)) {
    const ratio = contrast(getComputedStyle(element).fill, groundOf(element));
    if (ratio < 3) faint.push(`plot ${ratio.toFixed(1)}: ${element.textContent}`);
  }
  return { scrollWidth: document.documentElement.scrollWidth, faint };
}
