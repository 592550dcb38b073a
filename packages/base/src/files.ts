/** The little of Node's file system that Maru uses. */
export interface FileSystem {
  readFile(path: string | URL): Promise<Uint8Array>;
  realpath(path: string): Promise<string>;
  stat(path: string | URL): Promise<{ size: number; mode: number; isFile(): boolean; isDirectory(): boolean }>;
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  open(path: string, flags: 'wx' | 'r', mode?: number): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

export interface FileHandle {
  writeFile(data: Uint8Array | string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file system, or undefined in a browser. */
export function fileSystem(): FileSystem | undefined {
  return builtin<FileSystem>('node:fs/promises');
}

/**
 * Writes a file so that `path` holds either what it held or all of `data`, even if the program or the machine stops
 * halfway: a file beside it is filled, brought to the disk and renamed. Links are followed, and an old file's mode is kept.
 * If that fails the file beside is removed and the system's error goes on to the caller.
 */
export async function writeWhole(fs: FileSystem, path: string | URL, data: Uint8Array | string): Promise<void> {
  const given = path instanceof URL || /^file:/i.test(path) ? builtin<Urls>('node:url')!.fileURLToPath(path) : path;
  const target = await fs.realpath(given).catch(() => given);
  const mode = await fs.stat(target).then(
    (stat) => stat.mode,
    () => undefined,
  );
  const beside = `${target}.${crypto.randomUUID()}.part`;
  try {
    const file = await fs.open(beside, 'wx', mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(beside, target);
  } catch (error) {
    await fs.rm(beside, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(fs, target);
}

/** The code of a system's or network's error ('ENOENT'), or its message. */
export function reason(error: unknown): string {
  const { code, message, cause } = error as {
    code?: string;
    message?: string;
    cause?: { code?: string; message?: string };
  };
  return cause?.code ?? cause?.message ?? code ?? message ?? String(error);
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

interface Urls {
  fileURLToPath(url: string | URL): string;
}

/** A module of Node's own, asked for at run time, so that bundles for browsers need no stand-in. */
function builtin<T>(name: string): T | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as T | undefined;
}
