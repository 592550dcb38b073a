import { OptionError } from '@maru-ml/base';
import type { GradNode, NotPromise } from './graph.ts';
import { freeScope, moveStorage, type ScopeFrame, state } from './storage.ts';
import { isTensor, type Tensor } from './tensor.ts';

/** An open scope, as `using s = scope()` holds it. */
export interface Scope {
  /** Ends the scope: what was made in it and not kept is freed. */
  end(): void;
  [Symbol.dispose](): void;
}

/**
 * Runs `fn` and frees the tensors made in it, but for those it returns (in arrays and objects too) and what their graphs saved.
 * Inside, results live in memory that is reused at once, which makes loops several times as fast as fresh arrays.
 * Without `fn` it opens a scope that ends when it is disposed of: `using s = scope()`.
 *
 * @throws OptionError if `fn` returns a promise: a scope cannot stay open across an await
 */
export function scope(): Scope;
export function scope<T>(fn: () => T & NotPromise<T>): T;
export function scope<T>(fn?: () => T): T | Scope {
  const frame = openScope();
  if (fn === undefined) {
    const end = () => endScope(frame, undefined);
    return { end, [Symbol.dispose]: end };
  }
  let result: T | undefined;
  try {
    result = fn();
    if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
      result = undefined;
      throw new OptionError(
        'scope: the function returned a promise, but a scope ends when its function returns; await outside it',
      );
    }
    return result;
  } finally {
    endScope(frame, result);
  }
}

/** Takes a tensor, with what its graph saved, out of all scopes: it lives on until nobody holds it. */
export function keep<T extends Tensor>(t: T): T {
  moveOut(t, null);
  return t;
}

/** @internal */
export function openScope(): ScopeFrame {
  const frame: ScopeFrame = { storages: [] };
  state().scopes.push(frame);
  return frame;
}

/** @internal Ends the innermost scope; what `result` holds moves to the scope around it. */
export function endScope(frame: ScopeFrame, result: unknown): void {
  const { scopes } = state();
  if (scopes[scopes.length - 1] !== frame) {
    throw new OptionError(
      scopes.includes(frame)
        ? 'scope: a scope that was opened later is still open; was one left open across an await?'
        : 'scope: this scope has ended already',
    );
  }
  scopes.pop();
  if (frame.storages.length > 0) {
    if (result !== undefined) moveOut(result, scopes[scopes.length - 1] ?? null, frame);
    freeScope(frame);
  }
}

/** @internal Moves every tensor that `value` holds, with what its graph saved, to another scope or to the heap. */
export function moveOut(value: unknown, to: ScopeFrame | null, from?: ScopeFrame): void {
  const seen = new Set<unknown>();
  const stack: unknown[] = [value];
  for (let item = stack.pop(); item !== undefined || stack.length > 0; item = stack.pop()) {
    if (typeof item !== 'object' || item === null || ArrayBuffer.isView(item) || seen.has(item)) continue;
    seen.add(item);
    if (isTensor(item)) {
      if (from === undefined || item.storage.owner === from) moveStorage(item.storage, to);
      if (item.gradFn !== null) stack.push(item.gradFn);
      if (item.grad !== null) stack.push(item.grad);
    } else if (isNode(item)) {
      stack.push(...item.saved, ...item.next);
      if (item.variable !== null) stack.push(item.variable);
    } else if (item instanceof Map) stack.push(...item.keys(), ...item.values());
    else if (item instanceof Set) stack.push(...item);
    else stack.push(...Object.values(item));
  }
}

function isNode(item: object): item is GradNode {
  return 'vjp' in item && 'saved' in item;
}
