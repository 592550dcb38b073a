/**
 * Runs what should pause now and then, and counts how often a timer came to its turn meanwhile. The clock that paces the pauses seems to
 * stand at another tenth of a second whenever it is looked at, so that all pauses are made, however fast the machine is.
 *
 * @template T
 * @param {() => Promise<T>} run such as a `fitAsync` of some milliseconds
 * @returns {Promise<{ value: T, ticks: number }>}
 */
export async function ticksDuring(run) {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const { now } = performance;
  let looks = 0;
  performance.now = () => 100 * ++looks;
  try {
    return { value: await run(), ticks };
  } finally {
    performance.now = now;
    clearInterval(timer);
  }
}
