import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataError, OptionError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveBytes, scope, type Tensor, tensor, toBytes, zeros } from '../src/index.ts';
import { loadNpy, loadNpz, parseNpy, saveNpy, serializeNpy } from '../src/npy.ts';
import { loadSafetensors, parseSafetensors, saveSafetensors, serializeSafetensors } from '../src/safetensors.ts';
import { bundled } from './bundled.ts';

const fixtures = JSON.parse(readFileSync(new URL('fixtures/files.json', import.meta.url), 'utf8'));
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const number = (value: unknown) => (typeof value === 'string' ? Number(value.replace('inf', 'Infinity')) : value);

/** A copy of a file with another byte at a place. */
const withByte = (bytes: Uint8Array, at: number, byte: number) => {
  const copy = bytes.slice();
  copy[at] = byte;
  return copy;
};

/** A .npy file with any header. */
const npyWith = (header: string, data: number[] = [], version = 1) => {
  const length = version === 1 ? [header.length & 255, header.length >> 8] : [header.length, 0, 0, 0];
  const text = [...header].map((letter) => letter.charCodeAt(0));
  return Uint8Array.of(0x93, 78, 85, 77, 80, 89, version, 0, ...length, ...text, ...data);
};

/** A safetensors file with any header. */
const safeWith = (header: string | object, data = 0) => {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return Uint8Array.of(...length, ...text, ...new Uint8Array(data));
};

describe('.npy files written by NumPy', () => {
  it.each(Object.entries<{ file: string; dtype: string; shape: number[]; values: unknown[] }>(fixtures.npy))(
    'are read: %s',
    (_, { file, dtype, shape, values }) => {
      const t = parseNpy(bytesOf(file));
      expect(t.dtype).toBe(dtype);
      expect(t.shape).toEqual(shape);
      expect((t.reshape(-1).toArray() as unknown[]).every((value, i) => Object.is(value, number(values[i])))).toBe(
        true,
      );
    },
  );

  it.each(['f8', 'f4', 'i4', 'u1', 'bool', 'scalar', 'vector', 'empty'])(
    'are written alike, byte for byte: %s',
    (name) => {
      const bytes = bytesOf(fixtures.npy[name].file);
      expect(serializeNpy(parseNpy(bytes))).toEqual(bytes);
    },
  );

  it.each([
    ['complex', "its dtype is '<c16'"],
    ['strings', "its dtype is '<U2'"],
    ['objects', "its dtype is '|O'"],
    ['records', 'its elements are records with fields'],
    ['dates', "its dtype is '<M8[D]'"],
    ['too large', 'element 1, at byte 136, is 2147483648, outside the range of int32'],
    ['big-endian too small', 'element 0, at byte 128, is -2147483649, outside the range of int32'],
  ])('are refused: %s', (name, problem) => {
    expectError(
      () => parseNpy(bytesOf(fixtures.refused[name])),
      DataError,
      `parseNpy: the file is not a .npy file that can be read: ${problem}`,
    );
  });

  it('may come from Python 2', () => {
    const old = npyWith("{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 1L), }\n", [4, 5]);
    expect(parseNpy(old).toArray()).toEqual([[4], [5]]);
  });

  it.each([
    ['it has 4 bytes, but the shortest header has more', Uint8Array.of(0x93, 78, 85, 77)],
    ['it does not start with \\x93NUMPY', new Uint8Array(80)],
    ['byte 6 gives version 9, not 1, 2 or 3', npyWith('', [], 9)],
    ['it has 10 bytes, but the length of the header ends at byte 12', npyWith('', [], 3).slice(0, 10)],
    ['the header ends at byte 74, but the file at 70', npyWith('x'.repeat(64)).slice(0, 70)],
    ['byte 8 gives a header of 10001 bytes, more than 10000', npyWith(' '.repeat(10_001))],
    ['the header at byte 10 lacks descr, fortran_order or shape', npyWith("{'descr': '<f8', 'shape': (2,), }")],
    ['the header at byte 10 lacks descr, fortran_order or shape', npyWith("import os; {'shape': (2,)}")],
    [
      'an array of shape [2] ends at byte 84, but the file at 71',
      npyWith("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}   ", [1, 2, 3]),
    ],
    [
      'its array ends at byte 70, but the file at 73',
      npyWith("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}   ", [1, 2, 3, 4, 5]),
    ],
    [
      `no array has the shape [${'9000000000000000, '.repeat(20)}0]`,
      npyWith(`{'descr': '|u1', 'fortran_order': False, 'shape': (${'9000000000000000, '.repeat(20)}0)}`),
    ],
  ])('are refused when damaged: %s', (problem, bytes) => {
    expectError(() => parseNpy(bytes), DataError, `parseNpy: the file is not a .npy file that can be read: ${problem}`);
  });

  it('with a shape of thousands of digits that never ends are refused, and not searched for years', () => {
    const shape = (text: string) => npyWith(`{'descr': '|u1', 'fortran_order': False, 'shape': (${text})}`);
    for (const text of ['1'.repeat(9000), `${'1'.repeat(9000)}x`, '1 '.repeat(4000), '-1', '1.5', ',']) {
      const message = `parseNpy: the file is not a .npy file that can be read: the header at byte 10 lacks descr, fortran_order or shape`;
      expectError(() => parseNpy(shape(text)), DataError, message);
    }
  });

  it('are refused when cut off anywhere', () => {
    const bytes = bytesOf(fixtures.npy.f8.file);
    for (let n = 0; n < bytes.length; n++) expect(() => parseNpy(bytes.slice(0, n))).toThrow(DataError);
  });

  it('need bytes', () => {
    expectError(
      () => parseNpy('a.npy' as unknown as Uint8Array),
      OptionError,
      "parseNpy: bytes must be a Uint8Array or an ArrayBuffer, got 'a.npy'; loadNpy takes paths and URLs",
    );
  });
});

