import { OptionError, ShapeError, show } from '@maru-ml/base';
import { axpy } from '@maru-ml/kernels/tensor';
import {
  type BackwardOptions,
  enableGrad,
  type GradNode,
  type GradOptions,
  isGradEnabled,
  type NotPromise,
  nodeOf,
} from './graph.ts';
import { add } from './ops/arithmetic.ts';
import { cast } from './ops/cast.ts';
import { copyInto, onesLike, zerosLike } from './ops/create.ts';
import { keep, moveOut, runInScope } from './scope.ts';
import { sameShape, showShape } from './shape.ts';
import { makeResident, state } from './storage.ts';
import { emptyTensor, floatView, isTensor, type Tensor } from './tensor.ts';

/** Adds to the `grad` of every leaf that `root` was computed from; see `Tensor.backward`. */
export function backward(
  root: Tensor,
  gradient?: Tensor,
  { createGraph = false, retainGraph = createGraph }: BackwardOptions = {},
): void {
  const start = startGradient('backward', root, gradient);
  const node = nodeOf(root)!;
  inScope(!createGraph, () => {
    run(new Map([[node, start]]), null, { createGraph, retainGraph, owner: 'backward' });
  });
}

/**
 * The gradients of `outputs` (summed over them) with respect to `inputs`, without touching anybody's `grad`.
 * One input gives one tensor, an array an array.
 *
 * @throws OptionError where an output does not depend on an input, unless `allowUnused`
 */
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor, options?: GradOptions): Tensor;
export function grad(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options?: GradOptions): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  { createGraph = false, retainGraph = createGraph, gradOutputs, allowUnused = false }: GradOptions = {},
): Tensor | Tensor[] {
  const roots = asArray(outputs);
  const wanted = asArray(inputs);
  const starts = gradOutputs === undefined ? [] : asArray(gradOutputs);
  if (starts.length > 0 && starts.length !== roots.length) {
    throw new ShapeError(`grad: there are ${roots.length} outputs but ${starts.length} gradOutputs`);
  }
  for (const [i, input] of wanted.entries()) {
    if (!input.requiresGrad)
      throw new OptionError(`grad: inputs[${i}] does not require a gradient; make it with { requiresGrad: true }`);
  }
  const result = inScope(!createGraph, () => {
    const pending = new Map<GradNode, Tensor>();
    for (const [i, root] of roots.entries()) {
      const node = nodeOf(root);
      const start = startGradient('grad', root, starts[i]);
      const before = pending.get(node!);
      pending.set(node!, before === undefined ? start : add(before, start));
    }
    const targets = wanted.map((input) => nodeOf(input)!);
    const found = run(pending, new Set(targets), { createGraph, retainGraph, owner: 'grad' });
    return targets.map((target, i) => {
      const gradient = found.get(target);
      if (gradient !== undefined) return gradient;
      if (allowUnused) return zerosLike(wanted[i]!);
      throw new OptionError(
        `grad: the outputs do not depend on inputs[${i}]; pass { allowUnused: true } to have zeros for it`,
      );
    });
  });
  return Array.isArray(inputs) ? result : result[0]!;
}

/** @internal The gradients that arrive at nodes, which are as far as it goes; null where none arrives. */
export function gradientsUpTo(
  owner: string,
  root: Tensor,
  gradient: Tensor,
  nodes: readonly GradNode[],
): (Tensor | null)[] {
  const start = nodeOf(root);
  if (start === null) return nodes.map(() => null);
  const createGraph = isGradEnabled();
  const options = { createGraph, retainGraph: createGraph, owner, goOn: false };
  const found = run(new Map([[start, gradient]]), new Set(nodes), options);
  return nodes.map((node) => found.get(node) ?? null);
}

