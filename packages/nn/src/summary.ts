import { noGrad, scope, type Tensor } from '@maru-ml/tensor';
import type { AnyModule, Module } from './module.ts';

/** A line of a summary: a module without modules below it. */
export interface SummaryRow {
  /** The path, such as 'features.0'. */
  name: string;
  /** The kind of layer. */
  kind: string;
  /** The shape of its output. */
  shape: readonly number[];
  /** How many numbers its parameters hold. */
  parameters: number;
}

export interface Summary {
  rows: SummaryRow[];
  /** All numbers in parameters, shared ones once. */
  parameters: number;
  toString(): string;
}

/**
 * Runs the net once on `x` and tells for each layer its output's shape and how many parameters it has:
 * `console.log(String(summary(net, zeros([1, 784]))))`.
 */
export function summary(model: Module, x: Tensor): Summary {
  const rows: SummaryRow[] = [];
  const restore: (() => void)[] = [];
  for (const [name, module] of model.namedModules()) {
    if (module.namedChildren().length > 0) continue;
    const layer = module as AnyModule & { forward(...inputs: unknown[]): unknown };
    const parameters = layer.parameters().reduce((n, p) => n + p.size, 0);
    const forward = layer.forward;
    layer.forward = (...inputs: unknown[]) => {
      const output = forward.apply(layer, inputs as never[]);
      rows.push({ name: name || '(net)', kind: layer.constructor.name, shape: (output as Tensor).shape, parameters });
      return output;
    };
    restore.push(() => {
      Reflect.deleteProperty(layer, 'forward');
    });
  }
  const training = model.training;
  try {
    model.eval();
    scope(() => {
      noGrad(() => {
        model.forward(x);
      });
    });
  } finally {
    for (const undo of restore) undo();
    model.train(training);
  }
  const parameters = model.parameters().reduce((n, p) => n + p.size, 0);
  return { rows, parameters, toString: () => table(rows, parameters) };
}

function table(rows: readonly SummaryRow[], parameters: number): string {
  const lines = [
    ['layer', 'kind', 'output', 'parameters'],
    ...rows.map(({ name, kind, shape, parameters: n }) => [
      name,
      kind,
      `[${shape.join(', ')}]`,
      n.toLocaleString('en-US'),
    ]),
    ['total', '', '', parameters.toLocaleString('en-US')],
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
