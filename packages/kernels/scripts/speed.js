/**
 * The time of kernels against loops in plain TypeScript, in one process, after `node scripts/generate.js`:
 * `node scripts/speed.js [--n 1048576] [--dtype float32]`. Prints microseconds of the kernel on resident arrays and on arrays
 * of the heap, of its twin, and of the loop that one would write (all warmed, the shortest of interleaved rounds), and the
 * ratios to that loop.
 */
import { load } from './source.js';

const { elementwise, math, reduce, steps, memoryApi, choice } = await load(`
  export * as elementwise from './src/elementwise.ts';
  export * as math from './src/math.ts';
  export * as reduce from './src/reduce.ts';
  export * as steps from './src/steps.ts';
  export * as memoryApi from './src/memory.ts';
  export { choice } from './src/module.ts';
`);
const { allocate, float32View, float64View } = memoryApi;
const options = { n: String(2 ** 20), dtype: 'float32' };
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i]?.replace('--', '') ?? '';
  if (!(name in options)) throw new Error(`there is no option ${process.argv[i]}; the options are --n and --dtype`);
  Object.assign(options, { [name]: process.argv[i + 1] });
}
const n = Number(options.n);
const wide = options.dtype === 'float64';
const adam = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0, decoupled: false, step: 10 };

/** @typedef {any[]} Arrays four arrays of n numbers: two inputs, one for results, one of positive numbers; and the number 2 */

/** name: the kernel, and the loop. @type {Record<string, [(a: Arrays) => void, ((a: Arrays) => void) | null]>} */
const work = {
  add: [
    ([x, y, out]) => elementwise.add(x, y, out),
    ([x, y, out]) => {
      for (let i = 0; i < n; i++) out[i] = x[i] + y[i];
    },
  ],
  'mul by a number': [
    ([x, , out, , two]) => elementwise.mul(x, two, out),
    ([x, , out]) => {
      for (let i = 0; i < n; i++) out[i] = x[i] * 2;
    },
  ],
  relu: [
    ([x, , out]) => elementwise.relu(x, out),
    ([x, , out]) => {
      // biome-ignore lint/complexity/useMathMinMax: the loop that one writes
      for (let i = 0; i < n; i++) out[i] = x[i] > 0 ? x[i] : 0;
    },
  ],
  exp: [
    ([x, , out]) => math.exp(x, out),
    ([x, , out]) => {
      for (let i = 0; i < n; i++) out[i] = Math.exp(x[i]);
    },
  ],
  log: [
    ([, , out, p]) => math.log(p, out),
    ([, , out, p]) => {
      for (let i = 0; i < n; i++) out[i] = Math.log(p[i]);
    },
  ],
  tanh: [
    ([x, , out]) => math.tanh(x, out),
    ([x, , out]) => {
      for (let i = 0; i < n; i++) out[i] = Math.tanh(x[i]);
    },
  ],
  sigmoid: [
    ([x, , out]) => math.sigmoid(x, out),
    ([x, , out]) => {
      for (let i = 0; i < n; i++) out[i] = 1 / (1 + Math.exp(-x[i]));
    },
  ],
  sin: [
    ([x, , out]) => math.sin(x, out),
    ([x, , out]) => {
      for (let i = 0; i < n; i++) out[i] = Math.sin(x[i]);
    },
  ],
  pow: [
    ([, y, out, p]) => math.pow(p, y, out),
    ([, y, out, p]) => {
      for (let i = 0; i < n; i++) out[i] = p[i] ** y[i];
    },
  ],
  gelu: [([x, , out]) => math.gelu(x, out), null],
  erf: [([x, , out]) => math.erf(x, out), null],
  sum: [
    ([x, , out]) => reduce.sum(x, 1, n, 1, out),
    ([x, , out]) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i];
      out[0] = sum;
    },
  ],
  'sum of columns': [([x, , out]) => reduce.sum(x, 1, n / 64, 64, out), null],
  dot: [
    ([x, y]) => void reduce.dot(x, y),
    ([x, y, out]) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i] * y[i];
      out[0] = sum;
    },
  ],
  max: [([x, , out]) => reduce.max(x, 1, n, 1, out), null],
  'softmax of rows of 64': [([x, , out]) => reduce.softmax(x, n / 64, 64, out), null],
  'transpose of 512 columns': [([x, , out]) => elementwise.transpose(x, 1, n / 512, 512, out), null],
  adamStep: [([x, y, out, p]) => steps.adamStep(out, y, x, p, adam), null],
};

const [Type, view] = wide ? [Float64Array, float64View] : [Float32Array, float32View];
const heap = [3, 3, 3, 2].map((spread, k) =>
  new Type(n).map((_, i) => (k === 3 ? noise(i) * spread + 1e-3 : (noise(i + k * n) * 2 - 1) * spread)),
);
const blocks = heap.map((array) => allocate(array.byteLength));
for (const [k, block] of blocks.entries()) view(block, n).set(heap[k] ?? []);
const two = Type.of(2);

console.log(`microseconds for ${n} ${Type.name.slice(0, 7)} numbers`);
console.log(`${' '.repeat(25)}resident       heap       twin       loop  resident/loop  heap/loop`);
for (const [name, [kernel, loop]] of Object.entries(work)) {
  const [a = 0, b = 0, twin = 0, plain = 0] = shortest([
    // Views are made for a call: the memory may have grown.
    () => kernel([...blocks.map((block) => view(block, n)), two]),
    () => kernel([...heap, two]),
    () => {
      choice().mode = 'js';
      kernel([...heap, two]);
      choice().mode = 'auto';
    },
    () => loop?.(heap),
  ]);
  const ratio = (/** @type {number} */ t) => (loop ? (t / plain).toFixed(3) : '');
  const columns = [a, b, twin].map((t) => t.toFixed(1).padStart(11)).join('');
  const last = `${(loop ? plain.toFixed(1) : '').padStart(11)}${ratio(a).padStart(15)}${ratio(b).padStart(11)}`;
  console.log(`${name.padEnd(24)}${columns}${last}`);
}

/** The shortest time of each run in microseconds, which other work on the machine disturbs least; the runs take turns. @param {(() => void)[]} runs */
function shortest(runs) {
  const repeats = Math.max(1, Math.round(3e5 / n));
  const times = runs.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < 24; round++) {
    for (const [k, run] of runs.entries()) {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) run();
      if (round > 3) times[k]?.push(((performance.now() - start) / repeats) * 1e3);
    }
  }
  return times.map((all) => Math.min(...all));
}

/** A number from 0 to 1 by its place. @param {number} i */
function noise(i) {
  const x = Math.imul(i ^ (i >>> 15), 0x2c1b3c6d);
  return (Math.imul(x ^ (x >>> 12), 0x297a2d39) >>> 0) / 2 ** 32;
}
