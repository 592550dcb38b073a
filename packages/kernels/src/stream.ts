import { addressOf, memory, type NumberArray, SCRATCH, SCRATCH_BYTES } from './memory.ts';
import { choice } from './module.ts';

/** From how many elements on a kernel that takes its arrays by address beats the loop of its twin. */
const BY_ADDRESS = 64;

/** From how many elements on it is worth copying arrays in and out for a kernel of one step an element. */
const BY_COPY = 256;

/** The same, with copies or without, where the twin spends as much on an element as on an exponential. */
export const DEAR = 16;

/** Whether `n` elements are enough to look for a kernel at all. */
export function enough(n: number, from: number = BY_ADDRESS): boolean {
  return n >= from ? choice().mode !== 'js' : choice().mode === 'wasm';
}

/** Whether `n` elements are enough to copy arrays for a kernel. */
export function copyPays(n: number, from: number = BY_COPY): boolean {
  return n >= from || choice().mode === 'wasm';
}

/** Whether all arrays hold floats of one kind. */
export function sameFloats(out: NumberArray, a: NumberArray, b: NumberArray = a): boolean {
  if (out instanceof Float32Array) return a instanceof Float32Array && b instanceof Float32Array;
  return out instanceof Float64Array && a instanceof Float64Array && b instanceof Float64Array;
}

/**
 * Runs an element-wise kernel over arrays that lie anywhere. If all are resident it runs once; else in pieces that pass
 * through the scratch space, which stays in the nearest caches and never makes the memory grow.
 * @param n the number of elements
 * @param arrays the outputs first; an array that is shorter than `n` repeats, and none is longer
 * @param outputs how many of them are written
 * @param reads whether an array is read, by bits from the lowest
 * @param run called with the addresses and a number of elements, a multiple of each shorter array's length but at the end
 * @param from the number of elements from which on copying pays
 * @returns false, having done nothing, where copying would not pay
 */
export function stream(
  n: number,
  arrays: readonly NumberArray[],
  outputs: number,
  reads: number,
  run: (addresses: readonly number[], count: number) => void,
  from: number = BY_COPY,
): boolean {
  // Guests are arrays of the heap. Each has a slot in the scratch space: for a piece, or for all of it if it repeats.
  const starts: number[] = [];
  let width = 0;
  let whole = 0;
  let unit = 1;
  for (const array of arrays) {
    const address = addressOf(array);
    starts.push(address);
    if (array.length < n) unit = Math.max(unit, array.length);
    if (address !== 0) continue;
    if (array.length < n) whole += rounded(array.byteLength);
    else width += array.BYTES_PER_ELEMENT;
  }
  if (width > 0 && !copyPays(n, from)) return false;
  const room = SCRATCH_BYTES - whole - 16 * arrays.length;
  const most = width === 0 ? n : Math.min(n, Math.floor(room / width / unit) * unit);
  if (room < 0 || (most <= 0 && n > 0)) return false;

  const at: number[] = [];
  const slots: number[] = [];
  let next = SCRATCH;
  for (let k = 0; k < arrays.length; k++) {
    const array = arrays[k]!;
    const guest = starts[k] === 0;
    slots.push(guest ? next : 0);
    at.push(guest ? next : starts[k]!);
    if (!guest) continue;
    if (array.length < n) copyIn(next, array);
    next += rounded((array.length < n ? array.length : most) * array.BYTES_PER_ELEMENT);
  }
  choice().calls++;
  for (let i = 0; i < n; i += most) {
    const count = Math.min(most, n - i);
    for (let k = 0; k < arrays.length; k++) {
      const array = arrays[k]!;
      if (array.length < n) continue;
      if (slots[k] === 0) at[k] = starts[k]! + i * array.BYTES_PER_ELEMENT;
      else if ((reads >> k) & 1) copyIn(slots[k]!, count === n ? array : array.subarray(i, i + count));
    }
    run(at, count);
    for (let k = 0; k < outputs; k++) {
      if (slots[k] !== 0) copyOut(slots[k]!, arrays[k]!, i, count);
    }
  }
  return true;
}

/** Views of the scratch space by the kinds of their elements, and the buffer that they are of: growth gives another one. */
let views: readonly [Float32Array, Float64Array, Int32Array, Uint8Array];
let viewed: ArrayBuffer | undefined;

/** The view of the scratch space with the array's kind of elements, so that copying is a plain move of bytes. */
export function scratchLike(array: NumberArray): NumberArray {
  const { buffer } = memory()!;
  if (viewed !== buffer) {
    viewed = buffer;
    views = [
      new Float32Array(buffer, SCRATCH, SCRATCH_BYTES / 4),
      new Float64Array(buffer, SCRATCH, SCRATCH_BYTES / 8),
      new Int32Array(buffer, SCRATCH, SCRATCH_BYTES / 4),
      new Uint8Array(buffer, SCRATCH, SCRATCH_BYTES),
    ];
  }
  if (array instanceof Float32Array) return views[0];
  if (array instanceof Float64Array) return views[1];
  return array instanceof Int32Array ? views[2] : views[3];
}

function copyIn(slot: number, array: NumberArray): void {
  scratchLike(array).set(array, (slot - SCRATCH) / array.BYTES_PER_ELEMENT);
}

function copyOut(slot: number, array: NumberArray, start: number, count: number): void {
  const from = (slot - SCRATCH) / array.BYTES_PER_ELEMENT;
  array.set(scratchLike(array).subarray(from, from + count), start);
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