/** A function that returns both the value of the scalar function `f` and its gradients with respect to each argument. */
export function valueAndGrad<A extends Tensor[]>(
  f: (...args: A) => Tensor,
): (...args: A) => { value: Tensor; grads: Tensor[] } {
  return (...args) => {
    const leaves = args.map((arg) => {
      const leaf = arg.detach();
      leaf.requiresGrad = true;
      return leaf;
    }) as A;
    const value = enableGrad(() => f(...leaves) as Tensor & NotPromise<Tensor>);
    const grads = grad(value, leaves, { allowUnused: true });
    return { value: value.detach(), grads };
  };
}

function startGradient(owner: string, root: Tensor, gradient: Tensor | undefined): Tensor {
  if (!root.requiresGrad) {
    throw new OptionError(`${owner}: the tensor does not depend on anything that requires a gradient`);
  }
  if (gradient === undefined) {
    if (root.size !== 1) {
      throw new ShapeError(
        `${owner}: a tensor of shape ${showShape(root.shape)} is not a scalar; sum it, or pass the gradient of that shape`,
      );
    }
    return onesLike(root);
  }
  if (!isTensor(gradient)) {
    throw new OptionError(`${owner}: the gradient must be a Tensor, got ${show(gradient)}; options come after it`);
  }
  if (!sameShape(gradient.shape, root.shape)) {
    throw new ShapeError(
      `${owner}: the gradient is ${showShape(gradient.shape)} but the tensor is ${showShape(root.shape)}`,
    );
  }
  return cast(gradient, root.dtype);
}

interface RunOptions {
  createGraph: boolean;
  retainGraph: boolean;
  owner: string;
  /** Go on behind the targets, to those that they were computed from; true. */
  goOn?: boolean;
}

/**
 * Sends gradients through the graph, each node after all that use its output. Where `targets` are given their gradients
 * are returned and nothing else changes; else the leaves' `grad` are added to.
 */
function run(
  pending: Map<GradNode, Tensor>,
  targets: ReadonlySet<GradNode> | null,
  { createGraph, retainGraph, owner, goOn = true }: RunOptions,
): Map<GradNode, Tensor> {
  const shared = state();
  const before = shared.gradEnabled;
  shared.gradEnabled = createGraph;
  const found = new Map<GradNode, Tensor>();
  /** Sums made here, which may be added to in place. */
  const sums = new Set<Tensor>();
  try {
    const queue = [...pending.keys()].sort(byAge);
    const leads = targets === null ? null : nodesLeadingTo(targets, topological(queue, goOn ? null : targets));
    // A node is younger than those it was computed from: the youngest has had the gradients of all that use it.
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      let gradient = pending.get(node)!;
      pending.delete(node);
      // From here on a product may hand it to several inputs as it is, so it is nobody's to change.
      sums.delete(gradient);
      if (leads !== null && !leads.has(node)) continue;
      if (!goOn && targets?.has(node)) {
        found.set(node, gradient);
        continue;
      }
      if (node.hooks.length > 0) gradient = hooked(node, gradient);
      if (targets?.has(node)) found.set(node, gradient);
      if (node.variable !== null) {
        if (targets === null) accumulate(node.variable, gradient, createGraph);
        continue;
      }
      if (leads !== null && !node.next.some((next) => next !== null && leads.has(next))) continue;
      if (node.vjp === null) {
        throw new OptionError(
          `${owner}: this graph has been run before and what it saved is freed; pass { retainGraph: true } to the first run`,
        );
      }
      checkVersions(owner, node);
      const needs = node.next.map((next) => next !== null && (leads === null || leads.has(next)));
      const gradients = node.vjp(gradient, needs);
      for (let i = 0; i < node.next.length; i++) {
        const next = node.next[i]!;
        const share = gradients[i];
        if (next === null || !needs[i] || share === null || share === undefined) continue;
        const sofar = pending.get(next);
        if (sofar === undefined) {
          pending.set(next, share);
          enqueue(queue, next);
        } else if (sums.has(sofar)) axpy(1, floatView(share), floatView(sofar));
        else {
          const total = add(sofar, share);
          if (!createGraph) sums.add(total);
          pending.set(next, total);
        }
      }
      if (!retainGraph) {
        node.vjp = null;
        node.saved = [];
      }
    }
  } finally {
    shared.gradEnabled = before;
  }
  return found;
}

