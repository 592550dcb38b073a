import { setTimeout as later } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OptionError } from '@maru-ml/base';
import { isResident, memory, memoryInUse } from '@maru-ml/kernels/memory';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  add,
  assign,
  buffer,
  checkpoint,
  clone,
  exp,
  free,
  grad,
  isTensor,
  keep,
  matmul,
  mul,
  noGrad,
  ones,
  parameter,
  randn,
  resident,
  scope,
  slice,
  sub,
  sum,
  type Tensor,
  tensor,
  withViews,
  zeroGrad,
  zeros,
} from '../src/index.ts';
import { state } from '../src/storage.ts';

const GONE =
  'a tensor was used after its scope had ended, or after free(); return it from the scope, or keep() it inside the scope';
const OPEN = 'scope: a scope that was opened later is still open; was one left open across an await?';

let before = 0;
beforeEach(() => {
  before = memoryInUse();
});
afterEach(() => {
  expect(state().scopes).toEqual([]);
});

/** Bytes in use now, more than at the start of the test. */
const more = () => memoryInUse() - before;

/** Whether the elements lie in the kernels' memory. */
const inMemory = (t: Tensor) => t.storage.address !== 0;

describe('a scope', () => {
  it('holds results in memory of its own and frees them', { tags: ['wasm'] }, () => {
    scope(() => {
      const x = zeros([1000]);
      expect(inMemory(x)).toBe(true);
      expect(inMemory(x.add(1))).toBe(true);
      expect(more()).toBeGreaterThanOrEqual(8000);
    });
    expect(more()).toBe(0);
    expect(inMemory(zeros([1000]))).toBe(false);
  });

  it('uses the same memory in every turn', () => {
    const w = parameter(randn([50, 60], { seed: 0 }));
    const turn = () =>
      scope(() => {
        const y = exp(matmul(randn([40, 50], { seed: 1 }), w).mul(0.1));
        y.mul(y).sum().backward();
        zeroGrad(w);
      });
    turn();
    const [used, top] = [memoryInUse(), memory()?.top];
    for (let i = 0; i < 50; i++) turn();
    expect(memoryInUse()).toBe(used);
    expect(memory()?.top).toBe(top);
    free(w);
    expect(more()).toBe(0);
  });

  it('may stand in another: results move one scope out', { tags: ['wasm'] }, () => {
    scope(() => {
      const x = ones([300]);
      const y = scope(() => {
        const inner = x.mul(2);
        return scope(() => inner.add(1));
      });
      expect(inMemory(y)).toBe(true);
      expectClose(y.sum().item(), 900);
      const used = more();
      scope(() => zeros([10_000]).add(1).sum().item());
      expect(more()).toBe(used);
      return 5;
    });
    expect(more()).toBe(0);
  });

  it('hands out what its function returns, in arrays, objects, maps and sets', () => {
    const made = () => ones([200]).mul(3);
    const nested = scope(() => ({ a: [made(), { b: made() }], map: new Map([['k', made()]]), set: new Set([made()]) }));
    const found: Tensor[] = [nested.a[0] as Tensor, (nested.a[1] as { b: Tensor }).b];
    found.push(nested.map.get('k')!, ...nested.set);
    for (const t of found) expectClose(t.sum().item(), 600);
    expect(found.some(inMemory)).toBe(false);
    expect(scope(() => 'text')).toBe('text');
    expect(scope(() => undefined)).toBeUndefined();
    expect(scope(() => null)).toBeNull();
    expect(more()).toBe(0);
  });

  it('hands out long arrays and rings', () => {
    expect(scope(() => zeros([300_000]).toArray())).toHaveLength(300_000);
    const ring = scope(() => {
      const t = ones([200]);
      const object: { t: Tensor; self?: unknown } = { t };
      object.self = object;
      return object;
    });
    expect(ring.t.sum().item()).toBe(200);
  });

  it('hands out the graph of a result, with what it saved', () => {
    const w = tensor(ones([200]), { requiresGrad: true });
    const loss = scope(() => {
      const hidden = exp(w.mul(0.5));
      return sum(mul(hidden, hidden));
    });
    expect(more()).toBe(0);
    loss.backward();
    expectClose(w.grad, new Array(200).fill(Math.E), { rtol: 1e-6 });
    expect(more()).toBe(0);
  });

  it('hands out gradients, and those of a leaf made outside', () => {
    const w = tensor(ones([200]), { requiresGrad: true });
    const g = scope(() => grad(w.mul(w).sum(), w));
    expectClose(g.sum().item(), 400);
    scope(() => w.mul(3).sum().backward());
    expectClose(w.grad?.sum().item(), 600);
    scope(() => w.mul(3).sum().backward());
    expectClose(w.grad?.sum().item(), 1200);
    expect(more()).toBe(0);
  });

  it('keeps what keep() takes out', () => {
    let kept: Tensor | undefined;
    scope(() => {
      const x = tensor(ones([200]), { requiresGrad: true });
      kept = keep(exp(x).sum());
      expect(inMemory(x)).toBe(false);
    });
    expectClose(kept?.item(), 200 * Math.E, { rtol: 1e-6 });
    kept?.backward();
    expect(more()).toBe(0);
  });

  it('can be opened with using', { tags: ['wasm'] }, () => {
    let inside: Tensor;
    {
      using _ = scope();
      inside = zeros([200]);
      expect(inMemory(inside)).toBe(true);
    }
    expectError(() => inside.sum(), OptionError, GONE);
    const handle = scope();
    zeros([500]);
    handle.end();
    expect(more()).toBe(0);
  });

  it('keeps hooks their gradients', () => {
    const x = tensor(ones([200]), { requiresGrad: true });
    const seen: Tensor[] = [];
    scope(() => {
      const y = x.mul(2);
      y.registerHook((g) => {
        seen.push(g);
        return g.mul(10);
      });
      y.sum().backward();
    });
    expect(seen[0]?.sum().item()).toBe(200);
    expect(x.grad?.sum().item()).toBe(4000);
  });

  it('frees the memory of a checkpoint in between', { tags: ['wasm'] }, () => {
    const w = parameter(ones([1000]));
    const saved = (f: (t: Tensor) => Tensor) =>
      scope(() => {
        const used = more();
        const y = f(w);
        const bytes = more() - used;
        y.sum().backward();
        zeroGrad(w);
        return bytes;
      });
    const block = (t: Tensor) => exp(exp(exp(exp(t.mul(0.1)).mul(0.1)).mul(0.1)));
    expect(saved((t) => checkpoint(block, t))).toBeLessThan(saved(block) / 5);
    free(w);
    expect(more()).toBe(0);
  });
});

