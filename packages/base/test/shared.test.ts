import { expectError } from '@maru-ml/tooling/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { checkProtocol, OptionError, shared } from '../src/index.ts';

const record = Symbol.for('maru.tensor.1');
const other = Symbol.for('maru.tensor.2');
const world = globalThis as unknown as Record<symbol, unknown>;

describe('shared', () => {
  afterEach(() => {
    delete world[record];
    delete world[other];
  });

  it('makes a value once and gives the same one to every copy of the package', () => {
    let made = 0;
    const make = () => ({ number: ++made });
    const first = shared('slot', make);
    expect(shared('slot', make)).toBe(first);
    expect(shared('another slot', make)).not.toBe(first);
    expect(made).toBe(2);
    expect(world[record]).toBeInstanceOf(Map);
    expect(Object.keys(globalThis)).not.toContain(record);
  });

  it('names both versions where a copy speaks another protocol', () => {
    shared('slot', () => 1);
    checkProtocol();
    world[other] = new Map();
    expectError(
      checkProtocol,
      OptionError,
      'maru: this copy speaks protocol 1, but a copy with protocol 2 is loaded; update so that all @maru-ml packages are of one major version',
    );
  });
});
