/** How numbers read in tables. */
import { type ContenderFigures, type Figures, isMet, type RowFigures } from '../figures.ts';

/** Two digits, without a zero before the point: .053, 1.0, 38. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (value >= 99.5) return String(Math.round(value));
  const text = value.toPrecision(2);
  return (text.includes('e') ? value.toFixed(9).replace(/0+$/, '') : text).replace(/^0\./, '.');
}

export function time(ms: number): string {
  if (ms >= 1000) return `${number(ms / 1000)} s`;
  return ms >= 0.01 ? `${number(ms)} ms` : `${number(ms * 1000)} µs`;
}

/** The ratios to a rival, such as '.71', or '.71 and .75' where ours works in two ways. */
export function ratio({ ratios = [] }: ContenderFigures): string {
  return ratios.map(number).join(' and ');
}

/** The rivals of a side in a row, the one that comes nearest first. */
export function rivals(row: RowFigures, side: ContenderFigures['side']): ContenderFigures[] {
  return row.contenders
    .filter((one) => one.side === side && one.ratios !== undefined)
    .sort((a, b) => Math.max(...b.ratios!) - Math.max(...a.ratios!));
}

/** '.81 of jax-js', with its bar where there is one. */
export function against(rival: ContenderFigures, withBar: boolean): string {
  const met = isMet(rival);
  const bar = !withBar || met === null ? '' : ` (bar ${number(rival.bar!)}: ${met ? 'met' : '**missed**'})`;
  const wrong = rival.right === false ? ', whose answer is wrong' : '';
  return `${ratio(rival)} of ${rival.name.replace(' as shipped', '')}${wrong}${bar}`;
}

/** The fastest of ours. */
export function ours(row: RowFigures): ContenderFigures | undefined {
  return row.contenders.filter(({ side }) => side === 'ours').sort((a, b) => a.ms - b.ms)[0];
}

export function machine({ machine: m, node }: Figures): string {
  return `${m.processor}, ${m.cores} cores, ${m.memory} GB, ${m.system}, Node ${node.replace(/^v/, '')}`;
}

/** What to think of times that were taken beside other work; empty where there was none to speak of. */
export function disturbance({ busy }: Figures): string[] {
  return busy <= 0.1
    ? []
    : [
        `**Other programs had ${Math.round(100 * busy)}% of the cores when these times were taken, so they tell little.**`,
      ];
}

export function table(head: readonly string[], align: string, rows: readonly (readonly string[])[]): string {
  const rule = [...align].map((side) => (side === 'r' ? '---:' : '---'));
  return [head, rule, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
