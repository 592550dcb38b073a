/** The little of Node's own modules that the readers use. They are asked for at run time, so that bundles for browsers need no stand-in. */
interface FileSystem {
  stat(path: string | URL): Promise<{ size: number; isFile(): boolean; isDirectory(): boolean }>;
  readFile(path: string | URL): Promise<Uint8Array>;
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  open(
    path: string,
    flags: 'wx',
  ): Promise<{ writeFile(data: Uint8Array | string): Promise<void>; sync(): Promise<void>; close(): Promise<void> }>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

/** The file system, or undefined in a browser. */
export function fileSystem(): FileSystem | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.('node:fs/promises') as FileSystem | undefined;
}

/**
 * Writes a file so that `path` holds either what it held or all of `data`: a file beside it is filled, brought to the disk and
 * renamed. If that fails the file beside is removed and the error goes on to the caller.
 */
export async function writeWhole(fs: FileSystem, path: string, data: Uint8Array | string): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}.part`;
  try {
    const file = await fs.open(beside, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(beside, path);
  } catch (error) {
    await fs.rm(beside, { force: true });
    throw error;
  }
}

/** The code of a system error ('ENOENT'), or its message. */
export function reason(error: unknown): string {
  const { code, message, cause } = error as {
    code?: string;
    message?: string;
    cause?: { code?: string; message?: string };
  };
  return cause?.code ?? cause?.message ?? code ?? message ?? String(error);
}
