import { checkProtocol, OptionError, shared } from '@maru-ml/base';
import { allocate, float32View, float64View, int32View, release, uint8View } from '@maru-ml/kernels/tensor';
import { bytesPerElement, type DType, makeArray, type TypedArray } from './dtype.ts';

/**
 * Where the elements of one or more tensors lie: a block of WebAssembly memory (`address`) or a typed array of the
 * JavaScript heap (`array`). Neither means that its scope has ended. Tensors that share it share its version.
 */
export interface Storage {
  readonly dtype: DType;
  readonly length: number;
  address: number;
  array: TypedArray | null;
  /** Raised by each change in place, so that a gradient never uses values that are gone. */
  version: number;
  /** The scope that will free it; 'resident' while reachable; null for garbage-collected arrays. */
  owner: ScopeFrame | 'resident' | null;
}

/** An open scope: what was made in it. */
export interface ScopeFrame {
  readonly storages: Storage[];
}

/** What exists once in a program, whatever the number of copies of this package. */
interface State {
  readonly scopes: ScopeFrame[];
  gradEnabled: boolean;
  nodes: number;
  /** Returns the blocks of resident storages that nobody holds any more. */
  readonly finalizer: FinalizationRegistry<{ address: number; bytes: number }>;
  /** What small arrays are cut from, and how much of it is given away. */
  pool: ArrayBuffer;
  poolUsed: number;
}

/** What this copy of the package found in the program's one record; the state itself lives there, not here. */
let known: State | undefined;

/** @throws OptionError if tensors of a copy that speaks another protocol are in the same program */
export function state(): State {
  if (known === undefined) {
    checkProtocol();
    known = shared(
      'tensor',
      (): State => ({
        scopes: [],
        gradEnabled: true,
        nodes: 0,
        pool: new ArrayBuffer(0),
        poolUsed: 0,
        finalizer: new FinalizationRegistry(({ address, bytes }) => release(address, bytes)),
      }),
    );
  }
  return known;
}

/** Room for `length` elements, not cleared: in the innermost scope if one is open, else on the heap. */
export function makeStorage(dtype: DType, length: number): Storage {
  const { scopes } = state();
  if (scopes.length === 0) return heapStorage(heapArray(dtype, length), dtype);
  const scope = scopes[scopes.length - 1]!;
  // Small arrays are cheaper on the heap, where no view has to be made for each call.
  const address = length >= SMALL ? allocate(length * bytesPerElement(dtype)) : 0;
  const array = address === 0 ? heapArray(dtype, length) : null;
  const storage: Storage = { dtype, length, address, array, version: 0, owner: scope };
  scope.storages.push(storage);
  return storage;
}

/** A new array of zeros. Small ones are cut from a buffer that they share: one of its own costs several times as much. */
function heapArray(dtype: DType, length: number): TypedArray {
  const bytes = length * bytesPerElement(dtype);
  // The engine keeps the very smallest in the array's own object.
  if (bytes <= 64 || bytes > POOLED) return makeArray(dtype, length);
  const s = state();
  if (s.poolUsed + bytes > s.pool.byteLength) {
    s.pool = new ArrayBuffer(POOL);
    s.poolUsed = 0;
  }
  const start = s.poolUsed;
  s.poolUsed += Math.ceil(bytes / 8) * 8;
  switch (dtype) {
    case 'float32':
      return new Float32Array(s.pool, start, length);
    case 'float64':
      return new Float64Array(s.pool, start, length);
    case 'int32':
      return new Int32Array(s.pool, start, length);
    default:
      return new Uint8Array(s.pool, start, length);
  }
}

/** A storage around an array of the heap, which it takes over. */
export function heapStorage(array: TypedArray, dtype: DType): Storage {
  return { dtype, length: array.length, address: 0, array, version: 0, owner: null };
}

/** The elements [offset, offset + size) for one call; never to be kept, since growth of the memory detaches it. */
export function viewOf(storage: Storage, offset: number, size: number): TypedArray {
  const { array, address, dtype } = storage;
  if (array !== null) return size === array.length ? array : array.subarray(offset, offset + size);
  if (address === 0) {
    throw new OptionError(
      'a tensor was used after its scope had ended, or after free(); return it from the scope, or keep() it inside the scope',
    );
  }
  switch (dtype) {
    case 'float32':
      return float32View(address + offset * 4, size);
    case 'float64':
      return float64View(address + offset * 8, size);
    case 'int32':
      return int32View(address + offset * 4, size);
    default:
      return uint8View(address + offset, size);
  }
}

/** Frees what the scope still owns. */
export function freeScope(scope: ScopeFrame): void {
  for (const storage of scope.storages) {
    if (storage.owner !== scope) continue;
    if (storage.address !== 0) release(storage.address, storage.length * bytesPerElement(storage.dtype));
    storage.address = 0;
    storage.array = null;
    storage.owner = null;
  }
}

/** Hands a storage to another scope, or to the garbage collector's heap. */
export function moveStorage(storage: Storage, to: ScopeFrame | null): void {
  if (storage.owner === null || storage.owner === 'resident' || storage.owner === to) return;
  storage.owner = to;
  if (to !== null) {
    to.storages.push(storage);
    return;
  }
  if (storage.address === 0) return;
  storage.array = viewOf(storage, 0, storage.length).slice();
  release(storage.address, storage.length * bytesPerElement(storage.dtype));
  storage.address = 0;
}

/** Moves a storage into a block of its own for as long as it is reachable. Without memory it stays on the heap. */
export function makeResident(storage: Storage): void {
  if (storage.owner === 'resident') return;
  if (storage.address === 0 && storage.length >= SMALL) {
    const address = allocate(storage.length * bytesPerElement(storage.dtype));
    if (address !== 0) {
      const values = storage.array!;
      storage.array = null;
      storage.address = address;
      viewOf(storage, 0, storage.length).set(values);
    }
  }
  storage.owner = 'resident';
  if (storage.address !== 0) {
    const held = { address: storage.address, bytes: storage.length * bytesPerElement(storage.dtype) };
    state().finalizer.register(storage, held, storage);
  }
}

/** Ends the residence of a storage now. Its tensors cannot be used any more. */
export function freeResident(storage: Storage): void {
  if (storage.owner !== 'resident') return;
  if (storage.address !== 0) {
    state().finalizer.unregister(storage);
    release(storage.address, storage.length * bytesPerElement(storage.dtype));
  }
  storage.address = 0;
  storage.array = null;
  storage.owner = null;
}

/** Arrays of fewer elements stay on the heap. */
const SMALL = 128;

/** Bytes of a buffer that small arrays share, and of the largest of those: what one of them keeps from being collected is little. */
const POOL = 8192;
const POOLED = 1024;
