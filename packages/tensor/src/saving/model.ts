import { DataError, OptionError, show } from '@maru-ml/base';
import { isTensor } from '../brand.ts';
import { decodeArray, type EncodedArray, encodeArray, encodeTensor, isEncodedArray } from './encode.ts';
import { plainReader, readSafetensors, type StoredArray, writeSafetensors } from './safetensors-bytes.ts';

/**
 * A model as bytes of any size: a safetensors file with the model's arrays by their path in its JSON form, which stands in
 * the file's metadata under 'maru'. It is no method of models, so that who saves them as JSON does not carry it.
 *
 * @param model something with `toJSON`, or plain data; encoded arrays and tensors may stand anywhere in it
 * @throws OptionError for what JSON cannot hold: functions, NaN and infinities outside arrays
 */
export function toBytes(model: object): Uint8Array {
  const arrays = new Map<string, StoredArray>();
  const json = JSON.stringify(withoutArrays(model, '', arrays));
  return writeSafetensors('toBytes', arrays, { maru: json });
}

/**
 * The model that `toBytes` wrote.
 *
 * @param Model its class, such as `KMeansModel`
 * @param options what the class's `fromJSON` takes besides, such as `{ classes }`
 * @throws DataError if the bytes are no such model, and what `fromJSON` throws
 */
export function fromBytes<M, Options extends unknown[] = unknown[]>(
  Model: { fromJSON(json: unknown, ...options: Options): M },
  bytes: Uint8Array,
  ...options: Options
): M {
  return Model.fromJSON(jsonFromBytes('fromBytes', bytes), ...options);
}

/**
 * The JSON form of what `toBytes` wrote.
 *
 * @param owner who asks, such as 'Trainer.load'
 * @throws DataError if the bytes are no such file
 */
export function jsonFromBytes(owner: string, bytes: Uint8Array): unknown {
  const { arrays, metadata } = readSafetensors(owner, 'the file', bytes, plainReader);
  if (metadata.maru === undefined) {
    throw new DataError(
      `${owner}: this safetensors file holds no model, as its metadata lack 'maru'; read it with loadSafetensors`,
    );
  }
  try {
    return JSON.parse(metadata.maru, (_, value) => withArray(owner, value, arrays));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${owner}: the model in the file's metadata is not JSON`);
  }
}

/** In the place of an array stands `{ $array: its name in the file }`. */
const REFERENCE = '$array';

function withoutArrays(value: unknown, path: string, arrays: Map<string, StoredArray>): unknown {
  const place = path === '' ? 'the model' : path;
  if (isTensor(value)) return refer(encodeTensor(value), path, arrays);
  if (isEncodedArray(value)) return refer(value, path, arrays);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new OptionError(`toBytes: ${place} is ${value}, which JSON cannot hold; use encodeArray for it`);
  }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw new OptionError(`toBytes: ${place} is ${show(value)}, which cannot be saved`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    throw new OptionError(`toBytes: ${place} is ${show(value)}; use encodeArray for it`);
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return withoutArrays(value.toJSON(), path, arrays);
  if (Array.isArray(value)) return value.map((item, i) => withoutArrays(item, join(path, `${i}`), arrays));
  if (REFERENCE in value) throw new OptionError(`toBytes: ${place} must not have a field named ${REFERENCE}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutArrays(item, join(path, key), arrays)]),
  );
}

function refer(array: EncodedArray, path: string, arrays: Map<string, StoredArray>): Record<string, string> {
  let name = path === '' ? 'array' : path;
  while (arrays.has(name)) name += '_';
  const { dtype, shape } = array;
  arrays.set(name, { dtype, shape, data: decodeArray('toBytes', name, array) });
  return { [REFERENCE]: name };
}

function withArray(owner: string, value: unknown, arrays: ReadonlyMap<string, StoredArray>): unknown {
  if (typeof value !== 'object' || value === null || !(REFERENCE in value)) return value;
  const name = value[REFERENCE];
  const stored = arrays.get(name as string);
  if (stored === undefined)
    throw new DataError(`${owner}: the file has no array ${show(name)}, which the model refers to`);
  return encodeArray(stored.data, stored.shape, stored.dtype);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
