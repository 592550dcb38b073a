import { shared } from '@maru-ml/base';
import {
  addressOf,
  allocate,
  memory,
  type NumberArray,
  refusedByEnvironment,
  release,
  SCRATCH,
  SCRATCH_BYTES,
  uint8View,
} from './memory.ts';

/** The exported functions of a kernel module: numbers in, numbers out. */
export type Exports<Name extends string = string> = Record<Name, (...args: number[]) => number>;

/** How kernels are chosen in this program. */
export interface Choice {
  /** 'auto' goes by size; tests force the twins, or the kernels at any size. */
  mode: 'auto' | 'js' | 'wasm';
  /** Counts entries into WebAssembly, so that a test can tell that a kernel ran and not its twin. */
  calls: number;
}

/** What this copy of the package found in the program's one record; the choice itself lives there, not here. */
let known: Choice | undefined;

/** How kernels are chosen; tests change its mode. */
export function choice(): Choice {
  if (known === undefined) known = shared('kernels', (): Choice => ({ mode: 'auto', calls: 0 }));
  return known;
}

/**
 * Declares a kernel module. The function that comes back gives the module's functions, instantiated on its first call on
 * the one memory, or null where that fails or twins are wanted: then the twins do the work.
 * Nothing happens before the first call, so a bundler may drop what is not used: write
 * `const kernels = /* @__PURE__ *\/ kernelModule<'add' | 'sub'>(bytes);`.
 * @param bytes the module as text, see `decode`
 */
export function kernelModule<Name extends string>(bytes: string): () => Exports<Name> | null {
  let exports: Exports<Name> | null | undefined;
  return () => {
    if (exports === undefined) {
      try {
        exports = instantiate(bytes) as Exports<Name>;
      } catch {
        exports = null;
      }
    }
    return choice().mode === 'js' ? null : exports;
  };
}

/** Which kernels are in use, and why. */
export interface Backend {
  name: 'wasm' | 'js';
  reason: string;
}

/** Tells whether WebAssembly SIMD kernels or their TypeScript twins run, and why. */
export function backend(): Backend {
  if (refusedByEnvironment()) return { name: 'js', reason: 'MARU_KERNELS=js is set' };
  if (memory() === null) return { name: 'js', reason: 'WebAssembly memory was refused' };
  // The smallest module that uses SIMD: (func (drop (i32x4.splat (i32.const 0)))).
  try {
    shared('kernels/probe', () => instantiate('(|I|[|U)(((),)|H((+*)(21)/(i(~e9B3'));
    return { name: 'wasm', reason: 'WebAssembly SIMD is available' };
  } catch (error) {
    return { name: 'js', reason: `WebAssembly was refused: ${(error as Error).message}` };
  }
}

/** @throws where there is no memory or the engine refuses the module */
function instantiate(text: string): Exports {
  const module = new WebAssembly.Module(decode(text));
  const { exports } = new WebAssembly.Instance(module, { env: { memory: memory()!.wasm } });
  return exports as unknown as Exports;
}

/**
 * The bytes that `scripts/generate.js` wrote as text: each by the character 40 places behind it, from ( to {; or, if it is 64, 128
 * or 192 too large for that, behind a |, } or ~. Compressed, this is a tenth shorter than hexadecimal.
 */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const page = Math.max(0, text.charCodeAt(i) - 123);
    if (page > 0) i++;
    bytes.push(text.charCodeAt(i) + 64 * page - 40);
  }
  return Uint8Array.from(bytes);
}

/**
 * Calls `run` with the addresses of the arrays: resident ones as they lie, others in one block that is copied
 * in before and (outputs, which come first) out after. Returns false, having done nothing, when there is no room.
 * With resident arrays among them the memory does not grow, since that would detach the caller's views; it grows, as much
 * as was missing, with the next block that is allocated.
 * @param outputs how many of the arrays are outputs
 * @param written how many of the outputs are wholly overwritten, so that they need not be copied in; default 0
 * @param work bytes of working space that the kernel wants; its address comes last, after those of the arrays; default 0
 */
export function withAddresses(
  arrays: readonly NumberArray[],
  outputs: number,
  run: (...addresses: number[]) => void,
  written = 0,
  work = 0,
): boolean {
  const count = arrays.length;
  const addresses: number[] = [];
  const guests: boolean[] = [];
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const array = arrays[i]!;
    // Taken before anything is allocated: growth detaches the views. Address 0 belongs to no array.
    const address = addressOf(array);
    guests.push(address === 0);
    addresses.push(address);
    if (address === 0) bytes += rounded(array.byteLength);
  }
  const fits = work <= SCRATCH_BYTES;
  if (!fits) bytes += rounded(work);
  const block = bytes === 0 ? 0 : allocate(bytes, !guests.includes(false));
  if (bytes !== 0 && block === 0) return false;
  let next = block;
  for (let i = 0; i < count; i++) {
    if (!guests[i]) continue;
    const array = arrays[i]!;
    addresses[i] = next;
    if (i >= written) uint8View(next, array.byteLength).set(bytesOf(array));
    next += rounded(array.byteLength);
  }
  if (work > 0) addresses.push(fits ? SCRATCH : next);
  choice().calls++;
  run(...addresses);
  for (let i = 0; i < outputs; i++) {
    if (guests[i]) bytesOf(arrays[i]!).set(uint8View(addresses[i]!, arrays[i]!.byteLength));
  }
  if (block !== 0) release(block, bytes);
  return true;
}

function bytesOf(array: NumberArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Blocks start at multiples of 16, the width of a vector. */
function rounded(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
