import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { figuresOf, type Page, showValue } from './page.ts';

/** How often a long study is heard of where there is no terminal to draw a bar on, in milliseconds. */
const QUIET = 10_000;

/** A bar that grows as a study goes on, and a line with its time at the end. In a log a line every ten seconds stands for the bar. */
export function progressLine(
  title: string,
  print: (line: string) => void,
): { update(share: number, message: string): void; end(page: Page): void } {
  const shown = process.stdout.isTTY === true;
  const bar = new SingleBar({
    format: '  {title} {bar} {percentage}% {message}',
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  if (shown) bar.start(100, 0, { title, message: '' });
  let last = performance.now();
  return {
    update: (share, message) => {
      const percent = Math.round(100 * Math.min(1, Math.max(0, share)));
      if (shown) bar.update(percent, { message });
      else if (performance.now() - last > QUIET) {
        last = performance.now();
        print(`  ${title}: ${percent}% ${message}`.trimEnd());
      }
    },
    end: (page) => {
      if (shown) bar.stop();
      print(`${page.error === null ? '✓' : '✗'} ${title} (${page.seconds.toFixed(1)} s)`);
    },
  };
}

/** The table of all figures: study, figure, source's value, ours, whether it is reached, and the study's time. */
export function figureTable(pages: readonly Page[]): string {
  const table = new Table({
    head: ['study', 'figure', 'source', 'ours', '', 'time'],
    colAligns: ['left', 'left', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const page of pages) {
    const seconds = `${page.seconds.toFixed(1)} s`;
    const rows = figuresOf(page).map(({ name, source, ours, reached, digits }) => {
      const mark = reached === null ? '' : reached ? 'reached' : 'not reached';
      return [name, showValue(source, digits), showValue(ours, digits), mark];
    });
    if (page.error !== null) rows.push(['it ended with an error', '', '', 'error']);
    if (rows.length === 0) rows.push([page.study.title, '', '', '']);
    for (const [i, row] of rows.entries()) table.push([i === 0 ? page.study.row : '', ...row, i === 0 ? seconds : '']);
  }
  return table.toString();
}
