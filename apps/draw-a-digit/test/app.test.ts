/** The app as it is built from the packed packages, in Chromium. */
import { look, openApp } from '@maru-ml/tooling/app';
import { findChromium } from '@maru-ml/tooling/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Point, Stroke } from '../src/handwriting.ts';
import { drawings } from './drawings.ts';

type App = Awaited<ReturnType<typeof openApp>>;

const dist = new URL('../dist/', import.meta.url);
const chromium = findChromium();
const missing = 'Chromium was not found; install it, or set MARU_CHROMIUM';

/** Opens the app and waits for the end of its training. */
async function openTrained(options: Parameters<typeof openApp>[1]): Promise<App> {
  const app = await openApp(dist, { timeout: 120_000, ...options });
  await trained(app);
  return app;
}

async function trained({ page }: App): Promise<{ accuracy: number; loss: string }> {
  await page.getByText('Done: all epochs are over.').waitFor();
  const accuracy = Number.parseFloat((await page.textContent('#accuracy'))!) / 100;
  return { accuracy, loss: (await page.textContent('#loss'))! };
}

/** Waits until the page says so, which it does with one of the next pictures of the screen. */
function says({ page }: App, text: string): Promise<void> {
  return expect.poll(() => page.textContent('#answer'), { timeout: 10_000 }).toBe(text);
}

/** Waits until the page has looked at what is drawn: two pictures of the screen. */
function looked({ page }: App): Promise<unknown> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function placer({ page }: App): Promise<(point: Point) => [number, number]> {
  const { x, y, width, height } = (await page.locator('#pad').boundingBox())!;
  return ([u, v]) => [x + u * width, y + v * height];
}

async function drawByMouse(app: App, strokes: readonly Stroke[]): Promise<void> {
  const { mouse } = app.page;
  const place = await placer(app);
  for (const [start, ...rest] of strokes) {
    await mouse.move(...place(start!));
    await mouse.down();
    for (const point of rest) await mouse.move(...place(point));
    await mouse.up();
  }
}

async function drawByFinger(app: App, strokes: readonly Stroke[]): Promise<void> {
  const device = await app.page.context().newCDPSession(app.page);
  const place = await placer(app);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    device.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(place).map(([x, y]) => ({ x, y })),
    });
  for (const [start, ...rest] of strokes) {
    await touch('touchStart', [start!]);
    for (const point of rest) await touch('touchMove', [point]);
    await touch('touchEnd', []);
  }
}

/** Presses keys: an arrow's letter with how often, such as 'R3', or the name of another key. */
async function press({ page }: App, keys: string): Promise<void> {
  const arrows: Record<string, string> = { L: 'ArrowLeft', R: 'ArrowRight', U: 'ArrowUp', D: 'ArrowDown' };
  for (const key of keys.split(' ')) {
    const [, arrow, count] = /^([LRUD])(\d+)$/.exec(key) ?? [];
    for (let i = 0; i < Number(count ?? 1); i++) await page.keyboard.press(arrow ? arrows[arrow]! : key);
  }
}

