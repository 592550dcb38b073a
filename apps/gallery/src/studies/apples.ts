import { add, grad, mul, sigmoid, square, sub, type Tensor, tensor } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';
import { valueGraph } from '../value-graph.ts';

/** B7: every node of a computation knows only its own rule; together they give all derivatives. */
export const apples: Study = {
  row: 'B7',
  title: 'The graph of apples and the chain rule',
  source: '001 L1890-2134',
  run(context) {
    shopping(context);
    squareOfSum(context);
    line(context);
    logistic(context);
  },
};

/** A number that gradients flow to; float64, so that all digits can be compared. */
const number = (value: number): Tensor => tensor(value, { dtype: 'float64', requiresGrad: true });

function shopping(context: Context): void {
  context.text(
    'Two apples at 100 each, other fruit for 4,000, and a tax of 10 %: what is to be paid? Each box computes one product or sum from what comes in (local computation) and keeps the result.',
  );
  const [count, price, other, tax] = [number(2), number(100), number(4000), number(1.1)];
  const apples = mul(count, price);
  const fruit = add(apples, other);
  const total = mul(fruit, tax);
  context.figure('2 apples', 200, apples.item());
  context.figure('with the other fruit', 4200, fruit.item());
  context.figure('with tax', 4620, total.item(), { digits: 9 });

  context.text(
    'Backward, each box multiplies what comes back by its own derivative. A sum hands the gradient on as it is; a product swaps: each factor gets the gradient times the other factor. So one more apple costs 110, and a coin on the price of an apple costs 2.2.',
  );
  context.plot(
    valueGraph(total, { count, price, apples, other, fruit, tax, total }, 'Values and gradients'),
    'Each box shows its value and, after ∂, what the total gains when it grows by one.',
  );
  total.backward();
  const gradients = {
    'the count of apples': count,
    'the price of an apple': price,
    'other fruit': other,
    'the tax': tax,
  };
  // The slide asks for these as a quiz and prints no answers.
  for (const [name, t] of Object.entries(gradients)) context.figure(`∂ total / ∂ ${name}`, null, t.grad!.item());
}

function squareOfSum(context: Context): void {
  context.text('The chain rule on z = t², t = x + y: dz/dx = dz/dt · dt/dx = 2t · 1 = 2(x + y), here at x = 3, y = 4.');
  const [x, y] = [number(3), number(4)];
  const t = add(x, y);
  const z = square(t);
  context.figure('dz/dx = 2(x + y)', 14, grad(z, x).item());
}

function line(context: Context): void {
  const [w, x, b] = [number(-2), number(5), number(3)];
  const g = mul(w, x);
  const f = add(g, b);
  context.plot(valueGraph(f, { w, x, g, b, f }, 'f = wx + b'), 'g = wx swaps its factors, f = g + b hands on.');
  f.backward();
  context.figure('df/dx = w', -2, x.grad!.item());
  context.figure('df/dw = x', 5, w.grad!.item());
  context.figure('df/db', 1, b.grad!.item());
}

function logistic(context: Context): void {
  context.text(
    'A logistic neuron with inputs 2 and 5 and weights .5 and .1, whose answer should be 0: forward, backward through the squared error, and one step of gradient descent with learning rate 1.',
  );
  const [w1, w2] = [number(0.5), number(0.1)];
  const [p1, p2] = [mul(w1, 2), mul(w2, 5)];
  const l = add(p1, p2);
  const output = sigmoid(l);
  const error = sub(0, output);
  const loss = square(error);
  context.plot(
    valueGraph(loss, { w1, w2, p1, p2, l, output, error, loss }, 'A logistic neuron'),
    'Constants (the inputs 2 and 5, the answer 0) get no gradient, so they have no box of their own.',
  );
  const [dOutput, dL] = grad(loss, [output, l], { retainGraph: true });
  loss.backward();
  context.figure('l = 2 · .5 + 5 · .1', 1.5, l.item(), { digits: 9 });
  context.figure('sigmoid(l)', 0.818, output.item(), { digits: 3 });
  // The slide doubles the rounded .818, so its third digit is not the true one.
  context.figure('∂ loss / ∂ sigmoid (slide: twice the rounded .818)', 1.636, dOutput!.item(), { digits: 2 });
  context.figure('∂ loss / ∂ l', 0.244, dL!.item(), { digits: 3 });
  context.figure('∂ loss / ∂ w1', 0.488, w1.grad!.item(), { digits: 3 });
  context.figure('∂ loss / ∂ w2', 1.22, w2.grad!.item(), { digits: 2 });
  context.figure("w1' = w1 - ∂ loss / ∂ w1", 0.0122, w1.item() - w1.grad!.item(), { digits: 4 });
  context.figure("w2' = w2 - ∂ loss / ∂ w2", -1.12, w2.item() - w2.grad!.item(), { digits: 2 });
  const half = loss.item() / 2;
  context.erratum(
    `The slide prints ½(0 - .818)² = .67; it is ${half.toFixed(3)}. Without the ½ it is ${loss.item().toFixed(3)}, and that is the loss whose gradient is 1.636.`,
  );
  context.erratum(
    `The new w1 is printed as both 0.0122 and 0.136. Right is ${(w1.item() - w1.grad!.item()).toFixed(4)}; w2 becomes ${(w2.item() - w2.grad!.item()).toFixed(2)}.`,
  );
}
