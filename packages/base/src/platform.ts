/** A worker of whatever kind the platform has. */
export interface WorkerHandle {
  post(message: unknown): void;
  /** Ends it at once, whatever it does, and resolves when it has ended. */
  terminate(): Promise<void>;
  /** Lets the worker keep the process alive. */
  ref(): void;
  /** Lets the process end while the worker waits. */
  unref(): void;
}

/** What a worker sends: progress on the way, then a value or an error. */
export type Reply =
  | { id: number; progress: unknown }
  | { id: number; value: unknown }
  | { id: number; error: { name: string; message: string; stack: string } };

interface Listeners {
  onReply: (reply: Reply) => void;
  /** Called once if the worker dies by itself. */
  onDeath: (why: string) => void;
}

/** Starts a worker: the web's where there is one (browsers, Deno, Bun), else Node's. */
export function openWorker(url: string | URL, listeners: Listeners): WorkerHandle {
  return typeof Worker === 'function' ? openWebWorker(url, listeners) : openNodeWorker(url, listeners);
}

/** How many workers can work at once: the number of processors. */
export function workersAtOnce(): number {
  const os = builtin<{ availableParallelism(): number }>('node:os');
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/**
 * Whether memory can be shared between threads here. Browsers share it only with pages that are isolated from other
 * origins, though they let everybody construct it.
 */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer === 'function' && globalThis.crossOriginIsolated !== false;
}

/** A copy of the array on shared memory, which workers see without copying; the array itself where memory cannot be shared. */
export function share<A extends Float32Array | Float64Array | Int32Array | Uint8Array>(array: A): A {
  if (!canShareMemory() || array.buffer instanceof SharedArrayBuffer) return array;
  const TypedArray = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const copy = new TypedArray(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

function openWebWorker(url: string | URL, { onReply, onDeath }: Listeners): WorkerHandle {
  const worker = new Worker(url, { type: 'module' });
  worker.onmessage = ({ data }) => onReply(data);
  worker.onerror = (event) => {
    event.preventDefault?.();
    onDeath(event.message ?? 'its file could not be loaded');
  };
  worker.onmessageerror = () => onDeath('it sent something unreadable');
  return {
    post: (message) => worker.postMessage(message),
    terminate: async () => worker.terminate(),
    ref: () => {},
    unref: () => {},
  };
}

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<unknown>;
  ref(): void;
  unref(): void;
}

function openNodeWorker(url: string | URL, { onReply, onDeath }: Listeners): WorkerHandle {
  const { Worker } = builtin<{ Worker: new (url: URL) => NodeWorker }>('node:worker_threads')!;
  const worker = new Worker(new URL(url));
  worker.unref();
  worker.on('message', onReply);
  worker.on('error', (error: unknown) => onDeath(error instanceof Error ? error.message : String(error)));
  worker.on('messageerror', () => onDeath('it sent something unreadable'));
  worker.on('exit', (code: number) => onDeath(`exit code ${code}`));
  return {
    post: (message) => worker.postMessage(message),
    terminate: async () => {
      await worker.terminate();
    },
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
}

/** A module of Node's own, found in a way that bundlers for browsers do not follow; undefined elsewhere. */
function builtin<T>(name: string): T | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as T | undefined;
}
