import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCases } from '../src/cases.ts';
import { type Case, judge } from '../src/reader.ts';
import { makers } from '../src/readers/makers.ts';
import { classes, notHandedOver, nulled, packages, saveAll } from '../src/readers/models.ts';
import { allReaders } from '../src/readers.ts';

const CASES = 2000;

describe(`${CASES} damaged files: each is refused with a DataError, or gives something whole`, async () => {
  for (const reader of await allReaders()) {
    it(reader.name, async () => {
      const cases = Math.ceil(CASES / (reader.every ?? 1));
      const { refused, accepted, problems } = await runCases(reader, { seed: 20260101, from: 0, to: cases });
      expect(problems).toEqual([]);
      // Without both, the damage would be none, or one that any reader finds.
      if (reader.name !== 'resume') expect(refused).toBeGreaterThan(cases / 20);
      if (reader.name !== 'gz') expect(accepted).toBeGreaterThan(cases / 50);
    });
  }
});

it('a model that has null in any one place is refused, or whole', async () => {
  const reader = { name: 'models', mayThrow: notHandedOver, draw: () => one };
  const problems: string[] = [];
  let count = 0;
  let one: Case;
  for (one of nulled(await saveAll())) {
    const outcome = await judge(reader, one);
    if (outcome.kind === 'problem') problems.push(`${JSON.stringify(one.given)}: ${outcome.message}`);
    count++;
  }
  expect(problems).toEqual([]);
  expect(count).toBeGreaterThan(2000);
});

describe('no reader is forgotten', () => {
  it('all packages are looked through for classes that can be loaded', () => {
    const folder = new URL('../../../packages/', import.meta.url);
    const named = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    // These hold functions of numbers, and pictures.
    const without = ['kernels', 'plot', 'special'];
    const wanted = named.map(({ name }) => name).filter((name) => !without.includes(name));
    expect(Object.keys(packages).sort()).toEqual(wanted.sort());
  });

  it('every class that can be loaded has models that are damaged', () => {
    expect(Object.keys(makers).sort()).toEqual(Object.keys(classes).sort());
  });
});
