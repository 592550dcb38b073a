import { expect, it } from 'vitest';
import { expectNoGarbage } from '../testing/index.js';

/** @type {unknown} */
let kept;

it('lets numbers be made, whatever the engine makes of them', async () => {
  await expectNoGarbage((i) => {
    kept = Math.sqrt(i + 0.5);
  });
});

it('finds every kind of object, and says where', async () => {
  for (const make of [
    (/** @type {number} */ i) => [i],
    (/** @type {number} */ i) => ({ i }),
    (/** @type {number} */ i) => () => i,
    () => new Float64Array(1),
  ]) {
    const serve = (/** @type {number} */ i) => {
      kept = make(i);
    };
    // The engine may have made the maker a part of any of its callers.
    await expect(expectNoGarbage(serve)).rejects.toThrow(
      /^2000 calls leave garbage: [0-9]+ objects of [0-9]+ bytes in \w[^,]*, after 12 attempts$/,
    );
  }
  expect(kept).toBeDefined();
});
