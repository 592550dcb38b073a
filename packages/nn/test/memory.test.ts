import { memory, memoryInUse } from '@maru-ml/kernels/memory';
import { Adam } from '@maru-ml/optim';
import { crossEntropy, randint, randn } from '@maru-ml/tensor';
import { describe, expect, it } from 'vitest';
import { Linear, ReLU, Sequential } from '../src/index.ts';
import { run } from './browser/trainings.ts';
import { bundled, runNode } from './child.ts';

describe('memory does not grow', () => {
  it('in plain loops, the Trainer and scopes (scripts/memory.js runs 10,000 steps)', { tags: ['node'] }, async () => {
    const script = await bundled(new URL('../scripts/memory.js', import.meta.url));
    const { out, code } = await runNode([script, '--steps', '240', '--first', '60', '--nursery', '2']);
    const lines = out.trim().split('\n');
    expect(lines.map((line) => line.replace(/: RSS .* in use (\d+) and (\d+)/, ': $1, $2'))).toEqual([
      'plain: 1857536, 1857536: steady',
      'adam: 3715072, 3715072: steady',
      'trainer: 1857536, 1857536: steady',
      'cnn: 24576, 24576: steady',
      'memory is steady',
    ]);
    expect(code).toBe(0);
  });

  it('the memory itself stays as large as after the first two steps', { tags: ['wasm'] }, () => {
    const net = new Sequential(new Linear(100, 40, { seed: 1 }), new ReLU(), new Linear(40, 10, { seed: 2 }));
    const optimizer = new Adam(net.parameters());
    const x = randn([16, 100], { seed: 3 });
    const y = randint([16], 0, 10, { seed: 4 });
    const seen = new Set<string>();
    for (let step = 0; step < 50; step++) {
      optimizer.zeroGrad();
      crossEntropy(net.forward(x), y).backward();
      optimizer.step();
      if (step > 1) seen.add(`${memoryInUse()} in use, up to address ${memory()?.top}`);
    }
    expect([...seen]).toHaveLength(1);
    const before = memoryInUse();
    optimizer.zeroGrad();
    net.free();
    expect(memoryInUse()).toBeLessThan(before);
  });
});

describe('memory that is exhausted', () => {
  it('makes trainings go on on the heap, with the same results', { tags: ['wasm'] }, async () => {
    const expected = await run();
    const m = memory()!;
    const { wasm } = m;
    const recycled = new Map([...m.free].map(([size, list]) => [size, list.splice(0)]));
    wasm.grow = () => {
      throw new RangeError('out of memory');
    };
    try {
      // None at all, room for some of the parameters, and room that ends amid a step.
      for (const room of [0, 8_192, 60_000]) {
        WebAssembly.Memory.prototype.grow.call(wasm, 1);
        m.buffer = wasm.buffer;
        const top = m.buffer.byteLength - room;
        m.top = top;
        expect(await run()).toEqual(expected);
        if (room === 0) expect(m.top).toBe(top);
        else expect(m.top).toBeGreaterThan(top);
      }
    } finally {
      Reflect.deleteProperty(wasm, 'grow');
      for (const [size, list] of recycled) m.free.get(size)?.push(...list);
    }
    expect(await run()).toEqual(expected);
  });
});
