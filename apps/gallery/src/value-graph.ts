import { type GraphEdge, graph } from '@maru-ml/plot';
import { grad, type Tensor } from '@maru-ml/tensor';
import { showValue } from './page.ts';
import type { Spec } from './study.ts';

/**
 * Draws how `output` was computed from the named tensors: below each name its value, and below that the gradient of the
 * output that comes back to it. The arrows are those of the tensors' own graph, turned the way that values go.
 */
export function valueGraph(output: Tensor, named: Readonly<Record<string, Tensor>>, title: string): Spec {
  const names = Object.keys(named);
  const tensors = Object.values(named);
  const gradients = grad(output, tensors, { retainGraph: true });
  const nodes = names.map((name, i) => ({
    id: name,
    label: name,
    detail: `${showValue(tensors[i]!.item())}\n∂ ${showValue(gradients[i]!.item())}`,
    kind: tensors[i]!.gradFn?.name ?? 'input',
  }));
  const edges = tensors.flatMap((t, i): GraphEdge[] =>
    (t.gradFn?.next ?? []).flatMap((node) => {
      const from = tensors.findIndex((input) => node !== null && (input.gradFn === node || input === node.variable));
      return from < 0 ? [] : [{ from: names[from]!, to: names[i]! }];
    }),
  );
  return graph({ nodes, edges }, { title, direction: 'down' });
}
