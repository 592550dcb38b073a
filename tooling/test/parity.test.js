import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { mentions } from '../parity/attribute.js';
import { pageText } from '../parity/page.js';
import { readRows } from '../parity/rows.js';
import { librariesOf, readJson, Sources } from '../parity/sources.js';
import { readCoverage } from '../parity.js';
import { expectClose } from '../testing/index.js';

const folder = mkdtempSync(join(tmpdir(), 'maru-parity-'));
afterAll(() => rmSync(folder, { recursive: true }));

const manifest = {
  name: '@maru-ml/small',
  version: '0.0.0',
  description: '',
  exports: { '.': { source: './src/index.ts' } },
};

const TEST = `import { readFileSync } from 'node:fs';
import * as small from '../src/index.ts';
import { check } from './help.ts';

const fixture = JSON.parse(readFileSync(new URL('fixtures/sums.json', import.meta.url), 'utf8'));
const calls = { one: (x) => small.first(x), two: (x) => small.second(x) };

describe('as NumPy', () => {
  for (const { x, sum } of fixture.cases) {
    it('a model', () => {
      const model = new small.Adder().fit(x);
      expectClose(model.total, sum);
      expect(model.count).toBe(fixture.count);
      expect(new small.Adder().fit(x).count).toBe(2);
    });
  }
  it.each(fixture.cases)('$name', ({ name, x, value }) => check(calls[name](x), value));
});

it('a total', () => expect(new small.Total(1).value).toBe(fixture.count));
it('by hand', () => expectClose(small.third([1]), 1));
it('all of the table', () => {
  for (const { name, x, value } of fixture.cases) expect(Object.entries(small)[name](x)).toBe(value);
});
`;

const FILES = {
  'src/index.ts':
    "export { Adder, AdderModel } from './adder.ts';\nexport { Sum, Total, totalOf } from './total.ts';\nexport { first, second, third, type Kind } from './functions.ts';\n",
  'src/adder.ts': `import { Sum } from './total.ts';
class FittedAdder { report(): Sum { return new Sum(); } }
export interface AdderModel extends FittedAdder {}
export const AdderModel = { fromJSON(): AdderModel { return new FittedAdder(); } };
export class Adder { fit(x: number[]): AdderModel { return new FittedAdder(); } }
`,
  'src/total.ts':
    'export class Sum {\n  /** @internal */\n  constructor() {}\n}\nexport class Total {\n  readonly value: number;\n  /** @internal */\n  constructor(value: number) { this.value = value; }\n}\nexport function totalOf(x: number[]): Total { return new Total(x.length); }\n',
  'src/functions.ts':
    'export type Kind = 1;\nexport const first = (x: number[]) => x[0];\nexport function second(x: number[]) { return x[1]; }\nexport function third(x: number[]) { return x[2]; }\n',
  'test/help.ts':
    'export function check(actual: unknown, expected: unknown) {\n  expectClose(actual, expected, { rtol: 1e-6 });\n}\n',
  'test/sums.test.ts': TEST,
  'test/fixtures/sums.json':
    '{"versions":{"numpy":"1.24.2","python":"3.11.2"},"count":2,"cases":[{"name":"second"},{"name":"second"},{"name":"other"}]}',
};

/** The place of a text in a file, as stack traces tell it. @param {keyof typeof FILES} file @param {string} text */
function place(file, text) {
  const lines = FILES[file].split('\n');
  const line = lines.findIndex((one) => one.includes(text));
  return [file, line + 1, (lines[line] ?? '').indexOf(text) + 1];
}

const numbers = { calls: 2, values: 6, rtol: 1e-9, atol: 0, relative: 2e-13, absolute: -1, failed: 0 };
const RECORDINGS = [
  {
    ...numbers,
    test: 'as NumPy > a model',
    name: 'expectClose',
    frames: [place('test/sums.test.ts', 'expectClose(model')],
  },
  {
    ...numbers,
    rtol: 1e-6,
    atol: 1e-8,
    relative: -1,
    absolute: 3e-9,
    test: 'as NumPy > one',
    name: 'expectClose',
    frames: [place('test/help.ts', 'expectClose('), place('test/sums.test.ts', 'check(calls')],
  },
  { ...numbers, test: 'by hand', name: 'expectClose', frames: [place('test/sums.test.ts', 'expectClose(small.third')] },
];

test('a long name may be spelled otherwise in a title, but is no part of another', () => {
  expect(mentions('PyTorch: cross-entropy > labels', 'crossEntropy')).toBe(true);
  expect(mentions('adaptiveAvgPool2d 3', 'avgPool2d')).toBe(false);
  expect(mentions('Max of rows', 'max')).toBe(false);
  expect(mentions('max of rows', 'max')).toBe(true);
});

