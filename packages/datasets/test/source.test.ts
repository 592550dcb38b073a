/** @module-tag node */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { DataError, OptionError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readBytes, readCsv, readMnist, type Source } from '../src/index.ts';

const content = new TextEncoder().encode('a,b\n1,2\n');
const sha256 = createHash('sha256').update(content).digest('hex');

let folder = '';
let server: Server;
let site = '';
let requests: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-source-'));
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/table.csv') response.end(content);
    else if (request.url === '/table.csv.gz') response.end(gzipSync(content));
    else if (request.url === '/long') response.writeHead(200, { 'content-length': '5000000000' }).write('x');
    else if (request.url === '/endless') response.end(Buffer.alloc(5000));
    else if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': '100' }).write('twelve bytes', () => response.destroy());
    } else if (request.url === '/busy') response.writeHead(503).end();
    else if (request.url === '/never') response.flushHeaders();
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  requests = [];
});

describe('the same bytes from everywhere', () => {
  test('a path, URLs, a blob, a file, an ArrayBuffer, bytes', async () => {
    const path = join(folder, 'plain.csv');
    await writeFile(path, content);
    const sources: Source[] = [
      ...[path, pathToFileURL(path), String(pathToFileURL(path)), `${site}/table.csv`, new URL(`${site}/table.csv`)],
      ...[`data:text/csv;base64,${Buffer.from(content).toString('base64')}`, URL.createObjectURL(new Blob([content]))],
      ...[new Blob([content]), new File([content], 'a.csv'), content.slice().buffer, content, Buffer.from(content)],
    ];
    for (const source of sources) expect(new Uint8Array(await readBytes(source)), String(source)).toEqual(content);
  });

  test('gzip is inflated whatever the file is called', async () => {
    const path = join(folder, 'no-ending');
    await writeFile(path, gzipSync(content));
    expect(await readBytes(path)).toEqual(content);
    expect(await readBytes(`${site}/table.csv.gz`)).toEqual(content);
  });

  test('the checksum is that of the stored file, in either case of letters', async () => {
    const zipped = gzipSync(content);
    const hash = createHash('sha256').update(zipped).digest('hex');
    expect(await readBytes(zipped, { sha256: hash.toUpperCase() })).toEqual(content);
  });
});