describe('misuse of a scope', () => {
  it('is told: a tensor used after the end', () => {
    for (const length of [2, 200]) {
      let lost: Tensor | undefined;
      let part: Tensor | undefined;
      scope(() => {
        lost = zeros([length, 2]);
        part = slice(lost, [0]);
      });
      const uses: (() => unknown)[] = [
        () => lost?.toArray(),
        () => add(lost!, 1),
        () => part?.sum(),
        () => clone(part!),
        () => assign(lost!, zeros([length, 2])),
      ];
      for (const use of uses) expectError(use, OptionError, GONE);
    }
    let loss: Tensor | undefined;
    const w = tensor([1, 2], { requiresGrad: true });
    scope(() => {
      loss = exp(w).sum();
    });
    expectError(() => loss?.backward(), OptionError, GONE);
    expect(w.grad).toBeNull();
  });

  it('is told: a function that returns a promise', async () => {
    let reached = false;
    const work = async () => {
      const t = zeros([200]);
      await null;
      reached = true;
      return t.sum();
    };
    expectError(
      () => scope(work as unknown as () => number),
      OptionError,
      'scope: the function returned a promise, but a scope ends when its function returns; await outside it',
    );
    expectError(
      () => noGrad(work as unknown as () => number),
      OptionError,
      'noGrad: the function returned a promise, but noGrad ends when its function returns; await outside it',
    );
    expect(more()).toBe(0);
    await later(0);
    // The rejection of the abandoned promise disturbs nobody.
    expect(reached).toBe(true);
  });

  it('is told: an end out of order, after which all is as before', () => {
    const [outer, inner] = [scope(), scope()];
    zeros([200]);
    expectError(() => outer.end(), OptionError, OPEN);
    inner.end();
    expectError(() => inner.end(), OptionError, 'scope: this scope has ended already');
    expectError(() => outer.end(), OptionError, 'scope: this scope has ended already');
    expect(more()).toBe(0);
    expect(inMemory(zeros([200]))).toBe(false);
  });

  it('is told: two scopes open across an await', async () => {
    const opened = async (wait: Promise<unknown>) => {
      using _ = scope();
      zeros([300]);
      await wait;
    };
    const first = opened(later(1));
    const second = opened(later(20));
    await expectError(() => first, OptionError, OPEN);
    await second;
    expect(more()).toBe(0);
  });

  it('does no harm where a single scope stays open across an await', async () => {
    const total = async () => {
      using _ = scope();
      const x = ones([200]);
      await later(1);
      return x.mul(2).sum().item();
    };
    expect(await total()).toBe(400);
    expect(more()).toBe(0);
  });

  it('is told: a scope left open inside another', () => {
    expectError(
      () =>
        scope(() => {
          scope();
          return zeros([200]);
        }),
      OptionError,
      OPEN,
    );
    // What was left open is the innermost scope still: its owner may end it.
    expect(state().scopes).toHaveLength(1);
    state().scopes.pop();
  });

  it('does not hide an error of the function', () => {
    const boom = () =>
      scope(() => {
        zeros([200]);
        throw new RangeError('boom');
      });
    expectError(boom, RangeError, 'boom');
    expect(more()).toBe(0);
  });
});

