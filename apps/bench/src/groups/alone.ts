/** One contender of a row in a process of its own: `node alone.js ROW NAME` does its work once and prints the memory that it took, in bytes. */
import { existsSync, writeFileSync } from 'node:fs';
import { rows } from '../rows.ts';

const [id, name] = process.argv.slice(2);
const contender = rows.find((row) => row.id === id)!.contenders.find((one) => one.name === name)!;
const ready = await contender.setUp();
globalThis.gc?.();
// Linux forgets the peak of making the input.
if (existsSync('/proc/self/clear_refs')) writeFileSync('/proc/self/clear_refs', '5');
const before = process.memoryUsage().rss;
await ready.run();
process.stdout.write(`${JSON.stringify({ before, peak: process.resourceUsage().maxRSS * 1024 })}\n`);
process.exit();
