/**
 * The values of a mathematical kernel, for accuracy.py: reads numbers of the named type from standard input and writes
 * f(x) to standard output. `node scripts/values.js exp float32 < x.bin > y.bin`; pow takes twice as many, bases first.
 */
import { readFileSync, writeSync } from 'node:fs';
import { load } from './source.js';

const [name = '', dtype = ''] = process.argv.slice(2);
const input = readFileSync(0);
const bytes = new Uint8Array(input);
const numbers = dtype === 'float32' ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
const math = await load("export * from './src/math.ts';");
const kernel = math[name];
const half = numbers.length / 2;
const args = kernel.length === 3 ? [numbers.subarray(0, half), numbers.subarray(half)] : [numbers];
const out = args[0].slice();
kernel(...args, out);
const result = new Uint8Array(out.buffer);
for (let i = 0; i < result.length; ) i += writeSync(1, result, i);