describe('.npz files', () => {
  it.each(['stored', 'deflated'])('are read: %s', async (name) => {
    const { weights, labels } = await loadNpz(bytesOf(fixtures.npz[name]));
    expect(weights?.shape).toEqual([2, 3, 4]);
    expectClose(weights?.reshape(-1), fixtures.npz.weights);
    expect(labels?.dtype).toBe('int32');
    expectClose(labels?.reshape(-1), fixtures.npz.labels);
  });

  const prefix = 'loadNpz: the file is not a zip archive that can be read: ';
  const changed = (name: string, at: number, value: number) => withByte(bytesOf(fixtures.npz[name]), at, value);

  it('are refused when damaged', async () => {
    const stored = bytesOf(fixtures.npz.stored);
    await expectError(
      () => loadNpz(stored.slice(0, 300)),
      DataError,
      `${prefix}it has 300 bytes and no directory at its end`,
    );
    const place = (bytes: Uint8Array) => 30 + bytes[26]! + bytes[28]!;
    await expectError(
      () => loadNpz(changed('stored', 200, 99)),
      DataError,
      `${prefix}'weights.npy', at byte ${place(stored)}, does not unpack to 224 bytes with the checksum that it should have`,
    );
    const deflated = bytesOf(fixtures.npz.deflated);
    await expectError(
      () => loadNpz(changed('deflated', place(deflated) + 3, 255)),
      DataError,
      `${prefix}'weights.npy', at byte ${place(deflated)}, does not unpack to 224 bytes with the checksum that it should have`,
    );
    await expectError(
      () => loadNpz(changed('stored', 0, 0)),
      DataError,
      `${prefix}'weights.npy', at byte 0, is damaged`,
    );
  });

  it('either give their arrays or are refused, whatever byte is changed', async () => {
    const bytes = bytesOf(fixtures.npz.deflated);
    for (let at = 0; at < bytes.length; at++) {
      const error = await loadNpz(withByte(bytes, at, bytes[at]! ^ 0x41)).then(
        () => null,
        (thrown) => thrown,
      );
      if (error !== null) expect(error).toBeInstanceOf(DataError);
    }
  });
});

