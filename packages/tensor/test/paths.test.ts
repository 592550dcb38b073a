import { Random } from '@maru-ml/base';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { add, grad, mul, neg, sub, type Tensor, tensor } from '../src/index.ts';

const number = (value: number): Tensor => tensor(value, { dtype: 'float64', requiresGrad: true });

describe('gradients that arrive along several paths', () => {
  it('stay apart where a sum hands on what the engine has added up itself', () => {
    const [a, b] = [number(2), number(3)];
    // a is also taken by a product older than the sum, so its gradient is added to after b has had its own.
    const older = mul(a, 10);
    const sum = add(a, b);
    const out = add(add(mul(sum, 2), mul(sum, 3)), older);
    const [da, db] = grad(out, [a, b], { retainGraph: true });
    expect([da!.item(), db!.item()]).toEqual([15, 5]);
    out.backward();
    expect([a.grad!.item(), b.grad!.item()]).toEqual([15, 5]);
  });

  it('add up in random graphs as derivatives do that run forward', () => {
    const random = new Random(7);
    for (let trial = 0; trial < 300; trial++) {
      const inputs = Array.from({ length: 4 }, () => number(random.normal()));
      // Beside each tensor its derivatives with respect to the inputs, by the rules of calculus.
      const tensors = [...inputs];
      const slopes: number[][] = inputs.map((_, i) => inputs.map((_, j) => (i === j ? 1 : 0)));
      for (let step = 0; step < 25; step++) {
        const [j, k] = [random.integer(tensors.length), random.integer(tensors.length)];
        const [s, t, ds, dt] = [tensors[j]!, tensors[k]!, slopes[j]!, slopes[k]!];
        const kind = random.integer(4);
        tensors.push(kind === 0 ? add(s, t) : kind === 1 ? sub(s, t) : kind === 2 ? neg(s) : mul(mul(s, t), 0.3));
        const [x, y] = [s.item(), t.item()];
        slopes.push(
          ds.map((d, i) => {
            const e = dt[i]!;
            return kind === 0 ? d + e : kind === 1 ? d - e : kind === 2 ? -d : 0.3 * (d * y + x * e);
          }),
        );
      }
      const last = tensors.at(-1)!;
      const gradients = grad(last, inputs, { allowUnused: true });
      expectClose(
        gradients.map((g) => g.item()),
        slopes.at(-1)!,
        { rtol: 1e-9, atol: 1e-9 },
      );
    }
  });
});
