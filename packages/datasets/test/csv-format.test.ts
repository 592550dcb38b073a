import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatCsv, writeCsv } from '../src/index.ts';
import { tables } from './reference.ts';

describe("text as Python's csv module writes it", () => {
  const cases = tables.written.map((one) => ({
    ...one,
    columns: { i: Float64Array.from(one.strings.keys()), s: one.strings },
  }));

  test.each(cases)('formatCsv, separator $separator', ({ separator, text, columns }) => {
    expect(formatCsv(columns, { separator })).toBe(text);
  });

  test('writeCsv writes the same to a file', { tags: ['node'] }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maru-csv-'));
    try {
      for (const [i, { separator, text, columns }] of cases.entries()) {
        await writeCsv(join(folder, `${i}.csv`), columns, { separator });
        expect(await readFile(join(folder, `${i}.csv`), 'utf8')).toBe(text);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
