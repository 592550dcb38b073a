import { shared } from '@maru-ml/base';

/** The typed arrays that kernels work on. */
export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** The typed arrays that most kernels work on. */
export type FloatArray = Float32Array | Float64Array;

/**
 * One WebAssembly memory for all kernels and tensors of a program, with an allocator of size classes:
 * a freed block is reused by the next request of its class, so a loop that repeats its shapes settles after one turn.
 * Blocks are named by their address. Views are made for a call and not kept: growth detaches them.
 */
export interface Memory {
  readonly wasm: WebAssembly.Memory;
  /** The buffer of `wasm` as it is now: reading it from `wasm` costs a call into the engine each time. */
  buffer: ArrayBuffer;
  /** The first address that no block has had. */
  top: number;
  /** Free addresses of each size class, by the class's size in bytes. */
  readonly free: Map<number, number[]>;
  /** Bytes that a call had no room for when it must not grow the memory: the next block makes it grow by them. */
  wanted: number;
}

const PAGE = 65536;

/** Bytes kept for the copies of calls: 16 MB, which cost nothing until they are touched. */
const ROOM = 256 * PAGE;

/** Where the scratch space starts: room for the moment of one kernel call, for whoever makes the call. */
export const SCRATCH = 1024;

/** The size of the scratch space in bytes, 63 KB: small enough to stay in the processor's nearest caches. */
export const SCRATCH_BYTES: number = 64512;

/** The address of the first block. */
const FIRST = SCRATCH + SCRATCH_BYTES;

/** What this copy of the package found in the program's one record; the memory itself lives there, not here. */
let known: Memory | null | undefined;

/** The memory, or null where WebAssembly is refused. Made on first use. */
export function memory(): Memory | null {
  if (known === undefined) known = shared('memory', makeMemory);
  return known;
}

/**
 * Allocates a block and returns its address (a multiple of 16), or 0 when there is no memory left or none at all.
 * @param mayGrow whether the memory may grow for it, which detaches all views; default true
 */
export function allocate(bytes: number, mayGrow = true): number {
  const m = memory();
  if (m === null) return 0;
  if (mayGrow && m.wanted > 0) grow(m, 0);
  const size = sizeClass(bytes);
  let address = m.free.get(size)?.pop();
  if (address === undefined) {
    const end = m.top + size;
    const missing = end - m.buffer.byteLength;
    if (missing > 0) {
      if (!mayGrow) m.wanted = Math.max(m.wanted, missing);
      if (!mayGrow || !grow(m, missing)) return 0;
    }
    address = m.top;
    m.top = end;
  }
  return address;
}

/** Grows the memory, if need be, so that blocks of `bytes` in all can be allocated afterwards without growth. */
export function makeRoom(bytes: number): void {
  const m = memory();
  if (m === null) return;
  const missing = m.top + bytes - m.buffer.byteLength;
  if (missing > 0) grow(m, missing);
}

/** Gives back the block at `address` that was allocated for `bytes`. */
export function release(address: number, bytes: number): void {
  if (address === 0) return;
  const { free } = memory()!;
  const size = sizeClass(bytes);
  if (!free.get(size)?.push(address)) free.set(size, [address]);
}

/** Bytes of WebAssembly memory in use by live blocks. */
export function memoryInUse(): number {
  const m = memory();
  if (m === null) return 0;
  let used = m.top - FIRST;
  for (const [size, addresses] of m.free) used -= size * addresses.length;
  return used;
}

/** Whether the array is a view of the kernels' memory, so that a kernel can take it by its address. */
export function isResident(array: NumberArray): boolean {
  return array.buffer === memory()?.buffer;
}

/** The address of an array that is a view of the kernels' memory, else 0. */
export function addressOf(array: NumberArray): number {
  const address = array.byteOffset;
  // Asking for the buffer is dear, so what cannot lie in a block is turned away before.
  if (address < SCRATCH) return 0;
  return array.buffer === memory()?.buffer ? address : 0;
}

/** A view of `length` numbers at `address`, for one call. */
export function float32View(address: number, length: number): Float32Array<ArrayBuffer> {
  return new Float32Array(memory()!.buffer, address, length);
}

/** A view of `length` numbers at `address`, for one call. */
export function float64View(address: number, length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(memory()!.buffer, address, length);
}

/** A view of `length` numbers at `address`, for one call. */
export function int32View(address: number, length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(memory()!.buffer, address, length);
}

/** A view of `length` bytes at `address`, for one call. */
export function uint8View(address: number, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(memory()!.buffer, address, length);
}

/** Whether the environment asks for the twins. */
export function refusedByEnvironment(): boolean {
  const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env;
  return environment?.MARU_KERNELS === 'js';
}

function makeMemory(): Memory | null {
  if (refusedByEnvironment()) return null;
  try {
    // Not the last page of 32-bit addresses, since the end of a block must be an address too.
    const wasm = new WebAssembly.Memory({ initial: ROOM / PAGE, maximum: PAGE - 1 });
    return { wasm, buffer: wasm.buffer, top: FIRST, free: new Map(), wanted: 0 };
  } catch {
    return null;
  }
}

/** Grows by what is missing and, where that is granted, by room for calls to come. */
function grow(m: Memory, missing: number): boolean {
  const generous = Math.max(ROOM, Math.min(m.buffer.byteLength / 8, 4 * ROOM), m.wanted);
  m.wanted = 0;
  for (const room of [generous, 0]) {
    try {
      m.wasm.grow(Math.ceil((missing + room) / PAGE));
      m.buffer = m.wasm.buffer;
      return true;
    } catch {
      // Refused by the engine or the system: try the smaller request, then give up.
    }
  }
  return false;
}

/** Sizes step by 64 bytes up to 512, then in quarters of a power of two, so that at most a fifth of a block is idle. */
function sizeClass(bytes: number): number {
  const step = 2 ** Math.max(6, 29 - Math.clz32(bytes - 1));
  return Math.max(64, Math.ceil(bytes / step) * step);
}
