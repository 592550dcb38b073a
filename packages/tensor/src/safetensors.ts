import { OptionError, show } from '@maru-ml/base';
import { fileReader } from './saving/file-dtypes.ts';
import { type FileSource, readSource, saveWhole } from './saving/files.ts';
import { readSafetensors, type Stored, writeSafetensors } from './saving/safetensors-bytes.ts';
import { heapStorage } from './storage.ts';
import { checkTensor, Tensor, view } from './tensor.ts';

export type { FileSource } from './saving/files.ts';

/** Tensors by their names, and notes about them. */
export interface SafetensorsFile {
  readonly tensors: Record<string, Tensor>;
  readonly metadata: Record<string, string>;
}

/**
 * Reads tensors from bytes in the safetensors format, which PyTorch and others write. F16 and BF16 become float32; I8, I16, U16,
 * U32, I64 and U64 int32. Nothing in the file is trusted and nothing half-read is returned.
 *
 * @throws DataError that names the place, for a file that is truncated or corrupt, or integers that int32 cannot hold
 */
export function parseSafetensors(bytes: Uint8Array | ArrayBuffer): SafetensorsFile {
  const given: unknown = bytes;
  if (!(given instanceof Uint8Array || given instanceof ArrayBuffer)) {
    throw new OptionError(
      `parseSafetensors: bytes must be a Uint8Array or an ArrayBuffer, got ${show(given)}; loadSafetensors takes paths and URLs`,
    );
  }
  const array = given instanceof Uint8Array ? given : new Uint8Array(given);
  return withTensors(readSafetensors('parseSafetensors', 'the file', array, fileReader));
}

/** The bytes of tensors, by their names, in the safetensors format. */
export function serializeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return serialize('serializeSafetensors', tensors, metadata);
}

/** Reads a safetensors file from a path, a URL, a Blob or bytes. @throws DataError that names the file and the place */
export async function loadSafetensors(source: FileSource): Promise<SafetensorsFile> {
  const { file, bytes } = await readSource('loadSafetensors', source);
  return withTensors(readSafetensors('loadSafetensors', file, bytes, fileReader));
}

/**
 * Writes tensors to a safetensors file: `saveSafetensors('net.safetensors', net.stateDict())`. A save that fails or is killed
 * leaves the old file whole.
 *
 * @throws DataError where the file cannot be written
 */
export async function saveSafetensors(
  path: string | URL,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await saveWhole('saveSafetensors', path, serialize('saveSafetensors', tensors, metadata));
}

function serialize(
  owner: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  for (const [name, note] of Object.entries(metadata)) {
    if (typeof note !== 'string') {
      throw new OptionError(
        `${owner}: metadata must be strings, but ${show(name)} is ${show(note)}; use JSON.stringify`,
      );
    }
  }
  const arrays = Object.entries(tensors).map(([name, t]) => {
    checkTensor(owner, `tensors[${show(name)}]`, t);
    return [name, { dtype: t.dtype, shape: t.shape, data: view(t) }] as const;
  });
  return writeSafetensors(owner, arrays, metadata);
}

function withTensors({ arrays, metadata }: Stored): SafetensorsFile {
  const tensors = [...arrays].map(([name, { data, dtype, shape }]) => {
    return [name, new Tensor(heapStorage(data, dtype), shape)] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}
