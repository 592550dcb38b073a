import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import type { Columns } from '@maru-ml/tensor';
import { expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type ColumnKind, type CsvOptions, csvMissing, formatCsv, parseCsv, readCsv, writeCsv } from '../src/index.ts';
import { fromBase64, reference, sha256 } from './reference.ts';

/** A folder of the tests, made when one needs it. */
let made: Promise<string> | undefined;
function newFolder(): Promise<string> {
  made ??= mkdtemp(join(tmpdir(), 'maru-csv-'));
  return made;
}
afterAll(async () => {
  if (made !== undefined) await rm(await made, { recursive: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('worked by hand', () => {
  test('kinds are decided over all rows', () => {
    const text = 'n,late,yes,s\n1,1,true,a\n-2.5e1,2,FALSE,\n,x,True,c\n';
    expect(parseCsv(text)).toEqual({
      n: Float64Array.of(1, -25, Number.NaN),
      late: ['1', '2', 'x'],
      yes: [true, false, true],
      s: ['a', null, 'c'],
    });
  });

  test('quoted fields hold separators, line ends and doubled quotes', () => {
    expect(parseCsv('a,b\r\n"x, ""y""","1\r\n2"\r\n"",z\r\n')).toEqual({ a: ['x, "y"', ''], b: ['1\r\n2', 'z'] });
    expect(parseCsv('a,b\n1,"x"')).toEqual({ a: Float64Array.of(1), b: ['x'] });
  });

  test('a quote inside an unquoted field is an ordinary character', () => {
    expect(parseCsv('size,n\n5",1\n3.5",2')).toEqual({ size: ['5"', '3.5"'], n: Float64Array.of(1, 2) });
  });

  test('with quote: null all quotes are ordinary characters', () => {
    const text = 'id\tdocument\n1\t"So\n2\tgood"\n3\t""\n';
    expect(parseCsv(text, { separator: '\t', quote: null })).toEqual({
      id: Float64Array.of(1, 2, 3),
      document: ['"So', 'good"', '""'],
    });
  });

  test('a quoted field is missing in columns of numbers, and what it says in columns of strings', () => {
    expect(parseCsv('n,s\n"1","NA"\n"",NA\n"",x\n')).toEqual({
      n: Float64Array.of(1, Number.NaN, Number.NaN),
      s: ['NA', null, 'x'],
    });
  });

  test('line ends are \\n, \\r\\n or \\r; blank lines are no rows', () => {
    expect(parseCsv('a\r1\r\n\n2\n\r\n3')).toEqual({ a: Float64Array.of(1, 2, 3) });
  });

  test('header: names, none, or given', () => {
    expect(Object.keys(parseCsv('a,,c\n1,2,3'))).toEqual(['a', 'x1', 'c']);
    expect(parseCsv('1,2\n3,4', { header: false })).toEqual({ x0: Float64Array.of(1, 3), x1: Float64Array.of(2, 4) });
    expect(parseCsv('1,2\n3,4', { header: ['p', 'q'] })).toEqual({
      p: Float64Array.of(1, 3),
      q: Float64Array.of(2, 4),
    });
    expect(parseCsv('a,b\n')).toEqual({ a: new Float64Array(0), b: new Float64Array(0) });
    expect(parseCsv('', { header: ['a'] })).toEqual({ a: new Float64Array(0) });
  });

  test('comments go by line, even with a stray quote in them (the zoo file)', () => {
    const text = '# source,,\n#   2. hair     Boolean",,\n1,0,1\n0,1,0\n';
    expect(parseCsv(text, { comment: '#', header: false })).toEqual({
      x0: Float64Array.of(1, 0),
      x1: Float64Array.of(0, 1),
      x2: Float64Array.of(1, 0),
    });
  });

  test('skipRows, limit and trim', () => {
    const text = 'made by hand\n\na , b\n 1, "x" \n2,  y z\n3,w\n';
    expect(parseCsv(text, { skipRows: 1, limit: 2, trim: true })).toEqual({
      a: Float64Array.of(1, 2),
      b: ['x', 'y z'],
    });
  });

  test('decimal commas', () => {
    expect(parseCsv('a;b\n1,5;1.5\n-,25;2', { separator: ';', decimal: ',' })).toEqual({
      a: Float64Array.of(1.5, -0.25),
      b: ['1.5', '2'],
    });
  });

  test('what is a number, and what is not', () => {
    const kindOf = (field: string): string => {
      const column = parseCsv(`a\n${field}\n`).a!;
      return column instanceof Float64Array ? String(column[0]) : typeof column[0];
    };
    const numbers = ['1', '-1', '+1', '.5', '5.', '1e3', '-1E-3', ' 7 ', 'inf', '-Infinity', '007', '0'];
    expect(numbers.map(kindOf)).toEqual([
      '1',
      '-1',
      '1',
      '0.5',
      '5',
      '1000',
      '-0.001',
      '7',
      'Infinity',
      '-Infinity',
      '7',
      '0',
    ]);
    for (const field of ['0x10', '0b1', '0o7', '1,5', '1 000', '1_000', '-', 'e5', '1e', '--1', '12a', '1.2.3']) {
      expect(kindOf(`"${field}"`), field).toBe('string');
    }
  });

  test('long whole numbers that a double would round stay strings, as they are names', () => {
    expect(parseCsv('id\n12345678901234567890\n1')).toEqual({ id: ['12345678901234567890', '1'] });
    expect(parseCsv('id\n9007199254740991\n100000000000000000000')).toEqual({ id: Float64Array.of(2 ** 53 - 1, 1e20) });
    expect(parseCsv('id\n12345678901234567890', { kinds: { id: 'number' } })).toEqual({
      id: Float64Array.of(1.2345678901234567e19),
    });
  });

  test('missing markers of one’s own, numbers among them', () => {
    expect(parseCsv('a,b\n-999,?\n1,-999\n', { missing: ['-999', '?'] })).toEqual({
      a: Float64Array.of(Number.NaN, 1),
      b: Float64Array.of(Number.NaN, Number.NaN),
    });
    expect(parseCsv('a\nNaN\nx\n', { missing: [] })).toEqual({ a: ['NaN', 'x'] });
    expect(parseCsv('a\nNULL\n-\n2\n', { missing: [...csvMissing, '-'] })).toEqual({
      a: Float64Array.of(Number.NaN, Number.NaN, 2),
    });
  });

  test('kinds that are asked for', () => {
    expect(parseCsv('zip,yes\n01234,true\nNA,false', { kinds: { zip: 'string', yes: 'string' } })).toEqual({
      zip: ['01234', null],
      yes: ['true', 'false'],
    });
  });

  test('short rows may be filled up', () => {
    expect(parseCsv('a,b,c\n1,2\n3,4,x\n', { ragged: 'fill' })).toEqual({
      a: Float64Array.of(1, 3),
      b: Float64Array.of(2, 4),
      c: [null, 'x'],
    });
  });

  test('a column may be called __proto__', () => {
    const columns = parseCsv('__proto__,constructor\n1,2\n');
    expect(Object.keys(columns)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(columns)).toBe(Object.prototype);
    expect(parseCsv('constructor\n12345678901234567891')).toEqual({ constructor: ['12345678901234567891'] });
  });

  test('a byte order mark belongs to no name, unless the name is written with one', () => {
    expect(Object.keys(parseCsv('\ufeffa,b\n1,2'))).toEqual(['a', 'b']);
    const odd = { '\ufeffa': ['\ufeffx'] };
    expect(parseCsv(formatCsv(odd))).toEqual(odd);
  });

  test('formatCsv quotes what needs it and nothing else', () => {
    const columns = { s: ['a', 'b,c', 'say "x"', '', 'NA', null], n: Float64Array.of(1, -0, Number.NaN, 1e21, 0.1, 2) };
    expect(formatCsv(columns)).toBe('s,n\na,1\n"b,c",-0\n"say ""x""",\n"",1e+21\n"NA",0.1\n,2\n');
    expect(formatCsv({ b: [true, false], x: Float64Array.of(1.5, 2) }, { separator: ';', decimal: ',' })).toBe(
      'b;x\ntrue;1,5\nfalse;2\n',
    );
    expect(formatCsv({ only: Float64Array.of(Number.NaN) })).toBe('only\nNA\n');
  });

  test('writeCsv writes a whole file, and readCsv reads it', { tags: ['node'] }, async () => {
    const folder = await newFolder();
    const path = join(folder, 'table.csv');
    await writeFile(path, 'old');
    await writeCsv(path, { a: ['한', null], b: [true, false] });
    expect(await readCsv(path)).toEqual({ a: ['한', null], b: [true, false] });
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('reference: Python', () => {
  test.each(reference.csv)('awkward fields as its csv module reads them ($separator)', ({ separator, text, rows }) => {
    const columns = parseCsv(text, { separator, header: ['a', 'b', 'c'] });
    expect(rows.map((_, i) => ['a', 'b', 'c'].map((name) => columns[name]![i]))).toEqual(rows);
  });

  test.each(Object.entries(reference.encodings))('%s', async (name, { text, base64 }) => {
    const separator = name === 'cp1252' ? ';' : ',';
    const wanted = parseCsv(text, { separator });
    expect(await readCsv(fromBase64(base64), { encoding: name, separator })).toEqual(wanted);
    const marked = name === 'utf-8' || name === 'utf-16';
    if (marked) expect(await readCsv(fromBase64(base64))).toEqual(wanted);
  });

  test('every pair of bytes of code page 949 as Python decodes it', async () => {
    const { runs, count, sha256: wanted } = reference.korean;
    const lines = runs.flatMap(([first, length]) =>
      Array.from({ length }, (_, i) => [(first + i) >> 8, (first + i) & 255, 10]).flat(),
    );
    const { x0 } = await readCsv(Uint8Array.from(lines), { encoding: 'euc-kr', header: false });
    expect(x0).toHaveLength(count);
    expect(await sha256(new TextEncoder().encode((x0 as string[]).join('\n')))).toBe(wanted);
  });

  test('names of encodings: latin1 is cp1252 as on the web, cp949 is euc-kr', async () => {
    const { cp1252, 'euc-kr': korean } = reference.encodings;
    const latin = await readCsv(fromBase64(cp1252!.base64), { encoding: 'latin1', separator: ';' });
    expect(latin).toEqual({ name: ['café – “x”'], note: ['€5'] });
    expect((await readCsv(fromBase64(korean!.base64), { encoding: 'CP949' })).이름).toEqual(['마루', '똠방']);
  });
});

describe('laws', () => {
  const word = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[",;\t\n\r #NAx]*$/));
  const number = fc.oneof(fc.double(), fc.integer(), fc.constant(-0));
  const table = fc.integer({ min: 0, max: 8 }).chain((rows) => {
    const of = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { minLength: rows, maxLength: rows });
    const column = fc.oneof(
      of(number).map((v) => Float64Array.from(v)),
      of(fc.boolean()),
      of(fc.option(word, { nil: null })),
    );
    const name = word.filter((text) => text !== '' && text !== '__proto__');
    return fc.dictionary(name, column as fc.Arbitrary<Columns[string]>, { minKeys: 1, maxKeys: 4 });
  });

  test('parse(format(table)) is the table', () => {
    const kindOf = (column: Columns[string]): ColumnKind =>
      column instanceof Float64Array ? 'number' : typeof column[0] === 'boolean' ? 'boolean' : 'string';
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('"', "'"),
        (columns, separator, quote) => {
          const kinds = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, kindOf(column)]));
          const decimal = separator === ';' ? ',' : '.';
          const text = formatCsv(columns, { separator, quote, decimal });
          expect(parseCsv(text, { separator, quote, decimal, kinds })).toEqual(
            Object.fromEntries(Object.entries(columns)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('numbers keep their last bit, and need no kinds', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), (values) => {
        const column = parseCsv(formatCsv({ a: Float64Array.from(values) })).a as Float64Array;
        expect(Array.from(column).every((value, i) => Object.is(value, values[i]))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('bad input is refused by name and place', () => {
  const refusals: [string, string, CsvOptions, string][] = [
    ['nothing', '', {}, 'parseCsv: the text holds no rows'],
    ['a long row', 'a,b\n1,2\n1,2,3\n', {}, 'parseCsv: line 3 has 3 fields, but the header has 2'],
    [
      'a short row',
      'a,b\n"1\n",2\n1\n',
      {},
      "parseCsv: line 4 has 1 field, but the header has 2; pass ragged: 'fill' if short rows are meant",
    ],
    [
      'rows without a header',
      '1,2\n1,2,3\n',
      { header: false },
      'parseCsv: line 2 has 3 fields, but the first row has 2',
    ],
    ['given names', '1,2,3\n', { header: ['a', 'b'] }, 'parseCsv: line 1 has 3 fields, but there are names for 2'],
    ['a long row after \\r\\n', 'a\r\n1\r\n2,3\r\n', {}, 'parseCsv: line 3 has 2 fields, but the header has 1'],
    [
      'an open quote',
      'a,b\n1,2\n3,"x\ny\n',
      {},
      'parseCsv: the quoted field that opens on line 3 is never closed; if quotes are ordinary characters here, pass quote: null',
    ],
    [
      'text after a quote',
      'a,b\n"x"y,2\n',
      {},
      'parseCsv: on line 2 the closing quote is followed by "y", wanted "," or the line\'s end; if quotes are ordinary characters here, pass quote: null',
    ],
    [
      'a name twice',
      'a,b,a\n1,2,3\n',
      {},
      "parseCsv: two columns have the name 'a'; give names with header: [...] and leave the first row out with skipRows: 1",
    ],
    [
      'no number',
      'a,b\n1,x\nNA,x\n3M,x\n',
      { kinds: { a: 'number' } },
      'parseCsv: column "a" on line 4 must be a number, got "3M"',
    ],
    [
      'a missing boolean',
      'a\ntrue\nNA\n',
      { kinds: { a: 'boolean' } },
      'parseCsv: column "a" on line 3 must be true or false, got "NA"',
    ],
  ];
  test.each(refusals)('%s', (_, text, options, message) => {
    expectError(() => parseCsv(text, options), DataError, message);
  });

  const options: [object, string][] = [
    [
      { seperator: ';' },
      'parseCsv: there is no option seperator, only separator, quote, header, comment, skipRows, limit, missing, decimal, trim, ragged and kinds',
    ],
    [{ separator: '||' }, "parseCsv: separator must be one character, got '||'"],
    [{ quote: '' }, "parseCsv: quote must be one character or null, got ''"],
    [{ separator: '"' }, `parseCsv: separator and quote must differ, got '"' for both`],
    [{ decimal: ',' }, "parseCsv: separator and decimal must differ, got ',' for both"],
    [{ decimal: ':' }, "parseCsv: decimal must be '.' or ',', got ':'"],
    [{ comment: '' }, "parseCsv: comment must be a string that is not empty, or null, got ''"],
    [{ header: 'a' }, "parseCsv: header must be true, false or the names of the columns, got 'a'"],
    [{ missing: 'NA' }, "parseCsv: missing must be an array of strings, got 'NA'"],
    [{ limit: 0 }, 'parseCsv: limit must be an integer ≥ 1, got 0'],
    [{ skipRows: -1 }, 'parseCsv: skipRows must be an integer ≥ 0, got -1'],
    [{ ragged: 'drop' }, "parseCsv: ragged must be 'error' or 'fill', got 'drop'"],
    [{ kinds: { a: 'int' } }, "parseCsv: kinds['a'] must be 'number', 'boolean' or 'string', got 'int'"],
    [{ kinds: { b: 'number' } }, "parseCsv: kinds names the column 'b', but the columns are ['a']"],
  ];
  test.each(options)('%j', (given, message) => {
    expectError(() => parseCsv('a\n1\n', given), OptionError, message);
  });

  test('a path given to parseCsv instead of a text', () => {
    const wrong = bytes('a\n1') as unknown as string;
    expectError(
      () => parseCsv(wrong),
      OptionError,
      'parseCsv: text must be a string, got a Uint8Array; for files see readCsv',
    );
  });

  test('bytes that are no text of the encoding, by their offset', { tags: ['node'] }, async () => {
    const folder = await newFolder();
    const file = join(folder, 'play.csv');
    await writeFile(file, Uint8Array.of(97, 10, 0xe9, 0x9f, 98, 10));
    await expectError(
      () => readCsv(file),
      DataError,
      `readCsv: ${file} has the byte 0xe9 at offset 2, which is not utf-8; pass its encoding, such as 'cp1252' or 'euc-kr'`,
    );
    await expectError(
      () => readCsv(Uint8Array.of(97, 10, 0x96), { encoding: 'utf-8' }),
      DataError,
      'readCsv: the file has the byte 0x96 at offset 2, which is not utf-8',
    );
    await expectError(
      () => readCsv(Uint8Array.of(97, 10, 0xed, 0x95)),
      DataError,
      'readCsv: the file ends at byte 4 within a character of utf-8',
    );
    await expectError(
      () => readCsv(Uint8Array.of(97, 0, 10), { encoding: 'utf-16le' }),
      DataError,
      'readCsv: the file ends at byte 3 within a character of utf-16le',
    );
  });

  test('bytes that are no Korean text', async () => {
    const wrong: [number[], string][] = [
      [[97, 0xb0, 0x0a, 97], 'the file has the byte 0xb0 at offset 1, which is not euc-kr'],
      [[97, 0x80, 97], 'the file has the byte 0x80 at offset 1, which is not euc-kr'],
      [[97, 0xc9, 0xa1], 'the file has the byte 0xc9 at offset 1, which is not euc-kr'],
      [[97, 10, 0xb0], 'the file ends at byte 3 within a character of euc-kr'],
    ];
    for (const [data, message] of wrong) {
      await expectError(() => readCsv(Uint8Array.from(data), { encoding: 'cp949' }), DataError, `readCsv: ${message}`);
    }
  });

  test('an unknown encoding, and UTF-16 without a mark', async () => {
    await expectError(
      () => readCsv(bytes('a'), { encoding: 'klingon' }),
      OptionError,
      "readCsv: encoding 'klingon' is not known here; 'utf-8', 'utf-16le', 'cp1252', 'euc-kr' and the like are",
    );
    await expectError(
      () => readCsv(Uint8Array.of(97, 0, 10, 0)),
      DataError,
      "readCsv: the file has a zero character at place 1, so it is no text, or in another encoding such as 'utf-16le'",
    );
  });

  test('readCsv names the file in errors of its rows', { tags: ['node'] }, async () => {
    const folder = await newFolder();
    const file = join(folder, 'short.csv');
    await writeFile(file, 'a,b\n1\n');
    await expectError(
      () => readCsv(file),
      DataError,
      `readCsv: ${file}: line 2 has 1 field, but the header has 2; pass ragged: 'fill' if short rows are meant`,
    );
  });

  test('formatCsv: columns that do not fit, and strings that cannot be written without quotes', () => {
    expectError(
      () => formatCsv({ a: ['x'], b: ['y', 'z'] }),
      ShapeError,
      "formatCsv: column 'b' has 2 rows, but 'a' has 1",
    );
    expectError(() => formatCsv({}), DataError, 'formatCsv: there are no columns');
    for (const [wrong, came] of [
      [[[1, 2]], '[[…]]'],
      [[{ a: 1 }], '[an object]'],
      [null, 'null'],
      [{ a: [1], b: 2 }, 'b: 2'],
    ]) {
      expectError(
        () => formatCsv(wrong as never),
        OptionError,
        `formatCsv: columns must be an object of columns by name, such as { x: [1, 2] }, got ${came}`,
      );
    }
    expectError(
      () => formatCsv({ a: ['x,y'] }, { quote: null }),
      DataError,
      "formatCsv: 'x,y' needs quotes, but quote is null",
    );
  });

  test('a write that fails leaves the old file whole and nothing beside it', { tags: ['node'] }, async () => {
    const folder = await newFolder();
    const file = join(folder, 'kept.csv');
    await writeFile(file, 'old');
    await expectError(
      () => writeCsv(join(file, 'inside.csv'), { a: ['x'] }),
      DataError,
      `writeCsv: ${join(file, 'inside.csv')} cannot be written (ENOTDIR)`,
    );
    await expectError(
      () => writeCsv(folder, { a: ['x'] }),
      DataError,
      `writeCsv: ${folder} cannot be written (EISDIR)`,
    );
    await expectError(
      () => writeCsv(file, { a: ['x,y'] }, { quote: null }),
      DataError,
      "writeCsv: 'x,y' needs quotes, but quote is null",
    );
    expect(await readFile(file, 'utf8')).toBe('old');
    const beside = (await readdir(join(folder, '..'))).filter((name) => name.startsWith(basename(folder)));
    expect(beside).toEqual([basename(folder)]);
  });
});
