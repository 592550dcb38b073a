import { Random } from '@maru-ml/base';
import { add, exp, mul, neg, reciprocal, sigmoid, sub, type Tensor, tensor } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';
import { valueGraph } from '../value-graph.ts';

/** D4: backpropagation by hand, and what `backward` says to it. */
export const smallGraphsByHand: Study = {
  row: 'D4',
  title: 'Backpropagation by hand: (x + y)z, a sigmoid neuron, a net of three weights',
  source: '003 L860-1080',
  run(context) {
    productOfSum(context);
    sigmoidNeuron(context);
    chainOfNeurons(context);
  },
};

const number = (value: number): Tensor => tensor(value, { dtype: 'float64', requiresGrad: true });

function productOfSum(context: Context): void {
  context.text(
    'f = (x + y)z at x = -2, y = 5, z = -4. With q = x + y: ∂f/∂z = q, ∂f/∂q = z, and since q is a sum, x and y both get what q gets.',
  );
  const [x, y, z] = [number(-2), number(5), number(-4)];
  const q = add(x, y);
  const f = mul(q, z);
  context.plot(valueGraph(f, { x, y, q, z, f }, 'f = (x + y) z'), 'Values, and after ∂ the gradients.');
  f.backward();
  context.figure('f', -12, f.item());
  context.figure('∂f/∂x = z', -4, x.grad!.item());
  context.figure('∂f/∂y = z', -4, y.grad!.item());
  context.figure('∂f/∂z = x + y', 3, z.grad!.item());
}

function sigmoidNeuron(context: Context): void {
  context.text(
    'A neuron y = 1 / (1 + e^-(w₀x₀ + w₁x₁ + w₂)) at w = (2, -3, -3), x = (-1, -2), taken apart: α = -(w₀x₀ + w₁x₁ + w₂), β = e^α, r = 1 + β, y = 1/r.',
  );
  const w = [2, -3, -3].map(number) as [Tensor, Tensor, Tensor];
  const x = [-1, -2].map(number) as [Tensor, Tensor];
  const sum = add(add(mul(w[0], x[0]), mul(w[1], x[1])), w[2]);
  const alpha = neg(sum);
  const beta = exp(alpha);
  const r = add(beta, 1);
  const y = reciprocal(r);
  context.plot(
    valueGraph(y, { sum, α: alpha, β: beta, r, y }, 'The neuron behind its weighted sum'),
    'Four boxes, each with a derivative of its own; their product is the derivative of the sigmoid.',
  );

  // By hand: the derivative of each step where it stands, and the product of all from the end to here.
  const steps: [step: string, value: Tensor, rule: string, derivative: number][] = [
    ['y = 1/r', y, '-1/r²', -1 / r.item() ** 2],
    ['r = 1 + β', r, '1', 1],
    ['β = e^α', beta, 'e^α', Math.exp(alpha.item())],
    ['α = -s', alpha, '-1', -1],
  ];
  let product = 1;
  const rows = steps.map(([step, value, rule, derivative]) => {
    product *= derivative;
    return [step, value.item(), rule, derivative, product];
  });
  context.table(['step', 'value', 'rule', 'derivative', 'product so far'], rows);
  context.text(
    `By hand ∂y/∂s = ${product.toFixed(7)}, which is y(1 - y) = ${(y.item() * (1 - y.item())).toFixed(7)}: a whole sigmoid can be one box. A weight gets this times its input, an input this times its weight.`,
  );
  y.backward();
  context.figure('α', -1, alpha.item());
  context.figure('β', 0.3679, beta.item(), { digits: 4 });
  context.figure('r', 1.3679, r.item(), { digits: 4 });
  context.figure('y', 0.731, y.item(), { digits: 3 });
  context.figure('∂y/∂w₀', -0.2, w[0].grad!.item(), { digits: 1 });
  context.figure('∂y/∂w₁', -0.39, w[1].grad!.item(), { digits: 2 });
  context.figure('∂y/∂w₂', 0.2, w[2].grad!.item(), { digits: 1 });
  context.figure('∂y/∂x₀', 0.39, x[0].grad!.item(), { digits: 2 });
  context.figure('∂y/∂x₁', -0.59, x[1].grad!.item(), { digits: 2 });
  context.figure('largest difference between hand and backward', null, Math.abs(product - w[2].grad!.item()));
  const exact = -1 / r.item() ** 2;
  context.erratum(
    `The document has -1/r² = -.5327, from r rounded to 1.37, and ∂y/∂w₀ = -.1959. Unrounded they are ${exact.toFixed(4)} and ${w[0].grad!.item().toFixed(4)}. Likewise its 2 · .20 = .40 for ∂y/∂x₀ is ${x[0].grad!.item().toFixed(3)}.`,
  );
}

function chainOfNeurons(context: Context): void {
  context.text(
    'Two sigmoid neurons in a row: loss = w₃ σ(w₂ σ(w₁x + b₁) + b₂) + b₃ - y. The document derives ∂loss/∂w₂ = w₃ σ′(h₂) σ(w₁x + b₁) with h₂ = w₂ σ(w₁x + b₁) + b₂ and σ′ = σ(1 - σ). At a hundred random places it agrees with backward.',
  );
  const random = new Random(4);
  let difference = 0;
  for (let place = 0; place < 100; place++) {
    const [w1, w2, w3, b1, b2, b3, x, y] = Array.from({ length: 8 }, () => number(random.normal())) as EightTensors;
    const hidden = sigmoid(add(mul(w1, x), b1));
    const h2 = add(mul(w2, hidden), b2);
    const loss = sub(add(mul(w3, sigmoid(h2)), b3), y);
    loss.backward();
    const s = 1 / (1 + Math.exp(-h2.item()));
    const byHand = w3.item() * s * (1 - s) * hidden.item();
    difference = Math.max(difference, Math.abs(byHand - w2.grad!.item()));
  }
  context.figure('largest difference from the formula', null, difference);
}

type EightTensors = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
