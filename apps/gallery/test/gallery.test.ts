import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gallery } from '../src/gallery.ts';
import { figuresOf, runStudy, showValue } from '../src/page.ts';
import { reportHtml } from '../src/report.ts';
import { studies } from '../src/studies.ts';
import type { Context, Study } from '../src/study.ts';
import { figureTable } from '../src/terminal.ts';

function study(run: (context: Context) => void): Study {
  return { row: 'Z1', title: 'A <study>', source: 'nowhere', run };
}

const plain = { data: null, full: false, onProgress: () => {} };

async function figures(run: (context: Context) => void) {
  return figuresOf(await runStudy(study(run), plain));
}

describe('a figure', () => {
  it('is reached when it equals the source to the digits printed', async () => {
    const found = await figures((context) => {
      context.figure('near', 4.67, 14 / 3, { digits: 2 });
      context.figure('off', 4.67, 4.68, { digits: 2 });
      context.figure('whole', 12, 12);
      context.figure('NaN', 12, Number.NaN);
    });
    expect(found.map(({ reached }) => reached)).toEqual([true, false, true, false]);
  });

  it('is reached when it is at least, or at most, the source', async () => {
    const found = await figures((context) => {
      context.figure('accuracy', 96.28, 97.1, { atLeast: true });
      context.figure('accuracy', 96.28, 96.2, { atLeast: true });
      context.figure('loss', 0.269, 0.2, { atMost: true });
      context.figure('loss', 0.269, 0.3, { atMost: true });
      context.figure('loss', 0.269, 'none', { atMost: true });
    });
    expect(found.map(({ reached }) => reached)).toEqual([true, false, true, false, false]);
  });

  it('without a source has nothing to reach', async () => {
    expect((await figures((context) => context.figure('ours', null, 3)))[0]!.reached).toBe(null);
  });

  it('is shown to the digits compared, or to five', () => {
    expect(showValue(0.5191023426414686, 14)).toBe('0.51910234264147');
    expect(showValue(0.123456789)).toBe('0.12346');
    expect(showValue(2.607708e-6)).toBe('2.608e-6');
    expect(showValue(60_000)).toBe('60000');
    expect(showValue(null)).toBe('');
  });
});

describe('a study', () => {
  it('that throws keeps what it showed, and its error', async () => {
    const page = await runStudy(
      study((context) => {
        context.text('before');
        throw new Error('no such data');
      }),
      plain,
    );
    expect(page.parts).toEqual([{ kind: 'text', text: 'before' }]);
    expect(page.error).toContain('no such data');
    const html = await reportHtml([page], { full: false, withData: false });
    expect(html).toContain('This study ended with an error.');
  });

  it('finds files in the data folder only where they are', async () => {
    const folder = new URL('.', import.meta.url).pathname;
    const found: (string | null)[] = [];
    const look = study((context) => void found.push(context.find('gallery.test.ts'), context.find('mnist')));
    await runStudy(look, { ...plain, data: folder });
    await runStudy(look, plain);
    expect(found).toEqual([join(folder, 'gallery.test.ts'), null, null, null]);
  });

  it('has text that cannot break the page', async () => {
    const page = await runStudy(
      study((context) => {
        context.text('a < b & c');
        context.table(['<th>'], [['<td>', 1]]);
      }),
      plain,
    );
    const html = await reportHtml([page], { full: false, withData: false });
    expect(html).toContain('<p>a &lt; b &amp; c</p>');
    expect(html).toContain('<th>&lt;th&gt;</th>');
    expect(html).toContain('A &lt;study&gt;');
  });
});

describe('the table of figures', () => {
  it('fits a terminal without cutting anything off', async () => {
    const page = await runStudy(
      study((context) => {
        context.figure('a name of several words that is longer than its column', '[[6,1],[4,-9],[24,8]]', 'no');
        context.figure('a-word-without-any-place-to-break-that-is-long', 1.5, 2.5);
      }),
      plain,
    );
    const table = figureTable([page], 90);
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
    expect(table).not.toContain('…');
    expect(figureTable([page], undefined)).toContain('a-word-without-any-place-to-break-that-is-long');
    for (const part of ['[[6,1],[4,', '-9],[24,8]']) expect(table).toContain(part);
  });

  it('has a line for a study without figures, and for one that failed', async () => {
    const quiet = await runStudy(
      study(() => {}),
      plain,
    );
    const failed = await runStudy(
      study(() => {
        throw new Error('no such data');
      }),
      plain,
    );
    expect(figureTable([quiet], undefined)).toContain('A <study>');
    expect(figureTable([failed], undefined)).toMatch(/it ended with an error.*error/);
  });
});

describe('the list of studies', () => {
  it('has each row once', () => {
    const rows = studies.map(({ row }) => row);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('is in the order of the rows', () => {
    const place = (row: string) => row.charCodeAt(0) * 100 + Number(row.slice(1));
    const places = studies.map(({ row }) => place(row));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

describe('the command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maru-gallery-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('lists the studies', async () => {
    const lines: string[] = [];
    expect(await gallery(['--list'], (line) => lines.push(line))).toBe(0);
    expect(lines).toEqual(studies.map(({ row, title }) => `${row.padEnd(4)} ${title}`));
  });

  it('runs those that --only names, in their order, and writes the report', async () => {
    const lines: string[] = [];
    const out = join(folder, 'deep/report.html');
    expect(await gallery(['--only', 'a5, a2', '--out', out], (line) => lines.push(line))).toBe(0);
    expect(lines[0]).toMatch(/^✓ A2 /);
    expect(lines[1]).toMatch(/^✓ A5 /);
    expect(lines[2]).toMatch(/cos\(0, 1\).*0\.51910234264147.*reached/);
    expect(lines.at(-1)).toBe(`The report with all plots: ${out}`);
    const html = await readFile(out, 'utf8');
    expect(html).toContain('<section id="A2">');
    expect(html).not.toContain('<section id="A1">');
  });

  it('names a study that does not exist, and those that do', async () => {
    const known = studies.map(({ row }) => row).join(', ');
    await expect(gallery(['--only', 'A2,Q7'])).rejects.toThrow(
      `--only: there is no study Q7; the studies are ${known}`,
    );
  });

  it('names a data folder that does not exist', async () => {
    const missing = join(folder, 'missing');
    await expect(gallery(['--data', missing])).rejects.toThrow(`--data: there is no folder ${missing}`);
  });
});
