/** @module-tag node */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// Each test starts a program of its own: the record that copies share is taken away and the modules are loaded anew.
const RECORD = Symbol.for('maru.tensor.1');
const globals = globalThis as unknown as Record<symbol, unknown>;
let kept: PropertyDescriptor | undefined;

beforeEach(() => {
  kept = Object.getOwnPropertyDescriptor(globalThis, RECORD);
  Reflect.deleteProperty(globals, RECORD);
  vi.resetModules();
});

afterEach(() => {
  Reflect.deleteProperty(globals, RECORD);
  if (kept !== undefined) Object.defineProperty(globalThis, RECORD, kept);
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

async function program() {
  const memory = await import('../src/memory.ts');
  const module = await import('../src/module.ts');
  const elementwise = await import('../src/elementwise.ts');
  const math = await import('../src/math.ts');
  const reduce = await import('../src/reduce.ts');
  return { ...memory, ...module, ...elementwise, exp: math.exp, sum: reduce.sum };
}

/** Stands for a system that has no memory left. */
const refuse = () => {
  throw new RangeError('out of memory');
};

describe('the memory', () => {
  it('is not made on import, but on first use', async () => {
    const p = await program();
    expect(globals[RECORD]).toBeUndefined();
    expect(p.memoryInUse()).toBe(0);
    expect(globals[RECORD]).toBeDefined();
  });

  it('gives aligned blocks that do not overlap, and reuses them', async () => {
    const p = await program();
    const sizes = [1, 63, 64, 65, 512, 513, 1000, 4096, 4097, 100_000];
    const blocks = sizes.map((bytes) => ({ bytes, address: p.allocate(bytes) }));
    for (const { address } of blocks) expect(address % 16).toBe(0);
    const sorted = [...blocks].sort((a, b) => a.address - b.address);
    for (let i = 1; i < sorted.length; i++) {
      expect(sorted[i]!.address).toBeGreaterThanOrEqual(sorted[i - 1]!.address + sorted[i - 1]!.bytes);
    }
    expect(p.memoryInUse()).toBeGreaterThanOrEqual(sizes.reduce((a, b) => a + b));
    const top = p.memory()!.top;
    for (const { address, bytes } of blocks) p.release(address, bytes);
    expect(p.memoryInUse()).toBe(0);
    for (const bytes of sizes) expect(p.allocate(bytes)).toBeGreaterThan(0);
    expect(p.memory()!.top).toBe(top);
  });

  it('wastes at most a fifth of a block above 512 bytes', async () => {
    const p = await program();
    for (let bytes = 513; bytes < 1e6; bytes = Math.floor(bytes * 1.07)) {
      const before = p.memoryInUse();
      const address = p.allocate(bytes);
      expect(p.memoryInUse() - before).toBeLessThanOrEqual(bytes / 0.8 + 1);
      p.release(address, bytes);
    }
  });

  it('keeps blocks and tells resident views from others when it grows', async () => {
    const p = await program();
    const address = p.allocate(400);
    const before = p.float32View(address, 100);
    before.set(before.map((_, i) => i));
    expect(p.isResident(before)).toBe(true);
    expect(p.addressOf(before.subarray(3))).toBe(address + 12);
    p.allocate(80_000_000);
    expect(before.length).toBe(0);
    const after = p.float32View(address, 100);
    expect(after[99]).toBe(99);
    expect(p.isResident(after)).toBe(true);
    expect(p.isResident(new Float32Array(5))).toBe(false);
    expect(p.addressOf(new Float32Array(new ArrayBuffer(100_000), 80_000, 5))).toBe(0);
    expect(p.int32View(address, 1)[0]).toBe(0);
    expect(p.uint8View(address + 7, 1)[0]).toBe(0x3f);
    expect(p.float64View(p.allocate(16), 2).length).toBe(2);
  });

  it('makes room, after which blocks do not grow it', async () => {
    const p = await program();
    p.makeRoom(100_000_000);
    const { buffer } = p.memory()!;
    expect(p.allocate(60_000_000, false)).toBeGreaterThan(0);
    expect(p.allocate(20_000_000, false)).toBeGreaterThan(0);
    p.makeRoom(1000);
    expect(p.memory()!.buffer).toBe(buffer);
    expect(p.allocate(100_000_000, false)).toBe(0);
  });

  it('answers 0 when it is exhausted, and results stay right', async () => {
    const p = await program();
    const m = p.memory()!;
    m.top = m.buffer.byteLength - 4096;
    m.wasm.grow = refuse;
    const used = p.memoryInUse();
    expect(p.allocate(10_000)).toBe(0);
    const address = p.allocate(4000);
    expect(address).toBeGreaterThan(0);
    const x = Float32Array.from({ length: 5000 }, (_, i) => i % 7);
    const out = new Float32Array(1);
    p.sum(x, 1, 5000, 1, out);
    expect(out[0]).toBe(x.reduce((a, b) => a + b));
    expect(p.memoryInUse()).toBe(used + 4096);
  });

  it('answers 0 when the system refuses to grow', async () => {
    const p = await program();
    p.memory()!.wasm.grow = refuse;
    expect(p.allocate(100_000_000)).toBe(0);
    expect(p.memoryInUse()).toBe(0);
    expect(p.allocate(100)).toBeGreaterThan(0);
  });

  it('gives blocks back after calls that copied', async () => {
    const p = await program();
    const x = new Float32Array(100_000).fill(1);
    const out = new Float32Array(1);
    for (let i = 0; i < 3; i++) p.sum(x, 1, 100_000, 1, out);
    expect(out[0]).toBe(100_000);
    expect(p.memoryInUse()).toBe(0);
  });

  it('is shared by two copies of the package', async () => {
    const first = await program();
    const address = first.allocate(400);
    const x = first.float32View(address, 100);
    x.fill(2);
    vi.resetModules();
    const second = await program();
    expect(second.memory).not.toBe(first.memory);
    expect(second.isResident(x)).toBe(true);
    second.allocate(50_000_000);
    expect(first.float32View(address, 100)[99]).toBe(2);
    const [a, b] = [first.float32View(address, 100), second.float32View(address, 100)];
    first.add(a, a, a);
    second.add(b, b, b);
    expect(a[99]).toBe(8);
    expect(first.memoryInUse()).toBe(second.memoryInUse());
  });
});

describe('withAddresses', () => {
  it('copies guests in and out and leaves residents where they are', async () => {
    const p = await program();
    const address = p.allocate(64);
    const resident = p.float32View(address, 4);
    resident.set([1, 2, 3, 4]);
    const guest = Float32Array.of(10, 20, 30, 40);
    const out = Float32Array.of(-1, -1, -1, -1);
    const used = p.memoryInUse();
    const done = p.withAddresses([out, guest, resident], 1, (o, g, r) => {
      expect(r).toBe(address);
      expect([...p.float32View(o!, 4)]).toEqual([-1, -1, -1, -1]);
      const [a, b] = [p.float32View(g!, 4), p.float32View(r!, 4)];
      p.float32View(o!, 4).set(a.map((v, i) => v + b[i]!));
      a.fill(0);
    });
    expect(done).toBe(true);
    expect([...out]).toEqual([11, 22, 33, 44]);
    expect([...guest]).toEqual([10, 20, 30, 40]);
    expect(p.memoryInUse()).toBe(used);
  });

  it('does not grow the memory under resident views; the next block does', async () => {
    const p = await program();
    const address = p.allocate(64);
    const resident = p.float32View(address, 16);
    resident.fill(3);
    const m = p.memory()!;
    const size = m.buffer.byteLength;
    const guest = new Float32Array(size / 4);
    expect(p.withAddresses([resident, guest], 1, () => {})).toBe(false);
    expect(resident[15]).toBe(3);
    // A resident result of a long array of the heap: right all the same, and then by a kernel.
    guest.fill(1);
    const calls = p.choice().calls;
    p.sum(guest, 1, guest.length, 1, resident.subarray(0, 1));
    expect(resident[0]).toBe(guest.length);
    expect(p.choice().calls).toBe(calls);
    p.allocate(64);
    expect(resident.length).toBe(0);
    p.sum(guest, 1, guest.length, 1, p.float32View(address, 1));
    expect(p.float32View(address, 1)[0]).toBe(guest.length);
    expect(p.choice().calls).toBe(calls + 1);
  });

  it('leaves room for copies whenever it grows', async () => {
    const p = await program();
    const m = p.memory()!;
    p.allocate(m.buffer.byteLength);
    expect(m.buffer.byteLength - m.top).toBeGreaterThanOrEqual(2 ** 24);
  });

  it('does nothing when there is no room', async () => {
    const p = await program();
    const m = p.memory()!;
    m.top = m.buffer.byteLength;
    m.wasm.grow = refuse;
    const run = vi.fn();
    expect(p.withAddresses([new Float32Array(100)], 1, run)).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('the backend', () => {
  it('is WebAssembly where there is SIMD', async () => {
    const p = await program();
    expect(p.backend()).toEqual({ name: 'wasm', reason: 'WebAssembly SIMD is available' });
  });

  it('is TypeScript when the environment says so', async () => {
    vi.stubEnv('MARU_KERNELS', 'js');
    const p = await program();
    expect(p.backend()).toEqual({ name: 'js', reason: 'MARU_KERNELS=js is set' });
    await twinsWork(p);
  });

  it('is TypeScript where there is no WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const p = await program();
    expect(p.backend()).toEqual({ name: 'js', reason: 'WebAssembly memory was refused' });
    await twinsWork(p);
  });

  it('is TypeScript where modules may not be compiled', async () => {
    const { Memory, Instance } = WebAssembly;
    const { CompileError } = WebAssembly;
    const Module = vi.fn(function compile() {
      throw new CompileError('blocked by the content security policy');
    });
    vi.stubGlobal('WebAssembly', { Memory, Instance, Module });
    const p = await program();
    const reason = 'WebAssembly was refused: blocked by the content security policy';
    expect(p.backend()).toEqual({ name: 'js', reason });
    expect(Module).toHaveBeenCalledTimes(1);
    await twinsWork(p);
    expect(p.choice().calls).toBe(0);
  });

  it('works where there is no process', async () => {
    const p = await program();
    vi.stubGlobal('process', undefined);
    const { name } = p.backend();
    vi.unstubAllGlobals();
    expect(name).toBe('wasm');
  });

  async function twinsWork(p: Awaited<ReturnType<typeof program>>) {
    const x = Float32Array.from({ length: 1000 }, (_, i) => i / 100 - 5);
    const out = new Float32Array(1000);
    p.exp(x, out);
    expect(Math.abs(out[999]! / Math.exp(x[999]!) - 1)).toBeLessThan(1e-7);
    p.add(x, x, out);
    expect(out[0]).toBe(-10);
    const total = new Float32Array(1);
    p.sum(x, 1, 1000, 1, total);
    expect(total[0]).toBeCloseTo(-5, 5);
  }
});