/** The gradient that the hooks of a node leave. */
function hooked(node: GradNode, gradient: Tensor): Tensor {
  for (const hook of node.hooks) {
    const replaced = hook(keep(copyOf(gradient))) ?? gradient;
    if (!sameShape(replaced.shape, node.shape)) {
      throw new ShapeError(
        `registerHook: the hook returned a gradient of shape ${showShape(replaced.shape)}, but the tensor is ${showShape(node.shape)}`,
      );
    }
    gradient = cast(replaced, gradient.dtype);
  }
  return gradient;
}

function byAge(a: GradNode, b: GradNode): number {
  return a.id - b.id;
}

/** Puts a node into a queue that is in the order of creation. It mostly belongs near the end. */
function enqueue(queue: GradNode[], node: GradNode): void {
  let at = queue.length;
  while (at > 0 && queue[at - 1]!.id > node.id) at--;
  if (at === queue.length) queue.push(node);
  else queue.splice(at, 0, node);
}

/** All nodes that the roots were computed from, each before those it came from; leaves last. Nothing behind `ends`. */
function topological(roots: readonly GradNode[], ends: ReadonlySet<GradNode> | null): GradNode[] {
  const seen = new Set<GradNode>(roots);
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (ends?.has(node)) continue;
    for (const next of node.next) {
      if (next === null || seen.has(next)) continue;
      seen.add(next);
      stack.push(next);
    }
  }
  return [...seen].sort((a, b) => b.id - a.id);
}

function nodesLeadingTo(targets: ReadonlySet<GradNode>, order: readonly GradNode[]): Set<GradNode> {
  const leads = new Set<GradNode>(targets);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    if (node.next.some((next) => next !== null && leads.has(next))) leads.add(node);
  }
  return leads;
}

/** Refuses to go back through values that have been changed in place since. */
function checkVersions(owner: string, node: GradNode): void {
  for (let i = 0; i < node.saved.length; i++) {
    const t = node.saved[i]!;
    if (t.storage.version === node.versions[i]) continue;
    const what = t.name === '' ? `a tensor of shape ${showShape(t.shape)}` : `${t.name} ${showShape(t.shape)}`;
    throw new OptionError(
      `${owner}: ${what} that ${node.name} needs was changed in place after the forward pass; run forward again, or change a clone`,
    );
  }
}

/** Adds a gradient to a leaf's: in place, in memory that is kept from step to step. */
function accumulate(leaf: Tensor, gradient: Tensor, createGraph: boolean): void {
  if (createGraph) {
    leaf.grad = leaf.grad === null ? gradient : add(leaf.grad, gradient);
    return;
  }
  if (leaf.grad !== null) {
    axpy(1, floatView(gradient), floatView(leaf.grad));
    leaf.grad.storage.version++;
    return;
  }
  const { owner } = leaf.storage;
  const grad = (owner === 'resident' ? leaf.spareGrad : null) ?? emptyTensor(leaf.shape, leaf.dtype);
  copyInto(gradient, grad);
  grad.storage.version++;
  leaf.spareGrad = null;
  leaf.grad = grad;
  // It lives as long as the leaf.
  if (owner === 'resident') makeResident(grad.storage);
  else moveOut(grad, owner);
}

function copyOf(t: Tensor): Tensor {
  const out = emptyTensor(t.shape, t.dtype);
  copyInto(t, out);
  return out;
}

function inScope<T>(wanted: boolean, fn: () => T): T {
  return wanted ? runInScope(fn) : fn();
}

function asArray(value: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(value) ? value : [value as Tensor];
}
