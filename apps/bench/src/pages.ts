/** The files that a run is written to: docs/benchmarks.json and all that follows from it. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from './figures.ts';
import { PLOTS, pageText } from './page/markdown.ts';
import { NO_RUN, readmeText, withBenchmarks } from './page/readme.ts';

const JSON_FILE = 'docs/benchmarks.json';
const PAGE_FILE = 'docs/benchmarks.md';
const REMEDY = 'npm run bench -- --write';

/** The figures of the last run that was written; null if there is none. */
export async function readFigures(root: string): Promise<Figures | null> {
  const file = join(root, JSON_FILE);
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Figures) : null;
}

/** Writes the figures, the page, its plots, and the README's table; of no figures, that there are none. */
export async function writePages(root: string, figures: Figures | null): Promise<void> {
  const readme = join(root, 'README.md');
  const part = figures === null ? NO_RUN : readmeText(figures);
  await writeFile(readme, withBenchmarks(await readFile(readme, 'utf8'), part));
  if (figures === null) return;
  const { plots } = await import('./page/plots.ts');
  await mkdir(join(root, 'docs/benchmarks'), { recursive: true });
  await writeFile(join(root, JSON_FILE), jsonText(figures));
  await writeFile(join(root, PAGE_FILE), pageText(figures));
  const drawn = await plots(figures);
  await writeFile(join(root, 'docs', PLOTS.ratios), drawn.ratios);
  await writeFile(join(root, 'docs', PLOTS.scaling), drawn.scaling);
}

/** One line for each row, so that a diff shows what changed. */
export function jsonText(figures: Figures): string {
  const list = (values: readonly unknown[]) => `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]`;
  const fields = Object.entries(figures).map(([key, value]) => {
    return `${JSON.stringify(key)}: ${Array.isArray(value) ? list(value) : JSON.stringify(value)}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** What is not as the figures give it. */
export async function checkPages(root: string): Promise<string[]> {
  const figures = await readFigures(root);
  const pageFile = join(root, PAGE_FILE);
  const page = existsSync(pageFile) ? await readFile(pageFile, 'utf8') : null;
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const problems = [];
  if (page !== (figures && pageText(figures))) problems.push(`${PAGE_FILE} is not what ${JSON_FILE} gives; ${REMEDY}`);
  if (readme !== withBenchmarks(readme, figures === null ? NO_RUN : readmeText(figures))) {
    problems.push(`README.md: the benchmarks are not what ${JSON_FILE} gives; ${REMEDY}`);
  }
  return problems;
}
