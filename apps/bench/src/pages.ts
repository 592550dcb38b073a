/** The files that a run is written to: docs/benchmarks.json and all that follows from it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from './figures.ts';
import { PLOTS, pageText } from './page/markdown.ts';
import { readmeText, withBenchmarks } from './page/readme.ts';

const JSON_FILE = 'docs/benchmarks.json';
const PAGE_FILE = 'docs/benchmarks.md';
const REMEDY = 'npm run bench -- --write';

export async function readFigures(root: string): Promise<Figures> {
  return JSON.parse(await readFile(join(root, JSON_FILE), 'utf8')) as Figures;
}

/** Writes the figures, the page, its plots, and the README's table. */
export async function writePages(root: string, figures: Figures): Promise<void> {
  const { plots } = await import('./page/plots.ts');
  await mkdir(join(root, 'docs/benchmarks'), { recursive: true });
  await writeFile(join(root, JSON_FILE), jsonText(figures));
  await writeFile(join(root, PAGE_FILE), pageText(figures));
  const drawn = await plots(figures);
  await writeFile(join(root, 'docs', PLOTS.ratios), drawn.ratios);
  await writeFile(join(root, 'docs', PLOTS.scaling), drawn.scaling);
  const readme = join(root, 'README.md');
  await writeFile(readme, withBenchmarks(await readFile(readme, 'utf8'), readmeText(figures)));
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
  const [page, readme] = await Promise.all([PAGE_FILE, 'README.md'].map((file) => readFile(join(root, file), 'utf8')));
  const problems = [];
  if (page !== pageText(figures)) problems.push(`${PAGE_FILE} is not what ${JSON_FILE} gives; ${REMEDY}`);
  if (readme !== withBenchmarks(readme!, readmeText(figures))) {
    problems.push(`README.md: the benchmarks are not what ${JSON_FILE} gives; ${REMEDY}`);
  }
  return problems;
}
