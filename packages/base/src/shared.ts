import { OptionError } from './errors.ts';

/** The protocol of the shared record. It changes when copies of different releases could no longer work on one record. */
const PROTOCOL = 1;
const PREFIX = 'maru.tensor.';
const KEY = Symbol.for(PREFIX + PROTOCOL);

/**
 * A value that exists once in a program, however many copies of the packages are loaded: the default random stream,
 * the WebAssembly memory, the stack of scopes. All live in one record at `globalThis[Symbol.for('maru.tensor.1')]`.
 */
export function shared<T>(slot: string, make: () => T): T {
  const slots = sharedSlots();
  if (!slots.has(slot)) slots.set(slot, make());
  return slots.get(slot) as T;
}

/** All slots. */
export function sharedSlots(): Map<string, unknown> {
  const global = globalThis as unknown as Record<symbol, Map<string, unknown> | undefined>;
  global[KEY] ??= new Map();
  return global[KEY];
}

/**
 * For what cannot work beside copies that speak another protocol, as tensors: they meet in one computation.
 * @throws OptionError if such a copy is loaded in the same program
 */
export function checkProtocol(): void {
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    const [, other] = Symbol.keyFor(symbol)?.split(PREFIX) ?? [];
    if (other && symbol !== KEY) {
      throw new OptionError(
        `maru: this copy speaks protocol ${PROTOCOL}, but a copy with protocol ${other} is loaded; update so that all @maru-ml packages are of one major version`,
      );
    }
  }
}