describe('what the tests hold', () => {
  for (const [file, text] of Object.entries({
    ...FILES,
    '.test/parity/test-sums.test.ts.json': JSON.stringify(RECORDINGS),
  })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const list = [{ folder, short: 'small', manifest }];
  const rows = readRows(new Sources(list), { numpy: 'NumPy' }, list);
  const row = (/** @type {string} */ name) => rows.find((one) => one.name === name);

  test('has a row for each class and function, models with their estimators and results with what gives them', () => {
    expect(rows.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'Adder class',
      'totalOf function',
      'first function',
      'second function',
      'third function',
    ]);
  });

  test('a comparison counts for what made its numbers', () => {
    expect(row('Adder')).toMatchObject({ libraries: ['NumPy 1.24.2'], calls: 2, values: 6, others: 1 });
    expect(row('Adder')?.tests).toHaveLength(1);
    expect([...(row('Adder')?.bounds ?? [])]).toEqual([[1e-9, { atol: 0, relative: 2e-13, absolute: -1 }]]);
  });

  test("one in a helper counts for what the test's title looks up in its table", () => {
    expect(row('first')).toMatchObject({ calls: 2, others: 0 });
    expect([...(row('first')?.bounds ?? [])]).toEqual([[1e-6, { atol: 1e-8, relative: -1, absolute: 3e-9 }]]);
  });

  test('what is looked up by names in the fixture counts for these', () => {
    expect(row('second')).toMatchObject({ calls: 0, others: 2 });
  });

  test('numbers worked by hand count for nothing', () => {
    expect(row('third')).toMatchObject({ calls: 0, others: 0, libraries: [] });
    expect(row('third')?.tests).toHaveLength(1);
  });

  test('a result counts for what gives it', () => {
    expect(row('totalOf')).toMatchObject({ calls: 0, others: 1 });
  });

  test('the page says all of it', () => {
    const page = pageText(rows, [{ library: 'Sums', version: '1', what: 'names', names: [{ name: 'Adder', ours: row('Adder') }, { name: 'Mean', ours: undefined }] }], '9 tests passed'); // biome-ignore format: one line
    expect(page).toContain(
      '- 4 of 5 public classes and functions are held against numbers of another library, in 4 recorded',
    );
    expect(page).toContain('- Sums 1: 1 of 2 names are here, 1 of them held against a reference.');
    expect(page).toContain('| NumPy 1.24.2 | 2 + 1 | 6 | 1e-9 | 2e-13 | [sums](');
    expect(page).toContain('| NumPy 1.24.2 | 2 | 6 | 1e-6, ± 1e-8 | ± 3e-9 | [sums](');
    expect(page).toContain('| NumPy 1.24.2 | + 2 | — | — | — | [sums](');
    expect(page).toMatch(/Not held against a fixture: \[`third`\]\(.*functions\.ts\)\./);
    expect(page).toContain('| Mean | — | | |');
  });
});

test('a fixture names NumPy only where it is the reference', () => {
  const names = { numpy: 'NumPy', sklearn: 'scikit-learn' };
  expect(librariesOf({ made: { sklearn: '1.2.1', numpy: '1.24.2', seed: 1 } }, names)).toEqual(['scikit-learn 1.2.1']); // biome-ignore format: one line
  expect(librariesOf({ numpy: '1.24.2', python: '3.11.2' }, names)).toEqual(['NumPy 1.24.2']);
  expect(librariesOf({ source: 'NIST' }, names)).toEqual(['NIST']);
});

test('every alias is of a name that the library has, and names differ in more than case', () => {
  const lists = readJson('tooling/parity/names.json');
  for (const [library, names] of Object.entries(readJson('tooling/parity/aliases.json').names)) {
    const known = lists.find((/** @type {any} */ list) => list.library === library)?.names;
    for (const [name, ours] of Object.entries(names)) {
      expect(known).toContain(name);
      expect(name.toLowerCase()).not.toBe(/** @type {string} */ (ours).toLowerCase());
    }
  }
});

test('a distribution is no model of its name, a loss is one of its module', () => {
  const row = /** @type {any} */ ({ package: 'stats', name: 'poisson', kind: 'function' });
  const loss = /** @type {any} */ ({ package: 'nn', name: 'mseLoss', kind: 'function' });
  const found = readCoverage([row, loss]).flatMap(({ names }) => names.filter(({ ours }) => ours !== undefined));
  expect(found).toEqual([{ name: 'MSELoss', ours: loss }]);
});

test('expectClose tells who asks what it compared', () => {
  /** @type {unknown[]} */
  const told = [];
  const before = /** @type {any} */ (globalThis).maruCompared;
  /** @type {any} */ (globalThis).maruCompared = (/** @type {unknown} */ comparison) => told.push(comparison);
  try {
    expectClose([1.5, 0.25, 'a'], [1, 0, 'a'], { rtol: 0.5, atol: 0.25, name: 'x' });
    expect(() => expectClose([1], [1, 2])).toThrow('got 1 values');
    expect(() => expectClose(2, 1)).toThrow('relative error');
  } finally {
    /** @type {any} */ (globalThis).maruCompared = before;
  }
  expect(told).toMatchObject([
    { name: 'x', rtol: 0.5, atol: 0.25, failed: false, values: 3, relative: 0.5, absolute: 0.25, scale: 1 },
    { failed: true, values: 0, relative: -1, absolute: -1 },
    { failed: true, values: 1, relative: 1, absolute: -1 },
  ]);
});
