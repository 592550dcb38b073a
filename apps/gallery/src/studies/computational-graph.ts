import { Random } from '@maru-ml/base';
import { graph } from '@maru-ml/plot';
import { add, grad, maximum, mul, type Tensor, tensor } from '@maru-ml/tensor';
import { showValue } from '../page.ts';
import type { Context, Study } from '../study.ts';

/** E5: a computational graph written here in some eighty lines, and the same derivatives from tensors. */
export const computationalGraph: Study = {
  row: 'E5',
  title: 'A computational graph with forward and backward, and the patterns of its gates',
  source: '004 L430-530',
  run(context) {
    lectureExample(context);
    patterns(context);
    againstTensors(context);
  },
};

/** What computes one number from others, and sends a gradient back to them. */
abstract class Gate {
  readonly inputs: Gate[];
  value = 0;
  /** ∂ loss / ∂ value: the sum of what comes back from all gates that take the value. */
  gradient = 0;

  constructor(...inputs: Gate[]) {
    this.inputs = inputs;
  }

  /** The value, from those of the inputs. */
  abstract forward(): void;
  /** Adds to the inputs' gradients: downstream = upstream · local (the chain rule). */
  abstract backward(): void;
}

class Input extends Gate {
  constructor(value: number) {
    super();
    this.value = value;
  }

  forward(): void {}
  backward(): void {}
}

/** Distributes the gradient: every input gets all of it. */
class Add extends Gate {
  forward(): void {
    this.value = this.inputs.reduce((sum, { value }) => sum + value, 0);
  }

  backward(): void {
    for (const input of this.inputs) input.gradient += this.gradient;
  }
}

/** Switches: each of its two inputs gets the gradient times the other one. */
class Mul extends Gate {
  forward(): void {
    const [a, b] = this.inputs as [Gate, Gate];
    this.value = a.value * b.value;
  }

  backward(): void {
    const [a, b] = this.inputs as [Gate, Gate];
    a.gradient += this.gradient * b.value;
    b.gradient += this.gradient * a.value;
  }
}

/** Routes: only the input that was the larger gets the gradient. */
class Max extends Gate {
  #larger(): Gate {
    return this.inputs.reduce((most, input) => (input.value > most.value ? input : most));
  }

  forward(): void {
    this.value = this.#larger().value;
  }

  backward(): void {
    this.#larger().gradient += this.gradient;
  }
}

/** All gates that a loss is computed from, each after its inputs. A value that several gates take is a copy gate: gradients add up in it. */
class ComputationalGraph {
  readonly loss: Gate;
  readonly sorted: readonly Gate[];

  constructor(loss: Gate) {
    this.loss = loss;
    const sorted = new Set<Gate>();
    const visit = (gate: Gate) => {
      if (sorted.has(gate)) return;
      gate.inputs.forEach(visit);
      sorted.add(gate);
    };
    visit(loss);
    this.sorted = [...sorted];
  }

  forward(): number {
    for (const gate of this.sorted) gate.forward();
    return this.loss.value;
  }

  backward(): void {
    for (const gate of this.sorted) gate.gradient = 0;
    this.loss.gradient = 1;
    for (const gate of [...this.sorted].reverse()) gate.backward();
  }
}

function lectureExample(context: Context): void {
  context.text(
    'A graph runs forward through its gates in an order in which each comes after its inputs, and backward through the same order reversed. The example of the lecture: f = (x + y)z at x = -2, y = 5, z = -4.',
  );
  const [x, y, z] = [new Input(-2), new Input(5), new Input(-4)];
  const q = new Add(x, y);
  const f = new Mul(q, z);
  const net = new ComputationalGraph(f);
  context.figure('f', -12, net.forward());
  net.backward();
  context.figure('∂f/∂q = z', -4, q.gradient);
  context.figure('∂f/∂z = q', 3, z.gradient);
  context.figure('∂f/∂x', -4, x.gradient);
  context.figure('∂f/∂y', -4, y.gradient);
}

