/// <reference lib="esnext.disposable" preserve="true" />
import { OptionError } from '@maru-ml/base';
import { isTensor } from './brand.ts';
import type { GradNode, NotPromise } from './graph.ts';
import { freeScope, moveStorage, type ScopeFrame, state } from './storage.ts';
import type { Tensor } from './tensor.ts';

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
  if (fn !== undefined) return runInScope(() => refusePromise('scope', 'a scope', fn()));
  const frame = openScope();
  const end = () => endScope(frame, undefined);
  return { end, [Symbol.dispose]: end };
}

/** Takes a tensor, with what its graph saved, out of all scopes: it lives on until nobody holds it. */
export function keep<T extends Tensor>(t: T): T {
  moveOut(t, null);
  return t;
}

/** @internal Runs `fn` in a scope of its own; what it returns moves out. */
export function runInScope<T>(fn: () => T): T {
  const frame = openScope();
  let result: T;
  try {
    result = fn();
  } catch (error) {
    abandon(frame);
    throw error;
  }
  endScope(frame, result);
  return result;
}

/** @internal Returns `result`, unless it is a promise, whose function would go on after what surrounds it has ended. */
export function refusePromise<T>(owner: string, what: string, result: T): T {
  const then: unknown = (result as { then?: unknown } | null | undefined)?.then;
  if (typeof then !== 'function') return result;
  // Whatever becomes of it: the error below is the one that counts.
  then.call(
    result,
    () => {},
    () => {},
  );
  throw new OptionError(
    `${owner}: the function returned a promise, but ${what} ends when its function returns; await outside it`,
  );
}

function openScope(): ScopeFrame {
  const frame: ScopeFrame = { storages: [] };
  state().scopes.push(frame);
  return frame;
}

/** Ends the innermost scope; what `result` holds moves to the scope around it. */
function endScope(frame: ScopeFrame, result: unknown): void {
  const { scopes } = state();
  if (scopes[scopes.length - 1] !== frame) {
    const open = abandon(frame);
    throw new OptionError(
      open
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

/** Takes a scope from among the open ones, wherever it stands, and frees what was made in it. Tells whether it was open. */
function abandon(frame: ScopeFrame): boolean {
  const { scopes } = state();
  const place = scopes.indexOf(frame);
  if (place < 0) return false;
  scopes.splice(place, 1);
  freeScope(frame);
  return true;
}

/** @internal Moves every tensor that `value` holds, with what its graph saved, to another scope or to the heap. */
export function moveOut(value: unknown, to: ScopeFrame | null, from?: ScopeFrame): void {
  const seen = new Set<object>();
  const stack: object[] = [];
  const visit = (item: unknown) => {
    if (typeof item !== 'object' || item === null || ArrayBuffer.isView(item) || seen.has(item)) return;
    seen.add(item);
    stack.push(item);
  };
  visit(value);
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (isTensor(item)) {
      if (from === undefined || item.storage.owner === from) moveStorage(item.storage, to);
      visit(item.gradFn);
      visit(item.grad);
    } else if (isNode(item)) {
      for (const saved of item.saved) visit(saved);
      for (const next of item.next) visit(next);
      visit(item.variable);
    } else if (item instanceof Map) {
      for (const [key, held] of item) {
        visit(key);
        visit(held);
      }
    } else {
      const held: Iterable<unknown> = Array.isArray(item) || item instanceof Set ? item : Object.values(item);
      for (const part of held) visit(part);
    }
  }
}

function isNode(item: object): item is GradNode {
  return 'vjp' in item && 'saved' in item;
}
