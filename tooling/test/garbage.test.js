import { expect, it } from 'vitest';
import { expectNoGarbage } from '../testing/index.js';

/** @type {unknown} */
let kept;

it('lets numbers be made, whatever the engine makes of them', async () => {
  await expectNoGarbage((i) => {
    kept = Math.sqrt(i + 0.5);
  });
});

it('finds every kind of object, and who makes it', async () => {
  const makers = {
    list: (/** @type {number} */ i) => [i],
    record: (/** @type {number} */ i) => ({ i }),
    closure: (/** @type {number} */ i) => () => i,
    numbers: () => new Float64Array(1),
  };
  for (const [name, make] of Object.entries(makers)) {
    const serve = (/** @type {number} */ i) => {
      kept = make(i);
    };
    await expect(expectNoGarbage(serve)).rejects.toThrow(
      // The maker may have become a part of its caller.
      new RegExp(`^2000 calls leave garbage: [0-9]+ objects of [0-9]+ bytes in (${name}|serve), after 12 attempts$`),
    );
  }
  expect(kept).toBeDefined();
});
