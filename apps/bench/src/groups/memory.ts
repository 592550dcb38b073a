import { fileURLToPath } from 'node:url';
import { type Group, type Single, short } from '../figures.ts';
import { sentence } from '../measure.ts';
import { ONE_THREAD, pythonCommand } from '../python.ts';
import { type Row, sideOf } from '../row.ts';
import { outputOf } from './fresh.ts';

const alone = fileURLToPath(new URL('./alone.js', import.meta.url));

/** The most memory that the heavy rows took, each in a process of its own, and how much of it came after the input was made. */
export async function memoryPeaks(rows: readonly Row[]): Promise<Group> {
  const entries: Single[] = [];
  const absent: Record<string, string> = {};
  for (const row of rows.filter(({ memory }) => memory !== undefined)) {
    const python = row.contenders.find(({ side }) => side === 'python');
    const parties = row.contenders.filter((one) => sideOf(one) === 'ours' || (one === python && row.memory === 'both'));
    for (const { name, side } of parties) {
      const label = `${row.title}: ${name}`;
      try {
        const { before, peak } = await outputOf<{ before: number; peak: number }>(
          side === 'python'
            ? { command: pythonCommand('memory', row.id), env: ONE_THREAD }
            : { command: [process.execPath, ['--expose-gc', alone, row.id, name]] },
        );
        const note = `${Math.round((peak - before) / 1e6)} MB more than with the input alone`;
        entries.push({ name: label, side: side ?? 'ours', value: short(peak / 1e6), note });
      } catch (error) {
        absent[label] = sentence(error);
      }
    }
  }
  return { id: 'memory', title: 'The most memory of a process', unit: 'MB', bound: null, entries, absent };
}
