import { DataError } from '@maru-ml/base';

/** Whether bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * Inflates a gzip file; its checksum and its length are checked on the way. Several gzip files in one count as corrupt, as they do in
 * browsers (older releases of Node take them).
 *
 * @throws DataError if the file is truncated, corrupt or inflates to more than `maxBytes`
 */
export async function gunzip(owner: string, name: string, bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  // A broken file rejects these as well as the reader, which reports it.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const what = `more than ${maxBytes} bytes when inflated`;
  return collect(stream.readable, maxBytes, {
    tooLong: () => new DataError(`${owner}: ${name} has ${what}; raise maxBytes if that is right`),
    broken: (length) =>
      new DataError(
        `${owner}: ${name} is truncated or corrupt: its gzip data break off after ${length} bytes of content`,
      ),
  });
}

/** Joins the chunks of a stream, up to a length. */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  errors: { tooLong(): Error; broken(length: number, cause: unknown): Error },
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    let chunk: ReadableStreamReadResult<Uint8Array>;
    try {
      chunk = await reader.read();
    } catch (cause) {
      throw errors.broken(length, cause);
    }
    if (chunk.done) break;
    length += chunk.value.length;
    if (length > maxBytes) {
      await reader.cancel().catch(() => {});
      throw errors.tooLong();
    }
    chunks.push(chunk.value);
  }
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
