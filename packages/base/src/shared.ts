import { OptionError } from './errors.ts';

/** The shared record's key. The number is its protocol: it changes when copies of different releases could no longer work on one record. */
const KEY = Symbol.for('maru.tensor.1');

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
  const own = protocolOf(KEY);
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    const other = protocolOf(symbol);
    if (other && other !== own) {
      throw new OptionError(
        `maru: this copy speaks protocol ${own}, but a copy with protocol ${other} is loaded; update so that all @maru-ml packages are of one major version`,
      );
    }
  }
}

function protocolOf(symbol: symbol): string | undefined {
  return Symbol.keyFor(symbol)?.split('maru.tensor.')[1];
}
