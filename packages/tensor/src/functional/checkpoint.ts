import { defaultRandom, OptionError, type Random, type RandomState } from '@maru-ml/base';
import { gradientsUpTo } from '../backward.ts';
import { attach, enableGrad, type GradNode, isGradEnabled } from '../graph.ts';
import { scope } from '../scope.ts';
import { sameShape } from '../shape.ts';
import { state } from '../storage.ts';
import { checkTensor, isTensor, type Tensor, view } from '../tensor.ts';

/** Something whose random numbers can be repeated, such as a module with dropout. */
export interface Rewindable {
  randomStates(): Record<string, RandomState>;
  loadRandomStates(states: Record<string, RandomState>): void;
}

/** What a checkpointed function takes: tensors, and what it draws random numbers from. */
export type CheckpointInput = Tensor | Random | Rewindable;

/**
 * Computes `fn(...inputs)` without keeping what its graph saved; going backward computes it once more. It trades time (one
 * more forward pass of `fn`) for memory, and the gradients, of parameters used inside too, are exactly those without it.
 *
 * `fn` must give the same result both times. Random numbers of the default stream are repeated; a generator or module that
 * draws its own is repeated if it is among the inputs: `checkpoint((x, block) => block.forward(x), x, block)`. What `fn`
 * changes besides, such as the running statistics of a batch normalization, it changes twice (as in PyTorch).
 *
 * @throws OptionError when run backward, if `fn` gave another result the second time
 */
export function checkpoint<A extends readonly CheckpointInput[]>(fn: (...inputs: A) => Tensor, ...inputs: A): Tensor {
  if (!isGradEnabled()) return fn(...inputs);
  const rewind = noteStates(inputs);
  const before = state().nodes;
  const { value, nodes } = firstPass(() => fn(...inputs), before);
  if (nodes.length === 0) return value;
  const out = value.detach();
  const leaves = nodes.flatMap((node) => node.variable ?? []);
  const saved = new Set([...inputs.filter(isTensor), ...leaves, out]);
  return attach('checkpoint', out, nodes, [...saved], (g, needs) => {
    const secondPass = () => {
      const again = repeated(inputs, rewind, () => enableGrad(() => fn(...inputs)));
      checkSame(again, out);
      const wanted = nodes.filter((_, i) => needs[i]);
      const found = gradientsUpTo('checkpoint', again, g, wanted);
      return nodes.map((node) => found[wanted.indexOf(node)] ?? null);
    };
    // What is computed again lives no longer than this product, unless it is to be differentiated itself.
    return isGradEnabled() ? secondPass() : scope(secondPass);
  });
}

/** Runs the function in a scope, and finds the last nodes from outside that its result was computed from. */
function firstPass(fn: () => Tensor, before: number): { value: Tensor; nodes: GradNode[] } {
  let nodes: GradNode[] = [];
  const value = scope(() => {
    const result = fn();
    checkTensor('checkpoint', 'what fn returns', result);
    // The result itself may come from outside.
    if (result.gradFn === null || result.gradFn.id < before) return result;
    nodes = nodesBefore(result.gradFn, before);
    return result.detach();
  });
  return { value, nodes };
}

function nodesBefore(from: GradNode, before: number): GradNode[] {
  const seen = new Set<GradNode>();
  const stack = [from];
  const outside: GradNode[] = [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.variable !== null || node.id < before) outside.push(node);
    else for (const next of node.next) if (next !== null) stack.push(next);
  }
  return outside;
}

/** Notes the states of all random streams. What comes back puts them there again. */
function noteStates(inputs: readonly CheckpointInput[]): () => void {
  const streams = [defaultRandom(), ...inputs.filter(isRandom)];
  const states = streams.map((stream) => structuredClone(stream.state));
  const modules = inputs.filter(isRewindable);
  const noted = modules.map((module) => structuredClone(module.randomStates()));
  return () => {
    for (const [i, stream] of streams.entries()) Object.assign(stream.state, structuredClone(states[i]!));
    for (const [i, module] of modules.entries()) module.loadRandomStates(structuredClone(noted[i]!));
  };
}

/** Runs the function with the random streams as they were; afterwards they go on where they stood. */
function repeated<T>(inputs: readonly CheckpointInput[], rewind: () => void, fn: () => T): T {
  const forward = noteStates(inputs);
  rewind();
  try {
    return fn();
  } finally {
    forward();
  }
}

function checkSame(again: Tensor, out: Tensor): void {
  const same = sameShape(again.shape, out.shape) && again.dtype === out.dtype;
  const [a, b] = [view(again), view(out)];
  if (same && a.every((value, i) => value === b[i] || Number.isNaN(value))) return;
  throw new OptionError(
    'checkpoint: fn gave another result when it was computed again; pass the generators and modules that it draws random numbers from as inputs, and change nothing inside it',
  );
}

function isRandom(input: CheckpointInput): input is Random {
  return 'fork' in input && 'state' in input;
}

function isRewindable(input: CheckpointInput): input is Rewindable {
  return 'randomStates' in input && 'loadRandomStates' in input;
}
