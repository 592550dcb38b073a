import { DataError, OptionError, show } from '@maru-ml/base';
import { type FileSystem, fileSystem, reason, writeWhole } from '@maru-ml/base/files';

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
  await saveWhole('saveBytes', path, bytes);
}

/** Writes a file, wholly or not at all. @throws DataError where it cannot be written */
export async function saveWhole(owner: string, path: string | URL, bytes: Uint8Array): Promise<void> {
  const fs = fileSystem();
  if (fs === undefined)
    throw new DataError(`${owner}: there is no file system here; use the function that gives the bytes`);
  try {
    await writeWhole(fs, path, bytes);
  } catch (error) {
    throw new DataError(`${owner}: ${path} cannot be written (${reason(error)})`, { cause: error });
  }
}