describe('the cache', () => {
  test('a file is fetched once, and kept under its name', async () => {
    const cache = join(folder, 'cache', 'deep');
    const url = `${site}/table.csv`;
    expect(await readCsv(url, { cache })).toEqual({ a: Float64Array.of(1), b: Float64Array.of(2) });
    expect(await readBytes(url, { cache, sha256 })).toEqual(content);
    expect(requests).toEqual(['/table.csv']);
    const kept = await readdir(cache);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^[0-9a-f]{16}-table\.csv$/);
    expect(await readBytes(`${url}?other`, { cache }).catch(() => 'fetched')).toBe('fetched');
  });

  test('a kept file whose checksum is wrong is fetched anew', async () => {
    const cache = join(folder, 'spoiled');
    await readBytes(`${site}/table.csv`, { cache });
    const kept = join(cache, (await readdir(cache))[0]!);
    await writeFile(kept, 'spoiled');
    expect(await readBytes(`${site}/table.csv`, { cache, sha256 })).toEqual(content);
    expect(new Uint8Array(await readFile(kept))).toEqual(content);
    expect(requests).toHaveLength(2);
  });

  test('what has the wrong checksum is not kept', async () => {
    const cache = join(folder, 'empty');
    const wrong = '0'.repeat(64);
    await expectError(
      () => readBytes(`${site}/table.csv`, { cache, sha256: wrong }),
      DataError,
      `readBytes: ${site}/table.csv has the SHA-256 ${sha256}, but ${wrong} was expected`,
    );
    await expect(readdir(cache)).rejects.toThrow('ENOENT');
  });

  test('a folder that cannot be written is named', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const hash = createHash('sha256').update(`${site}/table.csv`).digest('hex').slice(0, 16);
    await expectError(
      () => readBytes(`${site}/table.csv`, { cache: join(file, 'cache') }),
      DataError,
      `readBytes: ${file}/cache/${hash}-table.csv cannot be read (ENOTDIR)`,
    );
  });

  test('without a file system, as in a browser, there is no cache and a path is relative to the page', async () => {
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
    const fetched: string[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      fetched.push(url);
      return new Response(content);
    });
    try {
      expect(await readBytes('data/table.csv', { cache: 'ignored' })).toEqual(content);
      expect(await readBytes('https://example.org/table.csv', { cache: 'ignored' })).toEqual(content);
      expect(fetched).toEqual(['data/table.csv', 'https://example.org/table.csv']);
      await expectError(
        () => readBytes('file:///table.csv'),
        DataError,
        'readBytes: file:///table.csv cannot be read, as there is no file system here',
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe('failures are told by name', () => {
  test('no such file, a folder', async () => {
    const nowhere = join(folder, 'nowhere.csv');
    await expectError(() => readCsv(nowhere), DataError, `readCsv: there is no file ${nowhere}`);
    await expectError(() => readCsv(folder), DataError, `readCsv: ${folder} is not a file`);
  });

  test('answers of a server', async () => {
    await expectError(() => readCsv(`${site}/none`), DataError, `readCsv: ${site}/none answered with status 404`);
    await expectError(
      () => readCsv(`${site}/busy`),
      DataError,
      `readCsv: ${site}/busy answered with status 503 Service Unavailable`,
    );
    await expectError(
      () => readMnist(site),
      DataError,
      `readMnist: there is no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in ${site}`,
    );
  });

  test('a server that cannot be reached, an answer that breaks off', async () => {
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}/x`;
    await new Promise((done) => closed.close(done));
    await expectError(() => readBytes(url), DataError, `readBytes: ${url} cannot be reached (ECONNREFUSED)`);
    await expectError(
      () => readBytes(`${site}/broken`),
      DataError,
      `readBytes: ${site}/broken broke off after 12 bytes (UND_ERR_SOCKET)`,
    );
  });

  test('a download that is aborted rejects with the reason', async () => {
    const controller = new AbortController();
    const reading = readBytes(`${site}/never`, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  test('files above maxBytes: on disk, announced, sent, inflated', async () => {
    const path = join(folder, 'large');
    await writeFile(path, Buffer.alloc(2000));
    const says = (name: string, length: string): string =>
      `readBytes: ${name} has ${length} bytes, but at most 1000 are read; raise maxBytes if that is right`;
    const options = { maxBytes: 1000 };
    await expectError(() => readBytes(path, options), DataError, says(path, '2000'));
    // A file with a hole: no reader may try to make room for it.
    await truncate(path, 2 ** 43);
    await expectError(
      () => readBytes(path),
      DataError,
      `readBytes: ${path} has ${2 ** 43} bytes, but at most ${2 ** 30} are read; raise maxBytes if that is right`,
    );
    await expectError(() => readBytes(new Uint8Array(1001), options), DataError, says('the file', '1001'));
    await expectError(() => readBytes(new Blob([new Uint8Array(1001)]), options), DataError, says('the file', '1001'));
    await expectError(() => readBytes(`${site}/long`, options), DataError, says(`${site}/long`, '5000000000'));
    await expectError(() => readBytes(`${site}/endless`, options), DataError, says(`${site}/endless`, '5000'));
    const bomb = gzipSync(Buffer.alloc(200_000));
    await expectError(
      () => readBytes(bomb, options),
      DataError,
      'readBytes: the file has more than 1000 bytes when inflated; raise maxBytes if that is right',
    );
  });

  test('gzip data that are cut or changed', async () => {
    const zipped = gzipSync(Buffer.from('x'.repeat(100)));
    const says = /^readBytes: the file is truncated or corrupt: its gzip data break off after \d+ bytes of content$/;
    await expect(readBytes(zipped.subarray(0, -3))).rejects.toThrow(says);
    const changed = Uint8Array.from(zipped);
    changed[changed.length - 6]! ^= 1;
    await expect(readBytes(changed)).rejects.toThrow(says);
  });

  test('options are checked', async () => {
    await expectError(
      () => readBytes(content, { sha265: sha256 } as object),
      OptionError,
      'readBytes: there is no option sha265, only cache, sha256, maxBytes and signal',
    );
    await expectError(
      () => readBytes(content, { sha256: 'abc' }),
      OptionError,
      "readBytes: sha256 must be 64 hexadecimal digits, got 'abc'",
    );
    await expectError(
      () => readBytes(content, { cache: true as unknown as string }),
      OptionError,
      'readBytes: cache must be the path of a folder, got true',
    );
    await expectError(
      () => readBytes(content, { maxBytes: -1 }),
      OptionError,
      'readBytes: maxBytes must be an integer ≥ 0, got -1',
    );
    await expectError(
      () => readBytes(7 as unknown as string),
      OptionError,
      'readBytes: the source must be a path, a URL or bytes, got 7',
    );
  });
});
