import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Page, runStudy } from './page.ts';
import { reportHtml } from './report.ts';
import { studies } from './studies.ts';
import type { Study } from './study.ts';
import { figureTable, progressLine } from './terminal.ts';

const HELP = `Runs the studies on real data and writes a report that opens in a browser.

  npm run gallery -- [options]

  --only A22,C1    these studies only
  --data FOLDER    a folder with real data (mnist, olivetti, ...); without it the embedded data are used
  --full           the counts of the sources, however long they take
  --list           list the studies and stop
  --out FILE       where the report goes (report/index.html)
`;

/**
 * The command: runs the studies, prints a table of their figures and writes the report.
 *
 * @param print where lines go
 * @returns the exit code: 1 if a study ended with an error
 * @throws Error for arguments that make no sense
 */
export async function gallery(args: string[], print: (line: string) => void = console.log): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      data: { type: 'string' },
      full: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      out: { type: 'string', default: 'report/index.html' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  if (values.list) {
    for (const { row, title } of studies) print(`${row.padEnd(4)} ${title}`);
    return 0;
  }
  const chosen = choose(values.only);
  // `npm run` starts in the repository's root but keeps where it was called from.
  const from = process.env.INIT_CWD ?? process.cwd();
  const data = values.data === undefined ? null : resolve(from, values.data);
  if (data !== null && !existsSync(data)) throw new Error(`--data: there is no folder ${data}`);

  const pages: Page[] = [];
  for (const study of chosen) {
    const line = progressLine(study, print);
    const page = await runStudy(study, { data, full: values.full, onProgress: line.update });
    line.end(page);
    pages.push(page);
  }
  print(`\n${figureTable(pages)}\n`);
  const file = resolve(from, values.out);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await reportHtml(pages, { full: values.full, withData: data !== null }));
  print(`The report with all plots: ${file}`);
  const failed = pages.filter((page) => page.error !== null);
  for (const page of failed) print(`\n${page.study.row} ended with an error:\n${page.error}`);
  return failed.length === 0 ? 0 : 1;
}

function choose(only: string | undefined): readonly Study[] {
  if (only === undefined) return studies;
  const rows = only.split(',').map((row) => row.trim().toUpperCase());
  const unknown = rows.filter((row) => !studies.some((study) => study.row.toUpperCase() === row));
  if (unknown.length > 0) {
    const known = studies.map((study) => study.row).join(', ');
    throw new Error(`--only: there is no study ${unknown.join(', ')}; the studies are ${known}`);
  }
  return studies.filter((study) => rows.includes(study.row.toUpperCase()));
}
