import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** The share of all cores that other programs take while this one waits for a second. */
export async function busyShare(): Promise<number> {
  const before = spent();
  await setTimeout(1000);
  const after = spent();
  return Math.round((100 * (after.busy - before.busy)) / Math.max(1, after.total - before.total)) / 100;
}

function spent(): { busy: number; total: number } {
  const all = cpus().map(({ times }) => times);
  const total = all.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { busy: total - all.reduce((sum, { idle }) => sum + idle, 0), total };
}