describe('safetensors files written in Python', () => {
  it('are read, with all their dtypes', () => {
    const { file, values } = fixtures.safetensors.types;
    const { tensors, metadata } = parseSafetensors(bytesOf(file));
    expect(metadata).toEqual({ format: 'pt' });
    expect(Object.keys(tensors)).toEqual(Object.keys(values));
    for (const [name, wanted] of Object.entries<unknown[]>(values)) {
      const came = tensors[name]!.reshape(-1).toArray() as unknown[];
      expect([name, ...came]).toEqual([name, ...wanted.map(number)]);
    }
    const dtypes = Object.values(tensors).map((t) => t.dtype);
    expect(dtypes.slice(0, 3)).toEqual(['float64', 'float32', 'float32']);
    expect(dtypes.slice(3, 10)).toEqual(new Array(7).fill('int32'));
    expect(dtypes.slice(10)).toEqual(['uint8', 'bool', 'float32', 'float32']);
    expect(tensors.nothing?.shape).toEqual([0, 4]);
  });

  it('are written alike, byte for byte', () => {
    const bytes = bytesOf(fixtures.safetensors.ours);
    const { tensors, metadata } = parseSafetensors(bytes);
    expect(serializeSafetensors(tensors, metadata)).toEqual(bytes);
    expect(parseSafetensors(bytesOf(fixtures.safetensors.empty))).toEqual({ tensors: {}, metadata: {} });
    expect(serializeSafetensors({})).toEqual(bytesOf(fixtures.safetensors.empty));
  });
});