describe('resident tensors', () => {
  const data = () => randn([20, 10], { seed: 4 });

  it('are parameters, their gradients and buffers', { tags: ['wasm'] }, () => {
    const w = scope(() => parameter(data()));
    expect(inMemory(w)).toBe(true);
    expectClose(w, data());
    scope(() => w.mul(2).sum().backward());
    expect(inMemory(w.grad!)).toBe(true);
    expectClose(w.grad, data().mul(0).add(2));
    const b = buffer(data());
    expect([inMemory(b), b.requiresGrad, b.role]).toEqual([true, false, 'buffer']);
    free(w);
    free(b);
    expect(more()).toBe(0);
    expectError(() => w.sum(), OptionError, GONE);
    free(w);
    expect(more()).toBe(0);
  });

  it('use the memory of a gradient again', () => {
    const w = parameter(data());
    w.sum().backward();
    const { address } = w.grad!.storage;
    zeroGrad(w);
    expect(w.grad).toBeNull();
    w.mul(3).sum().backward();
    expect(w.grad?.storage.address).toBe(address);
    expect(w.grad?.sum().item()).toBe(600);
    free(w);
    expect(more()).toBe(0);
  });

  it('can be changed in place by kernels', { tags: ['wasm'] }, () => {
    const w = parameter(data());
    withViews([w, data()], 1, (p, g) => {
      expect(isResident(p as Float32Array)).toBe(true);
      for (let i = 0; i < p.length; i++) p[i]! -= g[i]!;
    });
    expectClose(w, zeros([20, 10]));
    expect(w.storage.version).toBe(1);
    free(w);
  });

  it('are given back when nobody holds them any more', { tags: ['node'] }, async () => {
    setFlagsFromString('--expose_gc');
    const collect: () => void = runInNewContext('gc');
    const lose = () => {
      for (let i = 0; i < 20; i++) {
        const w = parameter(zeros([1000]));
        w.mul(2).sum().backward();
      }
      expect(more()).toBeGreaterThan(20 * 8000);
    };
    lose();
    for (let i = 0; i < 200 && more() > 0; i++) {
      collect();
      await later(1);
    }
    expect(more()).toBe(0);
  });
});

describe('memory that is exhausted', () => {
  it('gives right results on the heap', { tags: ['wasm'] }, () => {
    const m = memory()!;
    const work = () =>
      scope(() => {
        const w = parameter(randn([33, 29], { seed: 1 }));
        const x = randn([17, 33], { seed: 2 });
        const y = exp(matmul(x, w).mul(0.1));
        sub(y, 1).mul(y).mean().backward();
        const results = [y.toTypedArray(), w.grad?.toTypedArray(), slice(y, [null, 3]).toTypedArray()];
        const places = [w, x, y, w.grad!].map(inMemory);
        free(w);
        return { results, places };
      });
    const plenty = work();
    const { top } = m;
    // Beyond what memory can grow to.
    m.top = 2 ** 32;
    // What was freed before would be used again.
    const recycled = [...m.free.values()].map((list) => list.splice(0));
    try {
      const used = memoryInUse();
      const none = work();
      expect(none.places).toEqual([false, false, false, false]);
      expect(none.results).toEqual(plenty.results);
      expect(memoryInUse()).toBe(used);
      let lost: Tensor | undefined;
      scope(() => {
        lost = zeros([500]);
      });
      expectError(() => lost?.sum(), OptionError, GONE);
    } finally {
      m.top = top;
      for (const [i, list] of [...m.free.values()].entries()) list.push(...(recycled[i] ?? []));
    }
    expect(plenty.places).toEqual([true, true, true, true]);
    expect(work()).toEqual(plenty);
    expect(more()).toBe(0);
  });
});

describe('views of the memory', () => {
  it('never leave the package, and growth harms nobody', { tags: ['wasm'] }, () => {
    scope(() => {
      const x = ones([400]);
      const copy = x.toTypedArray();
      expect(isResident(copy)).toBe(false);
      const size = memory()!.buffer.byteLength;
      const y = x.mul(2);
      while (memory()!.buffer.byteLength === size) zeros([500_000]);
      expect([copy.length, copy[0]]).toEqual([400, 1]);
      expectClose(y.add(x).sum().item(), 1200);
    });
    expect(more()).toBe(0);
  });
});

