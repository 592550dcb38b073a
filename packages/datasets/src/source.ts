import { checkInteger, checkKnown, DataError, OptionError, show } from '@maru-ml/base';
import { fileSystem, reason, writeWhole } from '@maru-ml/base/files';
import { collect, gunzip, isGzip } from './gzip.ts';

/** Where a reader finds its bytes: a path, a URL (http, https, file, data or blob; as a string too), a `Blob` or `File`, or the bytes themselves. */
export type Source = string | URL | Blob | Uint8Array | ArrayBuffer;

/** Options of every reader. */
export interface SourceOptions {
  /** Folder in which files from the network are kept, so that they are fetched once; ignored in browsers; none. */
  cache?: string;
  /** SHA-256 of the file as it is stored or sent, in hexadecimal; not checked. */
  sha256?: string;
  /** The largest file, as stored and after inflating, in bytes; 2³⁰. */
  maxBytes?: number;
  /** Aborts a download. */
  signal?: AbortSignal;
}

export const SOURCE_OPTIONS: readonly (keyof SourceOptions)[] = ['cache', 'sha256', 'maxBytes', 'signal'];

/** A file's content and what errors call it. */
export interface OpenFile {
  name: string;
  bytes: Uint8Array;
}

/**
 * The bytes of a file. A gzip file is inflated, whatever it is called.
 *
 * @throws DataError if there is no such file, a server answers with an error, the checksum differs, the gzip data are damaged or the
 *   file is larger than `maxBytes`
 */
export async function readBytes(source: Source, options: SourceOptions = {}): Promise<Uint8Array> {
  checkKnown('readBytes', options, SOURCE_OPTIONS);
  return (await open('readBytes', source, options)).bytes;
}

/** Reads a file for `owner`; `unnamed` is what errors call bytes. */
export async function open(
  owner: string,
  source: Source,
  options: SourceOptions,
  unnamed = 'the file',
): Promise<OpenFile> {
  const file = await openFirst(owner, [source], options, unnamed);
  if (file !== undefined) return file;
  const name = place(source, unnamed);
  throw new DataError(
    asUrl(source) === undefined ? `${owner}: there is no file ${name}` : `${owner}: ${name} answered with status 404`,
  );
}

/** Reads the first of several files that exists; undefined if none does. */
export async function openFirst(
  owner: string,
  sources: readonly Source[],
  options: SourceOptions,
  unnamed = 'the file',
): Promise<OpenFile | undefined> {
  const { cache, sha256 } = options;
  const maxBytes = checkInteger(owner, 'maxBytes', options.maxBytes ?? 2 ** 30, { min: 0 });
  if (cache !== undefined && typeof cache !== 'string')
    throw new OptionError(`${owner}: cache must be the path of a folder, got ${show(cache)}`);
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new OptionError(`${owner}: sha256 must be 64 hexadecimal digits, got ${show(sha256)}`);
  }
  for (const source of sources) {
    const request: Request = { ...options, owner, name: place(source, unnamed), maxBytes };
    const bytes = await stored(source, request);
    if (bytes === undefined) continue;
    if (bytes.length > maxBytes) throw tooLarge(request, `${bytes.length}`);
    if (!isGzip(bytes)) return { name: request.name, bytes };
    return { name: request.name, bytes: await gunzip(owner, request.name, bytes, maxBytes) };
  }
  return undefined;
}

interface Request extends SourceOptions {
  owner: string;
  name: string;
  maxBytes: number;
}

/** The bytes of a source as they are stored, their checksum verified; undefined if the source does not exist. */
async function stored(source: Source, request: Request): Promise<Uint8Array | undefined> {
  const url = asUrl(source);
  if (url !== undefined) return fetched(url, request);
  const bytes = await local(source, request);
  if (bytes !== undefined) await verify(bytes, request);
  return bytes;
}

/** A URL that is to be fetched; undefined for whatever is at hand. Without a file system a path is relative to the page. */
function asUrl(source: Source): string | undefined {
  if (typeof source !== 'string' && !(source instanceof URL)) return undefined;
  const text = String(source);
  if (/^file:/i.test(text)) return undefined;
  return /^(https?|data|blob):/i.test(text) || fileSystem() === undefined ? text : undefined;
}

