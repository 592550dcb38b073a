/**
 * A built example app: served on the loopback address, by hand with `npm run app -- draw-a-digit`, and opened in Chromium by its tests:
 *
 *   const app = await openApp(new URL('../dist/', import.meta.url), { width: 360, height: 740, touch: true });
 *   await app.page.getByRole('button', { name: 'Clear' }).tap();
 *   expect(app.problems).toEqual([]);
 *   await app.close();
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findChromium, serve } from './browser.js';
import { root, scope } from './workspace.js';

/** Nothing but the app's own files, no inline script or style, no `eval`; WebAssembly may be compiled. */
const STRICT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Serves a folder on the loopback address.
 *
 * @param {string} folder @param {Record<string, string>} [headers] of every file; default the strict policy
 * @param {number} [port] default a free one
 */
export function serveFolder(folder, headers = { 'content-security-policy': STRICT_POLICY }, port) {
  return serve((path) => fileIn(resolve(folder), path), headers, port);
}

/** The file of a path; undefined where there is none, or it lies outside the folder. @param {string} folder @param {string} path */
function fileIn(folder, path) {
  try {
    const file = resolve(folder, `.${decodeURIComponent(path.endsWith('/') ? `${path}index.html` : path)}`);
    return file.startsWith(folder + sep) ? readFileSync(file) : undefined;
  } catch {
    return undefined; // no such file, or no such path
  }
}

/**
 * @typedef {object} AppOptions
 * @property {number} [width] of the window in pixels; default 1100
 * @property {number} [height] default 900
 * @property {boolean} [touch] a phone: touches instead of a mouse; default false
 * @property {'light' | 'dark'} [colorScheme] default 'light'
 * @property {Record<string, string>} [headers] default the strict policy
 * @property {string} [path] what to open, such as '?seed=2'; default ''
 * @property {number} [timeout] of each wait in milliseconds; default 20000
 */

/**
 * Opens a built app in Chromium. `problems` fills with all that a user of the console would see there: errors and warnings, what the policy
 * refused, requests that failed or that leave the app's address.
 *
 * @param {string | URL} folder the built app @param {AppOptions} [options]
 */
export async function openApp(folder, options = {}) {
  const {
    width = 1100,
    height = 900,
    touch = false,
    colorScheme = 'light',
    headers,
    path = '',
    timeout = 20_000,
  } = options;
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('openApp: Chromium was not found; install it, or set MARU_CHROMIUM');
  const { chromium } = await import('playwright-core');
  const server = await serveFolder(folder instanceof URL ? fileURLToPath(folder) : folder, headers);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const viewport = { width, height };
    const context = await browser.newContext({ viewport, colorScheme, hasTouch: touch, isMobile: touch });
    context.setDefaultTimeout(timeout);
    const page = await context.newPage();
    /** @type {string[]} */
    const problems = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
      const own = [server.url, 'data:', `blob:${server.url}`].some((start) => request.url().startsWith(start));
      if (!own) problems.push(`a request to ${request.url()}`);
    });
    await page.goto(server.url + path);
    return { page, problems, url: server.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * How the page looks to a reader: how wide it is (more than the window's width means that it scrolls sideways), and which texts stand out too
 * little from their ground, with a contrast below 4.5 (WCAG AA).
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ scrollWidth: number, faint: string[] }>}
 */
export function look(page) {
  return page.evaluate(() => {
    /** @param {string} color */
    const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    /** @param {string} color */
    const luminance = (color) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    /** @param {Element} element */
    const groundOf = (element) => {
      for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if ((channels(color)[3] ?? 1) > 0) return color;
      }
      return 'rgb(255, 255, 255)';
    };
    const faint = [];
    for (const element of document.querySelectorAll('body *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '');
      if (!own || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const ink = element instanceof SVGElement ? style.fill : style.color;
      const [a, b] = [luminance(ink), luminance(groundOf(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) faint.push(`${element.tagName} ${contrast.toFixed(1)}: ${element.textContent}`);
    }
    return { scrollWidth: document.documentElement.scrollWidth, faint };
  });
}

/** The example apps by name: those in `apps` that Vite builds. */
function exampleApps() {
  return readdirSync(join(root, 'apps')).filter((name) => existsSync(join(root, 'apps', name, 'index.html')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [name = '', port = '0'] = process.argv.slice(2);
  if (!exampleApps().includes(name)) {
    console.error(`npm run app -- NAME: the apps are ${exampleApps().join(', ')}`);
    process.exit(1);
  }
  const shell = process.platform === 'win32';
  const args = ['run', 'build', '--filter', scope + name, '--ui', 'stream', '--output-logs', 'errors-only'];
  const { status } = spawnSync('turbo', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell });
  if (status !== 0) process.exit(1);
  const { url } = await serveFolder(join(root, 'apps', name, 'dist'), undefined, Number(port));
  console.log(`${name} is at ${url}, until Ctrl+C`);
}
