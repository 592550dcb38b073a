import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { figuresOf, type Page, showValue } from './page.ts';

/** A line that grows as a study goes on, and ends with its time. Off a terminal only the end is printed. */
export function progressLine(title: string): { update(share: number, message: string): void; end(page: Page): void } {
  const bar = new SingleBar({
    format: `  {title} {bar} {percentage}% {message}`,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  const shown = process.stdout.isTTY === true;
  if (shown) bar.start(100, 0, { title, message: '' });
  return {
    update: (share, message) => {
      if (shown) bar.update(Math.round(share * 100), { message });
    },
    end: (page) => {
      if (shown) bar.stop();
      const state = page.error === null ? '✓' : '✗';
      console.log(`${state} ${title} (${page.seconds.toFixed(1)} s)`);
    },
  };
}

/** The table of all figures: study, figure, source's value, ours, and whether it is reached. */
export function figureTable(pages: readonly Page[]): string {
  const table = new Table({
    head: ['study', 'figure', 'source', 'ours', '', 'time'],
    colAligns: ['left', 'left', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const page of pages) {
    const figures = figuresOf(page);
    const seconds = `${page.seconds.toFixed(1)} s`;
    if (figures.length === 0)
      table.push([page.study.row, page.study.title, '', '', page.error === null ? '' : 'error', seconds]);
    for (const [i, { name, source, ours, reached }] of figures.entries()) {
      const mark = reached === null ? '' : reached ? 'reached' : 'not reached';
      table.push([
        i === 0 ? page.study.row : '',
        name,
        showValue(source),
        showValue(ours),
        mark,
        i === 0 ? seconds : '',
      ]);
    }
  }
  return table.toString();
}