async function local(source: Source, request: Request): Promise<Uint8Array | undefined> {
  if (source instanceof Uint8Array) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) {
    if (source.size > request.maxBytes) throw tooLarge(request, `${source.size}`);
    return new Uint8Array(await source.arrayBuffer());
  }
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new OptionError(`${request.owner}: the source must be a path, a URL or bytes, got ${show(source)}`);
  }
  return readFile(source, request);
}

async function readFile(path: string | URL, request: Request): Promise<Uint8Array | undefined> {
  const { owner, name, maxBytes } = request;
  const fs = fileSystem();
  const file = typeof path === 'string' && /^file:/i.test(path) ? new URL(path) : path;
  if (fs === undefined) throw new DataError(`${owner}: ${name} cannot be read, as there is no file system here`);
  try {
    const stat = await fs.stat(file);
    if (!stat.isFile()) throw new DataError(`${owner}: ${name} is not a file`);
    if (stat.size > maxBytes) throw tooLarge(request, `${stat.size}`);
    const { buffer, byteOffset, byteLength } = await fs.readFile(file);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    if (error instanceof DataError) throw error;
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw new DataError(`${owner}: ${name} cannot be read (${reason(error)})`, { cause: error });
  }
}

/** A file of the network, from the cache if it is there whole. */
async function fetched(url: string, request: Request): Promise<Uint8Array | undefined> {
  const { owner, cache } = request;
  const fs = fileSystem();
  if (cache === undefined || fs === undefined || !/^https?:/i.test(url)) return download(url, request);
  const path = `${cache}/${await cacheName(url)}`;
  const kept = await readFile(path, { ...request, name: path });
  if (kept !== undefined && (await matches(kept, request))) return kept;
  const bytes = await download(url, request);
  if (bytes === undefined) return undefined;
  try {
    await fs.mkdir(cache, { recursive: true });
    await writeWhole(fs, path, bytes);
  } catch (error) {
    throw new DataError(`${owner}: the cache folder ${cache} cannot be written (${reason(error)})`, { cause: error });
  }
  return bytes;
}

async function download(url: string, request: Request): Promise<Uint8Array | undefined> {
  const { owner, name, maxBytes, signal } = request;
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new DataError(`${owner}: ${name} cannot be reached (${reason(error)})`, { cause: error });
  }
  if (response.status === 404) return undefined;
  if (!response.ok) {
    throw new DataError(`${owner}: ${name} answered with status ${`${response.status} ${response.statusText}`.trim()}`);
  }
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > maxBytes) throw tooLarge(request, `${announced}`);
  const bytes =
    response.body === null
      ? new Uint8Array(0)
      : await collect(response.body, maxBytes, {
          tooLong: () => tooLarge(request, `more than ${maxBytes}`),
          broken: (length, cause) => {
            signal?.throwIfAborted();
            return new DataError(`${owner}: ${name} broke off after ${length} bytes (${reason(cause)})`, { cause });
          },
        });
  await verify(bytes, request);
  return bytes;
}

async function verify(bytes: Uint8Array, request: Request): Promise<void> {
  if (await matches(bytes, request)) return;
  const { owner, name, sha256 } = request;
  throw new DataError(
    `${owner}: ${name} has the SHA-256 ${await digest(bytes)}, but ${sha256?.toLowerCase()} was expected`,
  );
}

async function matches(bytes: Uint8Array, { sha256 }: Request): Promise<boolean> {
  return sha256 === undefined || (await digest(bytes)) === sha256.toLowerCase();
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Two URLs never share a file of the cache, and a person still sees what it is. */
async function cacheName(url: string): Promise<string> {
  const last = new URL(url).pathname.split('/').pop() ?? '';
  const hash = await digest(new TextEncoder().encode(url));
  return `${hash.slice(0, 16)}-${last.replace(/[^\w.-]/g, '_').slice(-80)}`;
}

function tooLarge({ owner, name, maxBytes }: Request, length: string): DataError {
  return new DataError(
    `${owner}: ${name} has ${length} bytes, but at most ${maxBytes} are read; raise maxBytes if that is right`,
  );
}

/** What errors call a source. */
function place(source: Source, unnamed: string): string {
  if (typeof source === 'string' || source instanceof URL) {
    const text = String(source);
    return text.startsWith('data:') ? unnamed : text;
  }
  return (source as Partial<File> | undefined)?.name ?? unnamed;
}