describe('changes in place', () => {
  it('reach all tensors that share the elements', () => {
    const x = zeros([4]);
    assign(
      x.reshape(2, 2),
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(x.toArray()).toEqual([1, 2, 3, 4]);
    assign(x, tensor([1, 1, 1, 1], { dtype: 'int32' }));
    expect(x.toArray()).toEqual([1, 1, 1, 1]);
  });

  it('are found out when a gradient needs what was there', () => {
    const w = parameter(tensor([[1, 2]]));
    w.name = 'fc1.weight';
    const loss = w.mul(w).sum();
    assign(w, tensor([[3, 4]]));
    expectError(
      () => loss.backward(),
      OptionError,
      'backward: fc1.weight [1, 2] that mul needs was changed in place after the forward pass; run forward again, or change a clone',
    );
    const x = tensor([1, 2], { requiresGrad: true });
    const y = exp(x);
    assign(y.detach(), tensor([0, 0]));
    expectError(
      () => grad(y.sum(), x),
      OptionError,
      'grad: a tensor of shape [2] that exp needs was changed in place after the forward pass; run forward again, or change a clone',
    );
    // A sum needs nothing of what it added.
    const z = x.add(1);
    assign(z.detach(), tensor([0, 0]));
    expectClose(grad(z.sum(), x), [1, 1]);
  });

  it('of a gradient that is kept need a clone', () => {
    const w = parameter(ones([200]));
    w.sum().backward();
    const [kept, taken] = [clone(w.grad!), w.grad!];
    zeroGrad(w);
    w.mul(5).sum().backward();
    expect(kept.sum().item()).toBe(200);
    expect(w.grad?.storage).toBe(taken.storage);
    free(w);
  });
});

describe('a graph', () => {
  it('is freed by its first run', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = exp(x).sum();
    y.backward();
    expectError(
      () => y.backward(),
      OptionError,
      'backward: this graph has been run before and what it saved is freed; pass { retainGraph: true } to the first run',
    );
    expectError(
      () => grad(y, x),
      OptionError,
      'grad: this graph has been run before and what it saved is freed; pass { retainGraph: true } to the first run',
    );
    const z = exp(x).sum();
    z.backward(undefined, { retainGraph: true });
    z.backward();
    expectClose(x.grad, [3 * Math.E, 3 * Math.E ** 2], { rtol: 1e-6 });
  });

  it('says what it needs', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const none = 'the tensor does not depend on anything that requires a gradient';
    expectError(() => tensor([1]).backward(), OptionError, `backward: ${none}`);
    expectError(() => grad(tensor([1]), x), OptionError, `grad: ${none}`);
    expectError(
      () => x.mul(2).backward(),
      Error,
      'backward: a tensor of shape [2] is not a scalar; sum it, or pass the gradient of that shape',
    );
    expectError(() => x.mul(2).backward(tensor([1])), Error, 'backward: the gradient is [1] but the tensor is [2]');
    expectError(
      () => x.sum().backward({ retainGraph: true } as never),
      OptionError,
      'backward: the gradient must be a Tensor, got an object; options come after it',
    );
    expectError(
      () => grad(x.sum(), tensor([1])),
      OptionError,
      'grad: inputs[0] does not require a gradient; make it with { requiresGrad: true }',
    );
    expectError(
      () => grad(x.sum(), [x, tensor([1], { requiresGrad: true })]),
      OptionError,
      'grad: the outputs do not depend on inputs[1]; pass { allowUnused: true } to have zeros for it',
    );
    expectError(
      () => tensor([1]).registerHook(() => {}),
      OptionError,
      'registerHook: the tensor does not require a gradient',
    );
  });

  it('calls hooks in their order, which may replace the gradient or be removed', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(3);
    const seen: number[] = [];
    const remove = y.registerHook((g) => {
      seen.push(g.sum().item());
      return g.mul(2);
    });
    y.registerHook((g) => {
      seen.push(g.sum().item());
    });
    x.registerHook((g) => g.neg());
    y.sum().backward(undefined, { retainGraph: true });
    expect(seen).toEqual([2, 4]);
    expectClose(x.grad, [-6, -6]);
    remove();
    y.sum().backward();
    expect(seen).toEqual([2, 4, 2]);
    expectClose(x.grad, [-9, -9]);
  });

  it('is made of nodes that tell where gradients go', () => {
    const w = parameter(tensor([[2]]));
    const y = matmul(tensor([[1]]), w).add(1);
    expect(y.gradFn?.name).toBe('add');
    expect(y.gradFn?.next.map((node) => node?.name)).toEqual(['matmul', undefined]);
    const leaf = y.gradFn?.next[0]?.next[1];
    expect([leaf?.name, leaf?.shape, isTensor(leaf?.variable)]).toEqual(['AccumulateGrad', [1, 1], true]);
    expect(noGrad(() => w.mul(2)).gradFn).toBeNull();
    expect(resident(zeros([2])).gradFn).toBeNull();
  });
});