function patterns(context: Context): void {
  context.text(
    'Four patterns of how gradients flow: add distributes, mul switches, max routes, and where a value goes to several gates (copy) its gradients add up.',
  );
  const [a, b, c] = [new Input(3), new Input(-1), new Input(2)];
  const sum = new Add(a, b);
  const most = new Max(b, c);
  const product = new Mul(sum, most);
  const loss = new Add(product, sum);
  const net = new ComputationalGraph(loss);
  net.forward();
  net.backward();
  context.plot(
    draw({ a, b, c, 'a + b': sum, 'max(b, c)': most, product, loss }),
    'a + b is taken twice: 2 comes back from the product and 1 from the loss, 3 in all. The max lets nothing through to b, whose gradient is that of the sum alone.',
  );
  context.figure('add distributes: ∂loss/∂a = ∂loss/∂(a + b)', null, a.gradient);
  context.figure('copy adds up: ∂loss/∂(a + b) = 2 + 1', null, sum.gradient);
  context.figure('mul switches: ∂loss/∂max = a + b', null, most.gradient);
  context.figure('max routes: ∂loss/∂c', null, c.gradient);
}

function againstTensors(context: Context): void {
  context.text(
    'The same graphs from tensors, which keep their own graph as they compute: two hundred random ones, each of five inputs and thirty gates, with the inputs of each gate drawn from all that came before.',
  );
  const random = new Random(5);
  let difference = 0;
  let copies = 0;
  for (let trial = 0; trial < 200; trial++) {
    const gates: Gate[] = Array.from({ length: 5 }, () => new Input(random.normal()));
    const inputs = gates.map(({ value }) => tensor(value, { dtype: 'float64', requiresGrad: true }));
    const tensors: Tensor[] = [...inputs];
    for (let i = 0; i < 30; i++) {
      const [j, k] = [random.integer(gates.length), random.integer(gates.length)];
      const [p, q, s, t] = [gates[j]!, gates[k]!, tensors[j]!, tensors[k]!];
      // Of equal values either may be the larger: maximum gives each half of the gradient, our gate all to the first.
      const kind = random.integer(s.item() === t.item() ? 2 : 3);
      gates.push(kind === 0 ? new Add(p, q) : kind === 1 ? new Mul(new Mul(p, q), new Input(0.5)) : new Max(p, q));
      tensors.push(kind === 0 ? add(s, t) : kind === 1 ? mul(mul(s, t), 0.5) : maximum(s, t));
    }
    const net = new ComputationalGraph(gates.at(-1)!);
    net.forward();
    net.backward();
    copies += net.sorted.filter((gate) => takers(net, gate) > 1).length;
    const last = tensors.at(-1)!;
    const gradients = last.gradFn === null ? [] : grad(last, inputs, { allowUnused: true });
    for (const [i, gradient] of gradients.entries()) {
      const ours = net.sorted.includes(gates[i]!) ? gates[i]!.gradient : 0;
      difference = Math.max(difference, Math.abs(ours - gradient.item()) / Math.max(1, Math.abs(ours)));
    }
  }
  context.figure('values taken more than once', null, copies);
  context.figure('largest relative difference of 1,000 gradients', null, difference);
}

function takers({ sorted }: ComputationalGraph, gate: Gate): number {
  return sorted.reduce((count, { inputs }) => count + inputs.filter((input) => input === gate).length, 0);
}

function draw(named: Record<string, Gate>): ReturnType<typeof graph> {
  const names = Object.keys(named);
  const gates = Object.values(named);
  return graph(
    {
      nodes: gates.map((gate, i) => ({
        id: names[i]!,
        detail: `${showValue(gate.value)}\n∂ ${showValue(gate.gradient)}`,
        kind: gate.constructor.name,
      })),
      edges: gates.flatMap(({ inputs }, i) =>
        inputs.map((input) => ({ from: names[gates.indexOf(input)]!, to: names[i]! })),
      ),
    },
    { title: 'The four patterns' },
  );
}
