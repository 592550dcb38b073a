import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { look, openApp, serveFolder } from '../app.js';
import { findChromium } from '../browser.js';

const missing = 'Chromium was not found; install it, or set MARU_CHROMIUM';

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maru-app-test-'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'secret.txt'), 'outside');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param {string} body */
function page(body) {
  const viewport = '<meta name="viewport" content="width=device-width">';
  const head = '<meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="style.css">';
  writeFileSync(join(folder, 'dist/index.html'), `<!doctype html>${viewport}${head}${body}`);
  writeFileSync(join(folder, 'dist/style.css'), 'body { margin: 0 } .faint { color: #999 } .wide { width: 500px }');
  return join(folder, 'dist');
}

/** The status of an address as it is, which `fetch` would tidy up. @param {string} url @param {string} path */
const status = (url, path) =>
  new Promise((done) => {
    request(url, { path }, (response) => done(response.resume().statusCode)).end();
  });

test('serves the files of a folder under the strict policy, and none outside', async () => {
  const server = await serveFolder(page('<p>here</p>'));
  try {
    const answer = await fetch(server.url);
    expect(await answer.text()).toContain('<p>here</p>');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(await status(server.url, '/style.css?v=2')).toBe(200);
    for (const path of ['/none.js', '/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%zz']) {
      expect(await status(server.url, path), path).toBe(404);
    }
  } finally {
    await server.close();
  }
});

test('a quiet page has no problems', async ({ skip }) => {
  skip(findChromium() === null, missing);
  const app = await openApp(page('<p>here</p>'), { width: 360, touch: true, colorScheme: 'dark' });
  try {
    expect(app.problems).toEqual([]);
    expect(await look(app.page)).toEqual({ scrollWidth: 360, faint: [] });
    const seen = await app.page.evaluate(() => [
      innerWidth,
      navigator.maxTouchPoints > 0,
      matchMedia('(prefers-color-scheme: dark)').matches,
    ]);
    expect(seen).toEqual([360, true, true]);
  } finally {
    await app.close();
  }
});

test('errors, what the policy refuses, missing files and other addresses are problems', async ({ skip }) => {
  skip(findChromium() === null, missing);
  writeFileSync(
    join(folder, 'dist/main.js'),
    "console.warn('odd'); fetch('http://127.0.0.1:9/').catch(() => {}); nowhere();",
  );
  const app = await openApp(page('<script>1</script><script src="main.js"></script><img src="none.png">'));
  try {
    const all = app.problems.join('\n');
    expect(all).toContain('warning: odd');
    expect(all).toContain('uncaught: nowhere is not defined');
    expect(all).toContain(`404: ${app.url}none.png`);
    expect(all).toMatch(/error: .*inline script violates/);
    expect(all).toMatch(/error: .*connect-src/i);
  } finally {
    await app.close();
  }
});

test('a look finds what is too wide and what is too faint', async ({ skip }) => {
  skip(findChromium() === null, missing);
  const app = await openApp(page('<p class="faint">pale</p><p class="wide">wide</p>'), { width: 360 });
  try {
    expect(await look(app.page)).toEqual({ scrollWidth: 500, faint: ['P 2.8: pale'] });
  } finally {
    await app.close();
  }
});
