import { DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { arrayOf, type DType, dtypeOf, isDType, type TypedArray } from '../dtype.ts';
import { type Shape, showShape, sizeOf } from '../shape.ts';
import { heapStorage } from '../storage.ts';
import { Tensor } from '../tensor.ts';

/** An array of numbers as it stands in the JSON form of a model. */
export interface EncodedArray {
  readonly dtype: DType;
  readonly shape: Shape;
  /** The elements: in JSON their little-endian bytes in base64, so that NaN and infinities survive; before that the array itself. */
  readonly data: string | TypedArray;
}

/** The typed array of each dtype. */
export interface ArrayTypes {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

export interface DecodeOptions<D extends DType> {
  /** The dtype that it must have; any. */
  dtype?: D;
  /** The shape that it must have, -1 for any length of an axis; any. */
  shape?: Shape;
  /** Refuse NaN and infinities, where no model has them; false. */
  finite?: boolean;
}

/**
 * An array for the JSON form of a model. `JSON.stringify` writes it as base64; `toBytes` takes the numbers as they are.
 * The array is not copied.
 *
 * @param shape its lengths; one axis by default
 * @throws ShapeError if the shape does not hold as many elements
 */
export function encodeArray(
  data: TypedArray,
  shape: Shape = [data.length],
  dtype: DType = dtypeOf(data),
): EncodedArray {
  if (sizeOf(shape) !== data.length) {
    throw new ShapeError(
      `encodeArray: data has ${data.length} numbers, but its shape ${showShape(shape)} holds ${sizeOf(shape)}`,
    );
  }
  return new ArrayInModel({ dtype, shape, data });
}

/** The elements of a tensor for the JSON form of a model; they are copied. */
export function encodeTensor(t: Tensor): EncodedArray {
  return new ArrayInModel({ dtype: t.dtype, shape: t.shape, data: t.toTypedArray() });
}

/**
 * The array that `encodeArray` or `encodeTensor` made, before or after its way through JSON, as a new typed array.
 *
 * @param owner who asks, and @param name what for: for errors such as `KMeansModel.fromJSON: centers is ...`
 * @throws DataError if it is no such array, not of the wanted dtype or shape, or not finite where it must be
 */
export function decodeArray<D extends DType = DType>(
  owner: string,
  name: string,
  encoded: unknown,
  { dtype, shape, finite = false }: DecodeOptions<D> = {},
): ArrayTypes[D] {
  if (!isEncodedArray(encoded)) {
    throw new DataError(`${owner}: ${name} must be an array saved as { dtype, shape, data }, got ${show(encoded)}`);
  }
  if (dtype !== undefined && encoded.dtype !== dtype) {
    throw new DataError(`${owner}: ${name} must be ${dtype}, got ${encoded.dtype}`);
  }
  if (shape !== undefined && !fits(encoded.shape, shape)) {
    const wanted = `[${shape.map((n) => (n === -1 ? 'any' : n)).join(', ')}]`;
    throw new DataError(`${owner}: ${name} must have the shape ${wanted}, got ${showShape(encoded.shape)}`);
  }
  const data = elements(owner, name, encoded);
  const odd = finite ? data.findIndex((value) => !Number.isFinite(value)) : -1;
  if (odd >= 0) throw new DataError(`${owner}: ${name} must be finite, got ${data[odd]} at place ${odd}`);
  return data as ArrayTypes[D];
}

/** The tensor that `encodeTensor` or `encodeArray` stands for. @throws DataError as `decodeArray` */
export function decodeTensor<D extends DType = DType>(
  owner: string,
  name: string,
  encoded: unknown,
  options?: DecodeOptions<D>,
): Tensor {
  const data = decodeArray(owner, name, encoded, options);
  const { dtype, shape } = encoded as EncodedArray;
  return new Tensor(heapStorage(data, dtype), [...shape]);
}

/** Whether `value` has the form of an encoded array. */
export function isEncodedArray(value: unknown): value is EncodedArray {
  const { dtype, shape, data } = Object(value) as Partial<EncodedArray>;
  return (
    isDType(dtype) &&
    Array.isArray(shape) &&
    shape.every((n) => Number.isInteger(n) && n >= 0) &&
    (typeof data === 'string' || data?.constructor === arrayOf(dtype))
  );
}

/** Turns into base64 only when JSON is written, so that other ways of saving need not go through it. */
class ArrayInModel implements EncodedArray {
  declare readonly dtype: DType;
  declare readonly shape: Shape;
  declare readonly data: TypedArray;

  constructor(parts: { dtype: DType; shape: Shape; data: TypedArray }) {
    Object.assign(this, parts);
  }

  toJSON(): EncodedArray {
    return { ...this, data: toBase64(this.data) };
  }
}

function elements(owner: string, name: string, { dtype, shape, data }: EncodedArray): TypedArray {
  const Elements = arrayOf(dtype);
  const came = typeof data === 'string' ? fromBase64(owner, name, data) : data;
  const bytes = sizeOf(shape) * Elements.BYTES_PER_ELEMENT;
  if (came.byteLength !== bytes) {
    throw new DataError(
      `${owner}: ${name} of shape ${showShape(shape)} must have ${bytes} bytes of ${dtype}, got ${came.byteLength}`,
    );
  }
  return came === data ? came.slice() : new Elements(came.buffer as ArrayBuffer);
}

// Typed arrays lie in memory as the machine has them, which is little-endian wherever WebAssembly and JavaScript run today.

function toBase64(array: TypedArray): string {
  if (array.byteLength > LONGEST) {
    throw new OptionError(
      `encodeArray: an array of ${array.byteLength} bytes is too long for JSON; save the model with toBytes(model)`,
    );
  }
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(text);
}

/** The most bytes whose base64 still fits into a string of any engine. */
const LONGEST = 2 ** 28;
const CHUNK = 8192;

function fromBase64(owner: string, name: string, text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new DataError(`${owner}: the data of ${name} are not base64`);
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function fits(shape: Shape, wanted: Shape): boolean {
  return shape.length === wanted.length && wanted.every((n, i) => n === -1 || n === shape[i]);
}
