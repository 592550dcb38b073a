import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { instrument, sampleOf } from '../mutation/instrument.js';
import { HITS, withSwitches } from '../mutation/plan.js';

const folder = mkdtempSync(join(tmpdir(), 'maru-mutation-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** @param {string} name @param {string} text */
async function mutantsOf(name, text) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const { texts, mutants } = await instrument(folder, [file]);
  return { text: texts[file] ?? '', mutants };
}

const source = 'export const least = (a: number, b: number): number =>\n  a < b ? a : b;\n';

describe('mutants', () => {
  it('name what they change and where', async () => {
    const { mutants } = await mutantsOf('least.ts', source);
    const listed = mutants.map(({ place, change }) => `${place} ${change}`);
    expect(listed).toContain('least.ts:2:3 EqualityOperator: a < b → a >= b');
    expect(new Set(mutants.map(({ key }) => key)).size).toBe(mutants.length);
  });

  it('are switched on one by one, and counted where they are reached', async () => {
    const { text, mutants } = await mutantsOf('min.ts', 'export const least = (a, b) => (a < b ? a : b);\n');
    const wanted = mutants.find(({ change }) => change === 'EqualityOperator: a < b → a >= b');
    const id = wanted?.id ?? '';
    /** @param {string} code @returns {(a: number, b: number) => number} */
    const evaluated = (code) => new Function(`${code.replace('export const least =', 'return')}`)();
    /** @type {any} */
    const globals = globalThis;
    const before = [globals.__stryker__, globals[HITS]];
    globals.__stryker__ = { activeMutant: id };
    globals[HITS] = new Float64Array(mutants.length);
    expect(evaluated(withSwitches(text, new Set([id]), false))(1, 2)).toBe(2);
    expect(evaluated(withSwitches(text, new Set(), false))(1, 2)).toBe(1);
    expect(globals[HITS][Number(id)]).toBe(0);
    expect(evaluated(withSwitches(text, new Set(), true))(1, 2)).toBe(1);
    expect(globals[HITS][Number(id)]).toBe(1);
    [globals.__stryker__, globals[HITS]] = before;
  });

  it('a sample repeats by its seed, and stays the same when other code is added', async () => {
    const { mutants } = await mutantsOf('least.ts', source);
    const { mutants: more } = await mutantsOf('least.ts', `export const two = 1 + 1;\n${source}`);
    const keys = (/** @type {typeof mutants} */ list) => list.map(({ key }) => key);
    expect(keys(sampleOf(mutants, 3, '1'))).toEqual(keys(sampleOf(mutants, 3, '1')));
    const orders = ['1', '2', '3', '4'].map((seed) => keys(sampleOf(mutants, mutants.length, seed)).join());
    expect(new Set(orders).size).toBeGreaterThan(1);
    const old = new Set(keys(mutants));
    const kept = keys(sampleOf(more, more.length, '1')).filter((key) => old.has(key));
    expect(kept).toEqual(keys(sampleOf(mutants, mutants.length, '1')));
  });
});
