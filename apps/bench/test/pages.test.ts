import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exponentOf, growsTooFast } from '../src/figures.ts';
import { estimatorsIn } from '../src/groups/bundles.ts';
import { unpackedSize } from '../src/groups/installs.ts';
import { losses } from '../src/page/losses.ts';
import { pageText } from '../src/page/markdown.ts';
import { readmeText, TELLING, withBenchmarks } from '../src/page/readme.ts';
import { triedParts } from '../src/page/tried.ts';
import { number, time } from '../src/page/words.ts';
import { checkPages, jsonText, writePages } from '../src/pages.ts';
import { rows } from '../src/rows.ts';
import { tried } from '../src/tried.ts';
import { figures } from './figures.ts';

describe('figures', () => {
  it('the exponent of a power', () => {
    const n = [10, 20, 40, 80, 160];
    expect(
      exponentOf(
        n,
        n.map((x) => 3 * x ** 2),
      ),
    ).toBeCloseTo(2, 12);
    expect(exponentOf(n, [7, 7, 7, 7, 7])).toBeCloseTo(0, 12);
    // Points off the line by a half above and below in the logarithm, which cancel.
    expect(exponentOf([1, Math.E, Math.E ** 2], [Math.exp(0.5), Math.exp(0), Math.exp(2.5)])).toBeCloseTo(1, 12);
  });

  it('growth is judged by the stated cost', () => {
    expect(growsTooFast({ exponent: 1.3, stated: 1 })).toBe(false);
    expect(growsTooFast({ exponent: 1.4, stated: 1 })).toBe(true);
  });

  it('numbers have two digits, times a unit', () => {
    expect([0.00031, 0.053, 0.5, 1, 3.84, 38, 99.6, 250].map(number)).toEqual([
      '.00031',
      '.053',
      '.50',
      '1.0',
      '3.8',
      '38',
      '100',
      '250',
    ]);
    expect([0.0005, 0.43, 17, 2500].map(time)).toEqual(['.50 µs', '.43 ms', '17 ms', '2.5 s']);
  });

  it('estimators are the classes with a fit', () => {
    class Model {
      predict(): void {}
    }
    class KMeans {
      fit(): void {}
    }
    expect(estimatorsIn({ Model, KMeans, fit: () => {}, version: '1' })).toEqual(['KMeans']);
  });

  it('the size of the files in a tarball', () => {
    const header = (size: number) => {
      const block = Buffer.alloc(512);
      block.write('package/file', 0);
      block.write(size.toString(8).padStart(11, '0'), 124);
      return block;
    };
    const tar = Buffer.concat([
      header(3),
      Buffer.alloc(512),
      header(600),
      Buffer.alloc(1024),
      header(0),
      Buffer.alloc(1024),
    ]);
    expect(unpackedSize(tar)).toBe(603);
  });
});

