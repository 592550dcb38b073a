import { OptionError } from '@maru-ml/base';
import { isFloat } from './dtype.ts';
import { refusePromise } from './scope.ts';
import type { Shape } from './shape.ts';
import { state } from './storage.ts';
import type { Tensor } from './tensor.ts';

/**
 * A vector-Jacobian product: from the gradient of the output to those of the inputs, written in tensor operations so that
 * it can be differentiated again. `needs[i]` tells whether the gradient of input i is wanted; null stands for zero.
 */
export type Vjp = (gradient: Tensor, needs: readonly boolean[]) => readonly (Tensor | null)[];

/** Called with a gradient (a copy of its own); what it returns, if anything, replaces the gradient. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing at all
export type Hook = (gradient: Tensor) => Tensor | void;

/** A node of the graph of what was computed: an operation, or the end of the graph at a leaf ('AccumulateGrad'). */
export interface GradNode {
  /** The operation, such as 'matmul'. */
  readonly name: string;
  /** For each input the node it came from; null where no gradient flows. */
  readonly next: readonly (GradNode | null)[];
  /** The shape of what the operation returned. */
  readonly shape: Shape;
  /** The leaf whose `grad` this node adds to; null for operations. */
  readonly variable: Tensor | null;
  /** @internal The order of creation, which is an order of the graph. */
  readonly id: number;
  /** @internal What the product uses, with the versions it had. */
  saved: readonly Tensor[];
  /** @internal */
  versions: readonly number[];
  /** @internal Null once the graph has been run and freed. */
  vjp: Vjp | null;
  /** @internal */
  hooks: Hook[];
}

export interface BackwardOptions {
  /** Keep what the graph saved, so that it can be run again; false unless `createGraph`. */
  retainGraph?: boolean;
  /** Build the graph of the gradients themselves, so that they can be differentiated; false. */
  createGraph?: boolean;
}

export interface GradOptions extends BackwardOptions {
  /** Gradients of the outputs, of their shapes; ones for outputs of one element. */
  gradOutputs?: Tensor | readonly Tensor[];
  /** Give zeros for inputs that the outputs do not depend on, instead of an error; false. */
  allowUnused?: boolean;
}

/**
 * Notes in the graph how `out` was computed, if gradients are on and one of the inputs needs one.
 * @param saved the tensors that `vjp` uses (null where it needs none after all): their values are kept, and changing them
 * in place is found out
 */
export function record(
  name: string,
  out: Tensor,
  inputs: readonly Tensor[],
  saved: readonly (Tensor | null)[],
  vjp: Vjp,
): Tensor {
  if (!state().gradEnabled || !isFloat(out.dtype)) return out;
  for (const input of inputs) if (input.requiresGrad) return attach(name, out, inputs.map(nodeOf), saved, vjp);
  return out;
}

/** @internal Makes `out` the output of a new node that follows the given ones. */
export function attach(
  name: string,
  out: Tensor,
  next: readonly (GradNode | null)[],
  saved: readonly (Tensor | null)[],
  vjp: Vjp,
): Tensor {
  const kept = saved.includes(null) ? saved.filter((t) => t !== null) : (saved as readonly Tensor[]);
  out.requiresGrad = true;
  out.gradFn = {
    name,
    next,
    shape: out.shape,
    variable: null,
    id: state().nodes++,
    saved: kept,
    versions: kept.map((t) => t.storage.version),
    vjp,
    hooks: [],
  };
  return out;
}

/** Runs `fn` without noting anything in the graph. */
export function noGrad<T>(fn: () => T & NotPromise<T>): T {
  return withMode(false, 'noGrad', fn);
}

/** Runs `fn` with the graph on, inside `noGrad`. */
export function enableGrad<T>(fn: () => T & NotPromise<T>): T {
  return withMode(true, 'enableGrad', fn);
}

/** Whether operations are noted in the graph now. */
export function isGradEnabled(): boolean {
  return state().gradEnabled;
}

/** Keeps functions that return a promise out of `scope` and `noGrad`, whose effect ends when the function returns. */
export type NotPromise<T> = T extends PromiseLike<unknown> ? never : unknown;

function withMode<T>(mode: boolean, owner: string, fn: () => T): T {
  const shared = state();
  const before = shared.gradEnabled;
  shared.gradEnabled = mode;
  try {
    return refusePromise(owner, owner, fn());
  } finally {
    shared.gradEnabled = before;
  }
}

/** @internal Registers a hook on the gradient of a tensor. */
export function registerHook(t: Tensor, hook: Hook): () => void {
  const node = nodeOf(t);
  if (node === null) throw new OptionError('registerHook: the tensor does not require a gradient');
  node.hooks.push(hook);
  return () => {
    node.hooks = node.hooks.filter((h) => h !== hook);
  };
}

/** @internal The node that gradients of `t` arrive at: its operation's, or for a leaf the one that adds to `grad`; null if it needs none. */
export function nodeOf(t: Tensor): GradNode | null {
  if (!t.requiresGrad) return null;
  if (t.gradFn !== null) return t.gradFn;
  t.accumulator ??= {
    name: 'AccumulateGrad',
    next: [],
    shape: t.shape,
    variable: t,
    id: -1,
    saved: [],
    versions: [],
    vjp: null,
    hooks: [],
  };
  return t.accumulator;
}
