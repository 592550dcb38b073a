import { DataError, OptionError, show } from '@maru-ml/base';

/** Where a file's bytes come from: a path, a URL (http, https, file, data or blob, as a string too), a `Blob`, or the bytes. */
export type FileSource = string | URL | Blob | Uint8Array | ArrayBuffer;

/** The bytes of a source and what errors call it. @throws DataError where they cannot be had */
export async function readSource(owner: string, source: FileSource): Promise<{ file: string; bytes: Uint8Array }> {
  if (source instanceof Uint8Array) return { file: 'the file', bytes: source };
  if (source instanceof ArrayBuffer) return { file: 'the file', bytes: new Uint8Array(source) };
  if (typeof Blob !== 'undefined' && source instanceof Blob) {
    const file = (source as Partial<File>).name ?? 'the blob';
    return { file, bytes: new Uint8Array(await source.arrayBuffer()) };
  }
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new OptionError(`${owner}: the source must be a path, a URL, a Blob or bytes, got ${show(source)}`);
  }
  const text = String(source);
  const file = text.startsWith('data:') ? 'the data URL' : text;
  const fs = fileSystem();
  const remote = /^(https?|data|blob):/i.test(text) || fs === undefined;
  return { file, bytes: remote ? await fetched(owner, file, text) : await stored(owner, file, fs, source) };
}

async function fetched(owner: string, file: string, url: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new DataError(`${owner}: ${file} cannot be reached (${reason(error)})`, { cause: error });
  }
  throw new DataError(`${owner}: ${file} answered with status ${response.status}`);
}

async function stored(owner: string, file: string, fs: FileSystem, path: string | URL): Promise<Uint8Array> {
  try {
    return await fs.readFile(/^file:/i.test(file) ? new URL(path) : path);
  } catch (error) {
    throw new DataError(`${owner}: ${file} cannot be read (${reason(error)})`, { cause: error });
  }
}

/**
 * Writes bytes to a file, such as those of `toBytes`. A save that fails or is killed leaves the old file whole.
 *
 * @throws DataError where the file cannot be written
 */
export async function saveBytes(path: string | URL, bytes: Uint8Array): Promise<void> {
  if (!(bytes instanceof Uint8Array))
    throw new OptionError(`saveBytes: bytes must be a Uint8Array, got ${show(bytes)}`);
  await writeWhole('saveBytes', path, bytes);
}

/**
 * Writes a file so that `path` holds either what it held or all of `bytes`, even if the program or the machine stops
 * halfway: a file beside it is filled, brought to the disk and renamed. Links are followed, and an old file's mode is kept.
 *
 * @throws DataError where the file cannot be written; then no half-written file stays behind
 */
export async function writeWhole(owner: string, path: string | URL, bytes: Uint8Array): Promise<void> {
  const fs = fileSystem();
  if (fs === undefined)
    throw new DataError(`${owner}: there is no file system here; use the function that gives the bytes`);
  let beside: string | undefined;
  try {
    const given = path instanceof URL || /^file:/i.test(path) ? builtin<Urls>('node:url')!.fileURLToPath(path) : path;
    const target = await fs.realpath(given).catch(() => given);
    const mode = await fs.stat(target).then(
      (stat) => stat.mode,
      () => undefined,
    );
    beside = `${target}.${crypto.randomUUID()}.part`;
    const file = await fs.open(beside, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(beside, target);
    await syncFolder(fs, target);
  } catch (error) {
    if (beside !== undefined) await fs.rm(beside, { force: true }).catch(() => {});
    throw new DataError(`${owner}: ${path} cannot be written (${reason(error)})`, { cause: error });
  }
}

/** Brings the new name to the disk too, where the system can open folders. */
async function syncFolder(fs: FileSystem, path: string): Promise<void> {
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0)) || '.';
  try {
    const handle = await fs.open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows cannot; the file itself is whole either way.
  }
}

/** The little of Node's file system that is used. */
interface FileSystem {
  readFile(path: string | URL): Promise<Uint8Array>;
  realpath(path: string): Promise<string>;
  stat(path: string): Promise<{ mode: number }>;
  open(path: string, flags: 'wx' | 'r', mode?: number): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

interface FileHandle {
  writeFile(data: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface Urls {
  fileURLToPath(url: string | URL): string;
}

/** The file system, or undefined in a browser. */
function fileSystem(): FileSystem | undefined {
  return builtin<FileSystem>('node:fs/promises');
}

/** A module of Node's own, asked for at run time, so that bundles for browsers need no stand-in. */
function builtin<T>(name: string): T | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as T | undefined;
}

function reason(error: unknown): string {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: { code?: string } };
  return cause?.code ?? code ?? message ?? String(error);
}