describe('pages', () => {
  it('losses stand beside each other, wrong answers are none', () => {
    expect(losses(figures)).toEqual([
      '- Our wrong answers: none.',
      '- Bars that are missed: matrix product: 5.0 of NumPy, the bar is 4.0.',
      '- Slower than a library of this language: none.',
      '- Slower than Python on one thread: matrix product: 5.0 of NumPy.',
      '- Slower than Python as shipped: matrix product: 10 of NumPy.',
      '- Above the bound: What a page loads: svm: SVC 19 KB.',
      '- Growing faster than stated: crawling: n^2, stated n^1.',
      '- Not measured: LSTM (there is no package rnn yet).',
    ]);
  });

  it('what was tried stands with the bars that are missed, and which have nothing', () => {
    const one = { kept: 5, instead: { 'a larger tile': 5.5, 'no panels': 9 } };
    const parts = triedParts(figures, {
      matmul32: [
        { of: 'tfjs wasm', ...one },
        { of: 'NumPy', ...one },
      ],
      'cluster: KMeans': [{ unit: 'KB', ...one }],
    });
    expect(parts.slice(2)).toEqual([
      [
        '| bar | tried instead | its figure | kept |',
        '| --- | --- | ---: | ---: |',
        '| matrix product, against NumPy | a larger tile | 5.5 | 5.0 |',
        '| matrix product, against NumPy | no panels | 9.0 | 5.0 |',
      ].join('\n'),
      'Without alternatives so far: svm: SVC.',
    ]);
    expect(triedParts(figures, { 'svm: SVC': [{ unit: 'KB', ...one }] })[2]).toContain(
      '| svm: SVC | no panels | 9.0 KB | 5.0 KB |',
    );
    expect(triedParts({ ...figures, rows: [], groups: [] }, tried)).toEqual([]);
  });

  it('what was tried has three alternatives or more, against rivals that have a bar', () => {
    for (const [key, entries] of Object.entries(tried)) {
      const row = rows.find(({ id }) => id === key);
      for (const { of, unit, kept, instead } of entries) {
        expect(Object.keys(instead).length).toBeGreaterThanOrEqual(3);
        expect([kept, ...Object.values(instead)].every((figure) => figure > 0)).toBe(true);
        if (row === undefined) expect([of, ['KB', 'ms'].includes(unit!)]).toEqual([undefined, true]);
        else expect(row.bars.flatMap(({ against }) => against)).toContain(of);
      }
    }
  });

  it('the page has every row, its bars, wrong answers and who is absent', () => {
    const page = pageText(figures);
    for (const line of [
      'Written by `npm run bench -- --page` on 2030-01-02: A Processor, 2 cores, 8 GB, Linux, Node 20.20.2.',
      'Of 2 bars, 1 are met; 1 more had nobody to be held against.',
      '| matrix product | 2.0 ms | 2.0 of hasty, whose answer is wrong, .50 of tfjs wasm (bar 1.1: met) | 5.0 of NumPy (bar 4.0: **missed**) | 10 of NumPy |',
      '| LSTM |  | there is no package rnn yet |  |  |',
      '| crawling | 1 - 2 | 1.0 ms - 4.0 ms | n | 1.00 | 2.00 | **too fast** |',
      '| svm: SVC | 19 | **missed** |',
      '| matrix product | hasty | 1.0 ms | 1.0 ms | 3.0 ms | 9 | **wrong**, off by 0.25 |  |',
      '| matrix product | jax-js |  |  |  |  | absent | jax-js is not installed |',
      'tfjs 4.22.0, NumPy 1.24.2.',
      '- jax-js: npm error 404',
    ]) {
      expect(page.split('\n')).toContain(line);
    }
  });

  it('both say so where the machine had other work', () => {
    const warning = '**Other programs had 40% of the cores when these times were taken, so they tell little.**';
    for (const text of [pageText, readmeText]) {
      expect(text(figures)).not.toContain('tell little');
      expect(text({ ...figures, busy: 0.4 })).toContain(warning);
    }
  });

  it('the README tells the bars that are missed and what is above its bound', () => {
    const lines = readmeText(figures).split('\n');
    expect(lines).toContain(
      'Of 2 bars, 1 are met; 1 more had nobody to be held against. Missed are: matrix product: 5.0 of NumPy, the bar is 4.0.',
    );
    expect(lines).toContain(
      'Above their bounds: What a page loads: 1 of 2, up to 19 KB (svm: SVC), the bound is 15 KB.',
    );
    expect(readmeText({ ...figures, groups: [] })).toContain('Above their bounds: nothing.');
  });

  it('the README tells the best rival that is right', () => {
    expect(readmeText(figures).split('\n')).toContain('| matrix product | 2.0 ms | .50 of tfjs wasm | 5.0 of NumPy |');
    const readme = 'a\n<!-- benchmarks: written by `npm run bench -- --page` -->\nold\n<!-- /benchmarks -->\nb\n';
    expect(withBenchmarks(readme, 'new')).toBe(readme.replace('old', 'new'));
    expect(() => withBenchmarks('a', 'b')).toThrow('README.md: the lines');
    for (const id of TELLING) expect(rows.map((row) => row.id)).toContain(id);
  });

  it('what is written is found to be right, and a figure that was changed by hand is not', async () => {
    const root = await mkdtemp(join(tmpdir(), 'maru-pages-'));
    try {
      await mkdir(join(root, 'docs'));
      const readme = join(root, 'README.md');
      await writeFile(readme, '<!-- benchmarks: written by `npm run bench -- --page` -->\n<!-- /benchmarks -->\n');
      expect(await checkPages(root)).toHaveLength(1);
      await writePages(root, null);
      expect(await readFile(readme, 'utf8')).toContain('No run has been written yet');
      expect(await checkPages(root)).toEqual([]);
      await writePages(root, figures);
      expect(await checkPages(root)).toEqual([]);
      expect(JSON.parse(await readFile(join(root, 'docs/benchmarks.json'), 'utf8'))).toEqual(figures);
      for (const plot of ['ratios', 'scaling']) {
        expect(await readFile(join(root, `docs/benchmarks/${plot}.svg`), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
      }
      await writeFile(readme, (await readFile(readme, 'utf8')).replace('.50 of tfjs', '.40 of tfjs'));
      await writeFile(join(root, 'docs/benchmarks.json'), jsonText({ ...figures, date: '2030-01-03' }));
      expect(await checkPages(root)).toEqual([
        'docs/benchmarks.md is not what docs/benchmarks.json gives; npm run bench -- --write',
        'README.md: the benchmarks are not what docs/benchmarks.json gives; npm run bench -- --write',
      ]);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
