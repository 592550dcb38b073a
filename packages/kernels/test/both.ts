import { afterAll, beforeAll, describe } from 'vitest';
import { choice } from '../src/module.ts';

/** Runs the tests twice: with WebAssembly kernels whatever the size, and with their twins. */
export function describeBoth(name: string, tests: () => void): void {
  describe.each(['wasm', 'js'] as const)(`${name} (%s)`, (mode) => {
    beforeAll(() => {
      choice().mode = mode;
    });
    afterAll(() => {
      choice().mode = 'auto';
    });
    tests();
  });
}
