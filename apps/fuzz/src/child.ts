import { openSync, writeSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { runCases } from './cases.ts';
import type { Task } from './isolated.ts';
import { allReaders } from './readers.ts';

// Runs parts of the cases for `IsolatedRunner`, which started this process. Which case is running stands in a file, since it
// has to be known after a crash.
const readers = await allReaders();
const running = openSync(process.argv[2]!, 'r+');
const place = new Int32Array(1);

process.on('message', async ({ reader: name, seed, from, to }: Task) => {
  const tally = await runCases(readers.find((reader) => reader.name === name)!, {
    seed,
    from,
    to,
    onCase(i) {
      place[0] = i;
      writeSync(running, place, 0, 4, 0);
    },
    memory: () => getHeapStatistics().external_memory,
  });
  process.send!(tally);
});
process.send!('ready');
