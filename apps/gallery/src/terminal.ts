import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { figuresOf, type Page, showValue } from './page.ts';
import type { Study } from './study.ts';

/** How often a long study is heard of where there is no terminal to draw a bar on, in milliseconds. */
const QUIET = 10_000;

/** A bar that grows as a study goes on, and a line with its time at the end. In a log a line every ten seconds stands for the bar. */
export function progressLine(
  { row, title }: Study,
  print: (line: string) => void,
): { update(share: number, message: string): void; end(page: Page): void } {
  const shown = process.stdout.isTTY === true;
  const bar = new SingleBar({
    format: '  {row} {bar} {percentage}% {message}',
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  if (shown) bar.start(100, 0, { row: row.padEnd(4), message: title });
  let last = performance.now();
  return {
    update: (share, message) => {
      const percent = Math.round(100 * Math.min(1, Math.max(0, share)));
      if (shown) bar.update(percent, { message: message || title });
      else if (performance.now() - last > QUIET) {
        last = performance.now();
        print(`  ${row} ${title}: ${percent}% ${message}`.trimEnd());
      }
    },
    end: (page) => {
      if (shown) bar.stop();
      print(`${page.error === null ? '✓' : '✗'} ${row} ${title} (${page.seconds.toFixed(1)} s)`);
    },
  };
}

/**
 * The table of all figures: study, figure, source's value, ours, whether it is reached, and the study's time.
 *
 * @param columns how wide the terminal is; long texts are broken to fit, in a log they are not
 */
export function figureTable(pages: readonly Page[], columns: number | undefined = process.stdout.columns): string {
  const fitted = columns === undefined ? null : widths(columns);
  const table = new Table({
    head: ['study', 'figure', 'source', 'ours', '', 'time'],
    colAligns: ['left', 'left', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
    ...(fitted && { colWidths: fitted, wordWrap: true }),
  });
  for (const page of pages) {
    const seconds = `${page.seconds.toFixed(1)} s`;
    const rows = figuresOf(page).map(({ name, source, ours, reached, digits }) => {
      const mark = reached === null ? '' : reached ? 'reached' : 'not reached';
      return [name, showValue(source, digits), showValue(ours, digits), mark];
    });
    if (page.error !== null) rows.push(['it ended with an error', '', '', 'error']);
    if (rows.length === 0) rows.push([page.study.title, '', '', '']);
    for (const [i, row] of rows.entries()) {
      const cells = [i === 0 ? page.study.row : '', ...row, i === 0 ? seconds : ''];
      table.push(fitted === null ? cells : cells.map((cell, k) => breakWords(cell, fitted[k]! - 2)));
    }
  }
  return table.toString();
}

/** The names of figures take what the other columns and the eight borders leave, and no less than 20. */
function widths(columns: number): number[] {
  const values = Math.min(24, Math.max(12, Math.floor((columns - 60) / 3)));
  const others = [7, values, values, 13, 9];
  const names = Math.max(20, columns - 8 - others.reduce((sum, width) => sum + width, 0));
  return [others[0]!, names, ...others.slice(1)];
}

/** Words that are longer than their column, which would be cut off, in pieces. */
function breakWords(text: string, width: number): string {
  return text.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'g'), '$& ');
}