describe('draw-a-digit on a desk', () => {
  let app: App;
  beforeAll(async () => {
    if (chromium !== null) app = await openTrained({ width: 1100, height: 1000 });
  });
  afterAll(() => app?.close());
  beforeEach((context) => {
    if (chromium === null) context.skip(missing);
  });

  it('learns to recognize the held-out digits', async () => {
    expect((await trained(app)).accuracy).toBeGreaterThanOrEqual(0.96);
    expect(await app.page.textContent('#epoch')).toBe('30/30');
    await says(app, 'Nothing drawn yet');
  });

  it('is usable with the keyboard alone', async () => {
    const { page } = app;
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('pad');
    expect(await page.evaluate(() => document.activeElement!.matches(':focus-visible'))).toBe(true);

    // The pen starts in the middle, a quarter from above.
    await press(app, 'U1 L4 Space R7 D2 L1 D2 L1 D2 L1 D2 L1 D2');
    expect(await page.textContent('#pen')).toBe('Pen down, column 7 of 15, row 13 of 15');
    await says(app, 'It looks like a 7');
    await press(app, 'Delete');
    expect(await page.textContent('#pen')).toBe('Pen up, column 7 of 15, row 13 of 15');
    await says(app, 'Nothing drawn yet');

    await press(app, 'R1 U10 Space D10 Space');
    await says(app, 'It looks like a 1');
    await press(app, 'Backspace');
    await says(app, 'Nothing drawn yet');

    await press(app, 'Space L2 U1 L1 U1 L1 U6 R1 U1 R1 U1 R3 D1 R1 D1 R1 D6 L1 D1 L1 D1 L2 Escape');
    await says(app, 'It looks like a 0');

    // The rest of the page: each control can be reached and used.
    const reached: string[] = [];
    for (let i = 0; i < 15; i++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(() => document.activeElement!.id || document.activeElement!.textContent!.slice(0, 7)),
      );
    }
    expect(reached.map((name) => name.slice(0, name.match(/^\d/) ? 1 : 7))).toEqual([
      ...['undo', 'clear', 'overlay', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'Restart', 'seed'],
    ]);
    await page.keyboard.press('Shift+Tab');
    await press(app, 'Shift+Tab Shift+Tab Shift+Tab Shift+Tab Shift+Tab Enter');
    await looked(app);
    expect(await page.textContent('#saliency-title')).toBe('what counts for 5:');
    await press(app, 'Enter');
    await page.getByRole('button', { name: 'Clear' }).click();
  });

  it('recognizes each digit that is drawn with a mouse', async () => {
    for (const [digit, strokes] of drawings.entries()) {
      await drawByMouse(app, strokes);
      await says(app, `It looks like ${digit === 8 ? 'an' : 'a'} ${digit}`);
      await app.page.getByRole('button', { name: 'Clear' }).click();
      await says(app, 'Nothing drawn yet');
    }
  });

  it('shows probabilities, activations, and what counts for the digit that one chooses', async () => {
    const { page } = app;
    await drawByMouse(app, drawings[4]!);
    await looked(app);
    const percents = (await page.locator('.percent').allTextContents()).map(Number.parseFloat);
    expect(Math.abs(percents.reduce((a, b) => a + b) - 100)).toBeLessThanOrEqual(5);
    expect(percents.indexOf(Math.max(...percents))).toBe(4);

    const seen = (id: string) =>
      page.locator(`#${id} canvas`).evaluateAll((canvases) =>
        canvases.map((canvas) => {
          // A copy, since what is read from a canvas slows it down.
          const { width, height } = canvas as HTMLCanvasElement;
          const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
          copy.drawImage(canvas as HTMLCanvasElement, 0, 0);
          return [...copy.getImageData(0, 0, width, height).data];
        }),
      );
    for (const [id, count, largest] of [
      ['input', 1, 255],
      ['edges', 8, 255],
      ['parts', 16, 255],
    ] as const) {
      const pictures = await seen(id);
      expect(pictures.length).toBe(count);
      expect(new Set(pictures.map(String)).size, `different pictures in ${id}`).toBe(count);
      expect(Math.max(...pictures.flatMap((picture) => picture.filter((_, i) => i % 4 === 3)))).toBe(largest);
    }
    const best = await seen('saliency');
    await page.getByRole('button', { name: /^9/ }).click();
    await looked(app);
    expect(await page.textContent('#saliency-title')).toBe('what counts for 9:');
    expect(await page.getByRole('button', { name: /^9/ }).getAttribute('aria-pressed')).toBe('true');
    expect(await seen('saliency')).not.toEqual(best);
    await page.getByRole('button', { name: /^9/ }).click();
    await looked(app);
    expect(await seen('saliency')).toEqual(best);

    const pad = () => page.locator('#pad canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const withOverlay = await pad();
    await page.getByLabel('Show what counts').uncheck();
    await looked(app);
    expect(await pad()).not.toBe(withOverlay);
    await page.getByLabel('Show what counts').check();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(app, 'Nothing drawn yet');
  });

  it('pauses and goes on, and comes to the same net as without a pause', async () => {
    const { page } = app;
    const whole = await trained(app);
    await page.evaluate(() => {
      (document.getElementById('restart') as HTMLFormElement).requestSubmit();
      document.getElementById('pause')!.click();
    });
    expect(await page.textContent('#training-state')).toBe('Paused.');
    await expect.poll(() => epochStands(app), { timeout: 10_000 }).toBe(true);
    expect(await page.textContent('#epoch')).not.toBe('30/30');
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await page.textContent('#training-state')).toBe('Training …');
    expect(await trained(app)).toEqual(whole);
  });

  it('starts anew with another seed, in a new worker, and refuses what is no seed', async () => {
    const { page } = app;
    const before = await trained(app);
    await page.getByLabel('seed').fill('7');
    await page.getByRole('button', { name: 'Restart' }).click();
    await expect.poll(() => page.workers().length).toBe(1);
    const after = await trained(app);
    expect(after.loss).not.toBe(before.loss);
    expect(after.accuracy).toBeGreaterThanOrEqual(0.96);
    await page.getByLabel('seed').fill('');
    await page.getByRole('button', { name: 'Restart' }).click();
    expect(await page.textContent('#training-state')).toBe('Done: all epochs are over.');
    await page.getByLabel('seed').fill('1');
  });

  it('ends its worker when the page is left, and starts one when it is shown again', async () => {
    const { page } = app;
    const leave = (kind: string) =>
      page.evaluate((kind) => dispatchEvent(new PageTransitionEvent(kind, { persisted: true })), kind);
    await expect.poll(() => page.workers().length).toBe(1);
    await leave('pagehide');
    await expect.poll(() => page.workers().length).toBe(0);
    await leave('pageshow');
    await expect.poll(() => page.workers().length).toBe(1);
    await trained(app);
    await page.goto('about:blank');
    await expect.poll(() => page.workers().length).toBe(0);
  });

  it('said nothing on the console and asked for nothing but its own files, under the strict policy', () => {
    expect(app.problems).toEqual([]);
  });
});

/** Whether the figures stay as they are over ten pictures of the screen. */
async function epochStands({ page }: App): Promise<boolean> {
  return page.evaluate(async () => {
    const figures = () => document.querySelector('.figures')!.textContent;
    const before = figures();
    for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
    return figures() === before;
  });
}

describe('draw-a-digit on a phone of 360 pixels', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`works by touch and is readable, ${colorScheme}`, async (context) => {
      if (chromium === null) context.skip(missing);
      const app = await openTrained({ width: 360, height: 740, touch: true, colorScheme });
      try {
        for (const digit of [7, 1, 0]) {
          await drawByFinger(app, drawings[digit]!);
          await says(app, `It looks like a ${digit}`);
          expect(await app.page.evaluate(() => scrollY), 'drawing does not scroll').toBe(0);
          if (digit !== 0) await app.page.getByRole('button', { name: 'Clear' }).tap();
        }
        expect(await look(app.page)).toEqual({ scrollWidth: 360, faint: [] });
        expect(app.problems).toEqual([]);
      } finally {
        await app.close();
      }
    });
  }
});
