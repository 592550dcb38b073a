import { Random, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  conv2d,
  crossEntropy,
  div,
  exp,
  grad,
  linear,
  matmul,
  maxPool2d,
  mul,
  neg,
  randn,
  reciprocal,
  round,
  sigmoid,
  slice,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  type TensorData,
  tensor,
  zeros,
} from '../src/index.ts';

// The worked examples of the source documents, by their numbers in the list of studies.

function leaf(data: TensorData): Tensor {
  return tensor(data, { dtype: 'float64', requiresGrad: true });
}

function float64(data: TensorData): Tensor {
  return tensor(data, { dtype: 'float64' });
}

describe('worked example 1: XOR by fixed weights', () => {
  it('gives 0, 1, 1, 0', () => {
    const x = float64([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const hidden = sigmoid(
      linear(
        x,
        float64([
          [5, 5],
          [-7, -7],
        ]),
        float64([-8, 3]),
      ),
    );
    expect(round(hidden).toArray()).toEqual([
      [0, 1],
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
    const out = sigmoid(linear(hidden, float64([[-11, -11]]), float64([6])));
    expectClose(out.toArray(), [[0.01118], [0.99494], [0.99494], [0.02439]], { atol: 6e-6 });
  });
});

describe('worked example 2: a logistic neuron, forward, backward and one step', () => {
  it('gives the gradients and the new weights', () => {
    const [x, w] = [float64([2, 5]), leaf([0.5, 0.1])];
    const logit = sum(mul(x, w));
    const output = sigmoid(logit);
    const loss = square(sub(output, 0));
    expectClose(output.item(), 0.81757, { atol: 5e-6 });
    const [byOutput, byLogit, byWeights] = grad(loss, [output, logit, w]);
    expectClose(byOutput!.item(), 1.635, { atol: 5e-4 });
    expectClose(byLogit!.item(), 0.2438767, { atol: 5e-8 });
    expectClose(byWeights!.toArray(), [0.4877533, 1.2193833], { atol: 5e-8 });
    expectClose(sub(w, byWeights!).toArray(), [0.0122467, -1.1193833], { atol: 5e-8 });
  });
});

describe('worked example 3: the graph of a sigmoid neuron', () => {
  it('gives the gradients by weights and inputs', () => {
    const [w, x] = [leaf([2, -3, -3]), leaf([-1, -2])];
    const alpha = sum(mul(slice(w, [[0, 2]]), x)).add(slice(w, [2]));
    const beta = exp(neg(alpha));
    const y = reciprocal(beta.add(1));
    expectClose([alpha.item(), beta.item(), beta.item() + 1], [1, 0.3679, 1.3679], { atol: 5e-5 });
    expectClose(y.item(), 0.731, { atol: 1e-4 });
    expectClose(y, sigmoid(alpha));
    const [dw, dx] = grad(y, [w, x]);
    expectClose(dw!.toArray(), [-0.19661, -0.39322, 0.19661], { atol: 6e-6 });
    expectClose(dx!.toArray(), [0.39322, -0.58984], { atol: 6e-6 });
  });
});

describe('worked example 6: softmax and cross-entropy', () => {
  it('turns scores into probabilities', () => {
    expectClose(softmax(float64([2, 1, 0.1])).toArray(), [0.659, 0.24243, 0.09857], { atol: 6e-6 });
  });

  it('costs nothing to be right, and infinitely much to be surely wrong', () => {
    const label = tensor([1], { dtype: 'int32' });
    const cost = (logits: number[]) => crossEntropy(tensor([logits]), label).item();
    expect(cost([Number.NEGATIVE_INFINITY, 0])).toBe(0);
    expect(cost([0, Number.NEGATIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('worked example 7: products of matrices', () => {
  it('multiplies and transposes', () => {
    const [a, b] = [
      tensor([
        [1, 3],
        [5, 7],
      ]),
      tensor([
        [1, 2],
        [2, 5],
      ]),
    ];
    expect(matmul(a, b).toArray()).toEqual([
      [7, 17],
      [19, 45],
    ]);
    expect(matmul(b, a).toArray()).toEqual([
      [11, 17],
      [27, 41],
    ]);
    const product = matmul(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      tensor([
        [7, 8],
        [9, 10],
        [11, 12],
      ]),
    );
    expect(product.toArray()).toEqual([
      [58, 64],
      [139, 154],
    ]);
    expect(
      tensor([
        [6, 4, 24],
        [1, -9, 8],
      ])
        .transpose()
        .toArray(),
    ).toEqual([
      [6, 1],
      [4, -9],
      [24, 8],
    ]);
  });

  it('needs equal inner lengths', () => {
    expect(matmul(zeros([7, 5]), zeros([5, 3])).shape).toEqual([7, 3]);
    expectError(
      () => matmul(zeros([7, 3]), zeros([5, 3])),
      ShapeError,
      'matmul: a is [7, 3] but b is [5, 3]; inner dimensions 3 and 5 differ',
    );
  });
});

describe('worked example 10: sizes of convolutions', () => {
  const size = (n: number, f: number, stride: number, padding: number) =>
    conv2d(zeros([1, n, n]), zeros([1, 1, f, f]), null, { stride, padding }).shape[2];

  it('is (N - F) / stride + 1, and what is left over is not looked at', () => {
    expect([1, 2].map((stride) => size(7, 3, stride, 0))).toEqual([5, 3]);
    // (7 - 3) / 3 + 1 = 2.33, which the source calls an error and PyTorch rounds down.
    expect(size(7, 3, 3, 0)).toBe(2);
  });

  it('stays when (F - 1) / 2 zeros are put around', () => {
    expect([3, 5, 7].map((f) => size(7, f, 1, (f - 1) / 2))).toEqual([7, 7, 7]);
  });

  it("is AlexNet's", () => {
    const first = zeros([96, 3, 11, 11]);
    expect(first.size).toBe(34_848);
    expect(conv2d(zeros([3, 227, 227]), first, null, { stride: 4 }).shape).toEqual([96, 55, 55]);
    expect(maxPool2d(zeros([1, 55, 55]), 3, { stride: 2 }).shape).toEqual([1, 27, 27]);
    expect(maxPool2d(zeros([1, 13, 13]), 3, { stride: 2 }).shape).toEqual([1, 6, 6]);
  });
});

describe('worked example 11: the price of apples and what else was bought, with tax', () => {
  it('runs forward and backward', () => {
    const [price, count, other, tax] = [leaf(100), leaf(2), leaf(4000), leaf(1.1)];
    const apples = mul(price, count);
    const goods = apples.add(other);
    const total = mul(goods, tax);
    expectClose([apples.item(), goods.item(), total.item()], [200, 4200, 4620]);
    const gradients = grad(total, [price, count, other, tax]);
    expectClose(
      gradients.map((g) => g.item()),
      [2.2, 110, 1.1, 4200],
    );
  });

  it('differentiates (x + y)²', () => {
    const [x, y] = [leaf(3), leaf(4)];
    expect(grad(square(x.add(y)), x).item()).toBe(14);
  });
});

describe('A5: matrix calculus', () => {
  const x = leaf([
    [0.1, -0.2, 0.3],
    [0.4, 0.5, -0.6],
    [-0.7, 0.8, 0.9],
  ]);
  const w = leaf([
    [0.2, -0.1],
    [0.5, 0.4],
    [-0.3, 0.6],
  ]);

  it('of one layer: dΛ/dX = dΛ/dS · dS/dN Wᵀ with Λ = Σ S', () => {
    const n = matmul(x, w);
    const s = sigmoid(n);
    const [byS, byX, byW] = grad(sum(s), [s, x, w]);
    expect(byS!.toArray()).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    const slope = mul(s, sub(1, s)).detach();
    expectClose(byX!, matmul(slope, w, { transB: true }));
    expectClose(byW!, matmul(x, slope, { transA: true }));
  });

  it('of two layers, step by step', () => {
    const [b1, w2, b2] = [leaf([0.1, -0.1]), leaf([[0.7], [-0.4]]), leaf([0.05])];
    const y = float64([[1], [0], [1]]);
    const n1 = matmul(x, w).add(b1);
    const o1 = sigmoid(n1);
    const p = matmul(o1, w2).add(b2);
    const loss = div(sum(square(sub(y, p))), 2);
    const [dB2, dW2, dW1, dB1] = grad(loss, [b2, w2, w, b1]);
    const dP = sub(p, y).detach();
    expectClose(dB2!, sum(dP, 0));
    expectClose(dW2!, matmul(o1, dP, { transA: true }));
    const dN1 = mul(matmul(dP, w2, { transB: true }), mul(o1, sub(1, o1))).detach();
    expectClose(dW1!, matmul(x, dN1, { transA: true }));
    expectClose(dB1!, sum(dN1, 0));
  });
});

describe('what the documents derive about nets', () => {
  it('without an activation two layers are one: W₂(W₁x) = (W₂W₁)x', () => {
    const seed = new Random(1);
    const dtype = 'float64';
    const [w1, w2, x] = [
      randn([50, 20], { seed, dtype }),
      randn([10, 50], { seed, dtype }),
      randn([20, 7], { seed, dtype }),
    ];
    expectClose(matmul(w2, matmul(w1, x)), matmul(matmul(w2, w1), x), { rtol: 1e-10, atol: 1e-10 });
  });

  it('∂loss/∂w₂ = w₃ σ′(h₂) σ(w₁x + b₁) of two neurons in a row', () => {
    const seed = new Random(2);
    for (let place = 0; place < 20; place++) {
      const [w1, w2, w3, b1, b2, x] = Array.from({ length: 6 }, () => leaf(seed.normal()));
      const hidden = sigmoid(mul(w1!, x!).add(b1!));
      const h2 = mul(w2!, hidden).add(b2!);
      const s = 1 / (1 + Math.exp(-h2.item()));
      const byHand = w3!.item() * s * (1 - s) * hidden.item();
      expectClose(grad(mul(w3!, sigmoid(h2)), w2!).item(), byHand, { rtol: 1e-12 });
    }
  });

  it("σ' = σ(1 - σ)", () => {
    const x = leaf([-30, -2, -0.5, 0, 0.5, 2, 30]);
    const s = sigmoid(x);
    expectClose(grad(sum(s), x), mul(s, sub(1, s)).detach(), { rtol: 1e-12, atol: 0 });
  });
});