describe('safetensors', () => {
  const entry = (dtype: string, shape: number[], from: number, to: number) => ({
    dtype,
    shape,
    data_offsets: [from, to],
  });

  it('keep names, order, values and dtypes, the widest first', () => {
    const tensors = {
      mask: tensor([true, false]),
      b: tensor([1.5, Number.NaN]),
      __proto__x: tensor(3, { dtype: 'int32' }),
      a: tensor([[1 / 3]], { dtype: 'float64' }),
    };
    const back = parseSafetensors(serializeSafetensors(tensors, { note: '"é"\n' }));
    expect(Object.keys(back.tensors)).toEqual(['a', 'b', '__proto__x', 'mask']);
    expect(back.metadata).toEqual({ note: '"é"\n' });
    for (const [name, t] of Object.entries(tensors)) {
      expect(back.tensors[name]?.dtype).toBe(t.dtype);
      expect(back.tensors[name]?.toArray()).toEqual(t.toArray());
    }
  });

  it('are read and written inside a scope, and from buffers', () => {
    const bytes = scope(() => serializeSafetensors({ big: zeros([1000]), part: zeros([4, 100]) }));
    expect(parseSafetensors(bytes.buffer as ArrayBuffer).tensors.big?.size).toBe(1000);
    const shifted = Uint8Array.of(1, 2, 3, ...bytes).subarray(3);
    expect(scope(() => parseSafetensors(shifted).tensors).part?.shape).toEqual([4, 100]);
  });

  it.each<[string, Uint8Array]>([
    ['it has 3 bytes, but the length of the header takes 8', new Uint8Array(3)],
    ['byte 0 gives a header of 18446744073709551615 bytes, more than 100000000', new Uint8Array(9).fill(255)],
    ['the header ends at byte 58, but the file at 20', Uint8Array.of(50, ...new Uint8Array(19))],
    ['the header at byte 8 is not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)],
    ['the header at byte 8 is not JSON', safeWith('{"a"')],
    ['the header at byte 8 is not a JSON object', safeWith('[]')],
    ['the header at byte 8 is not a JSON object', safeWith(' {}')],
    ["the header names 'a' twice", safeWith('{"a":1,"b":{"c":2},"\\u0061":3}')],
    ["the header names 'dtype' twice", safeWith('{"a":{"dtype":"F32","dtype":"F64"}}')],
    ['__metadata__ must hold strings by name', safeWith({ __metadata__: { epoch: 3 } })],
    ["the entry of 'a' is not an object", safeWith({ a: [] })],
    ["the entry of 'a' must have dtype, shape and data_offsets", safeWith({ a: { dtype: 'F32', shape: [1] } })],
    ["the entry of 'a' must have dtype, shape and data_offsets", safeWith({ a: entry('F32', [-1], 0, 4) }, 4)],
    ["'a' is of dtype F8_E4M3, which cannot be read", safeWith({ a: entry('F8_E4M3', [1], 0, 1) }, 1)],
    ["'a' is of dtype constructor, which cannot be read", safeWith({ a: entry('constructor', [1], 0, 1) }, 1)],
    [
      "'a' of shape [2] and dtype F32 takes 8 bytes, but its offsets are 0 to 4",
      safeWith({ a: entry('F32', [2], 0, 4) }, 4),
    ],
    [
      "'b' starts at byte 116, inside the tensor before it",
      safeWith({ a: entry('U8', [4], 0, 4), b: entry('U8', [2], 3, 5) }, 5),
    ],
    [
      "bytes 115 to 117, before 'b', belong to no tensor",
      safeWith({ a: entry('U8', [2], 0, 2), b: entry('U8', [1], 4, 5) }, 5),
    ],
    ['bytes 63 to 67, after the last tensor, belong to none', safeWith({ a: entry('U8', [2], 0, 2) }, 6)],
    ["'a' ends at byte 63, but the file at 62", safeWith({ a: entry('U8', [2], 0, 2) }, 1)],
    [
      "'a' ends at byte 9007199254740979, but the file at 108",
      safeWith({ a: entry('U8', [9007199254740888], 0, 9007199254740888) }, 17),
    ],
  ])('are refused: %s', (problem, bytes) => {
    const message = `parseSafetensors: the file is not a valid safetensors file: ${problem}`;
    expectError(() => parseSafetensors(bytes), DataError, message);
  });

  it('are refused with integers that int32 cannot hold', () => {
    const bytes = safeWith({ ids: entry('I64', [2], 0, 16) }, 16);
    bytes[bytes.length - 4] = 1;
    expectError(
      () => parseSafetensors(bytes),
      DataError,
      `parseSafetensors: the file: element 1 of 'ids', at byte ${bytes.length - 8}, is 4294967296 (I64), outside the range of int32`,
    );
  });

  it('are refused when cut off anywhere', () => {
    const bytes = bytesOf(fixtures.safetensors.types.file);
    for (let n = 0; n < bytes.length; n++) expect(() => parseSafetensors(bytes.slice(0, n))).toThrow(DataError);
  });

  it('either give tensors or are refused, whatever byte is changed', () => {
    const bytes = bytesOf(fixtures.safetensors.types.file);
    for (let at = 0; at < bytes.length; at++) {
      try {
        parseSafetensors(withByte(bytes, at, bytes[at]! ^ 0x15));
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }
  });

  it('refuse what is no tensor or no note', () => {
    expectError(
      () => serializeSafetensors({ w: [1] as unknown as Tensor }),
      OptionError,
      "serializeSafetensors: tensors['w'] must be a Tensor; tensor(tensors['w']) makes one of numbers",
    );
    expectError(
      () => serializeSafetensors({}, { epoch: 3 as unknown as string }),
      OptionError,
      "serializeSafetensors: metadata must be strings, but 'epoch' is 3; use JSON.stringify",
    );
    expectError(
      () => serializeSafetensors({ __metadata__: tensor(1) }),
      OptionError,
      'serializeSafetensors: a tensor cannot have the name __metadata__',
    );
    expectError(
      () => parseSafetensors('a.safetensors' as unknown as Uint8Array),
      OptionError,
      "parseSafetensors: bytes must be a Uint8Array or an ArrayBuffer, got 'a.safetensors'; loadSafetensors takes paths and URLs",
    );
  });
});

describe('loading and saving', { tags: ['node'] }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maru-files-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('take paths, URLs, blobs and bytes', async () => {
    const path = join(folder, 'näme.safetensors');
    await saveSafetensors(path, { w: tensor([1, 2]) }, { epoch: '1' });
    const bytes = new Uint8Array(await readFile(path));
    const dataUrl = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`;
    for (const source of [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      bytes,
      bytes.buffer,
      new Blob([bytes]),
      dataUrl,
    ]) {
      const { tensors, metadata } = await loadSafetensors(source);
      expect(tensors.w?.toArray()).toEqual([1, 2]);
      expect(metadata).toEqual({ epoch: '1' });
    }
    const url = pathToFileURL(join(folder, 'a b.npy'));
    await saveNpy(url, tensor([[3]]));
    expect((await loadNpy(url)).toArray()).toEqual([[3]]);
  });

  it('read from a server', async () => {
    const bytes = serializeNpy(tensor([7]));
    const server = createServer((request, response) => {
      response.setHeader('connection', 'close');
      response.statusCode = request.url === '/x.npy' ? 200 : 404;
      response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect((await loadNpy(`${root}/x.npy`)).toArray()).toEqual([7]);
      await expectError(() => loadNpy(`${root}/y.npy`), DataError, `loadNpy: ${root}/y.npy answered with status 404`);
    } finally {
      server.close();
    }
    await once(server, 'close');
    await expectError(
      () => loadNpy(`${root}/x.npy`),
      DataError,
      `loadNpy: ${root}/x.npy cannot be reached (ECONNREFUSED)`,
    );
  });

  it('name the file that cannot be read or written', async () => {
    const missing = join(folder, 'missing.npy');
    await expectError(() => loadNpy(missing), DataError, `loadNpy: ${missing} cannot be read (ENOENT)`);
    await expectError(() => loadNpy(folder), DataError, `loadNpy: ${folder} cannot be read (EISDIR)`);
    const nowhere = join(folder, 'no', 'where.npy');
    await expectError(() => saveNpy(nowhere, tensor(1)), DataError, `saveNpy: ${nowhere} cannot be written (ENOENT)`);
    await expectError(
      () => loadNpy(7 as unknown as string),
      OptionError,
      'loadNpy: the source must be a path, a URL, a Blob or bytes, got 7',
    );
    const damaged = join(folder, 'damaged.npy');
    await writeFile(damaged, 'hello world');
    await expectError(
      () => loadNpy(damaged),
      DataError,
      `loadNpy: ${damaged} is not a .npy file that can be read: it does not start with \\x93NUMPY`,
    );
    await expectError(
      () => loadSafetensors(damaged),
      DataError,
      `loadSafetensors: ${damaged} is not a valid safetensors file: byte 0 gives a header of 8031924123371070824 bytes, more than 100000000`,
    );
  });

  it('follow links, keep the mode and leave nothing beside', async () => {
    const target = join(folder, 'target.npy');
    const link = join(folder, 'link.npy');
    await saveNpy(target, tensor(1));
    await chmod(target, 0o600);
    await symlink(target, link);
    await saveNpy(link, tensor(2));
    expect((await loadNpy(target)).item()).toBe(2);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('take the bytes of a model', async () => {
    const path = join(folder, 'model.bytes');
    const bytes = toBytes({ format: 'x', w: tensor([1, 2]) });
    await saveBytes(path, bytes);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    await expectError(
      () => saveBytes(path, 'text' as unknown as Uint8Array),
      OptionError,
      "saveBytes: bytes must be a Uint8Array, got 'text'",
    );
    const nowhere = join(folder, 'no', 'where');
    await expectError(() => saveBytes(nowhere, bytes), DataError, `saveBytes: ${nowhere} cannot be written (ENOENT)`);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  });

  it('leave the old file whole when the save fails or is killed', async () => {
    const path = join(folder, 'net.safetensors');
    const script = await bundled(`
      import { full } from './src/index.ts';
      import { saveSafetensors } from './src/safetensors.ts';
      for (let i = 1; ; i++) {
        await saveSafetensors(process.argv[2], { w: full([1000000], i) }, { i: String(i) });
        console.log(i);
      }
    `);
    for (const patience of [0, 3, 9]) {
      const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, patience));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { tensors, metadata } = await loadSafetensors(path);
      const values = tensors.w?.toTypedArray() as Float32Array;
      expect(values.length).toBe(1_000_000);
      expect(values.every((value) => value === Number(metadata.i))).toBe(true);
    }
    const taken = join(folder, 'taken');
    await saveNpy(join(folder, 'taken'), tensor(1));
    const inside = join(taken, 'x.npy');
    await expectError(() => saveNpy(inside, tensor(1)), DataError, `saveNpy: ${inside} cannot be written (ENOTDIR)`);
    expect((await loadNpy(taken)).item()).toBe(1);
  });
});
