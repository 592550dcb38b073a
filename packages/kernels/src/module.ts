import { shared } from '@maru-ml/base';
import { allocate, isResident, memory, type NumberArray, release, uint8View } from './memory.ts';

/** The exported functions of a kernel module: numbers in, numbers out. */
export type Exports = Record<string, (...args: number[]) => number>;

interface Loaded {
  exports: Exports | null;
  reason: string;
}

/**
 * The functions of a kernel module, instantiated on its first use on the shared memory; null where that fails,
 * and then the twins do the work.
 * @param bytes the module in base64
 */
export function load(name: string, bytes: string): Exports | null {
  return shared(`kernels/${name}/${bytes.length}`, () => instantiate(bytes)).exports;
}

/** Which kernels are in use, and why. */
export interface Backend {
  name: 'wasm' | 'js';
  reason: string;
}

/** Tells whether WebAssembly SIMD kernels or their TypeScript twins run, and why. */
export function backend(): Backend {
  const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env;
  if (environment?.MARU_KERNELS === 'js') return { name: 'js', reason: 'MARU_KERNELS=js is set' };
  if (memory() === null) return { name: 'js', reason: 'WebAssembly memory was refused' };
  // The smallest module that uses SIMD: (func (drop (i32x4.splat (i32.const 0)))).
  const probe = shared('kernels/probe', () => instantiate('AGFzbQEAAAABBAFgAAADAgEACgkBBwBBAP0RGgs='));
  return probe.exports === null ? { name: 'js', reason: probe.reason } : { name: 'wasm', reason: 'WebAssembly SIMD is available' };
}

function instantiate(base64: string): Loaded {
  const m = memory();
  if (m === null) return { exports: null, reason: 'no memory' };
  try {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: m.wasm } });
    return { exports: instance.exports as unknown as Exports, reason: '' };
  } catch (error) {
    return { exports: null, reason: `WebAssembly was refused: ${(error as Error).message}` };
  }
}

/**
 * Calls `run` with the addresses of the arrays: resident ones as they lie, others through blocks that are copied
 * in before and (outputs, which come first) out after. Returns false, having done nothing, when memory is exhausted.
 */
export function withAddresses(
  arrays: readonly NumberArray[],
  outputs: number,
  run: (...addresses: number[]) => void,
): boolean {
  const resident = arrays.map(isResident);
  // Taken before anything is allocated: growth detaches the views.
  const addresses = arrays.map((array, i) => (resident[i] ? array.byteOffset : 0));
  const bytes = arrays.map((array) => array.byteLength);
  const releaseAll = () => {
    for (let i = 0; i < arrays.length; i++) if (!resident[i]) release(addresses[i]!, bytes[i]!);
  };
  for (let i = 0; i < arrays.length; i++) {
    if (resident[i]) continue;
    addresses[i] = allocate(bytes[i]!);
    if (addresses[i] === 0) {
      releaseAll();
      return false;
    }
  }
  for (let i = 0; i < arrays.length; i++) {
    const array = arrays[i]!;
    if (!resident[i]) uint8View(addresses[i]!, bytes[i]!).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  run(...addresses);
  for (let i = 0; i < outputs; i++) {
    const array = arrays[i]!;
    if (!resident[i]) new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(uint8View(addresses[i]!, bytes[i]!));
  }
  releaseAll();
  return true;
}
