/** Data for fits that take a while: made from a seed, the same in every run. */
import { Random } from '@maru-ml/base';

type Matrix = { data: Float64Array; shape: [number, number] };

/** Normal numbers, in three groups that differ in their first columns. */
export function rows(n: number, d: number): Matrix {
  const random = new Random(1);
  const data = Float64Array.from(
    { length: n * d },
    (_, i) => random.normal() + (i % d < 3 ? groupOf(Math.floor(i / d)) : 0),
  );
  return { data, shape: [n, d] };
}

/** Whole numbers from 0 to 7, which are counts or kinds. */
export function counts(n: number, d: number): Matrix {
  const random = new Random(2);
  return {
    data: Float64Array.from({ length: n * d }, (_, i) =>
      Math.min(7, random.integer(7) + (groupOf(Math.floor(i / d)) >> 1)),
    ),
    shape: [n, d],
  };
}

/** The group of each row, in 15 of a hundred rows another one. */
export function labels(n: number, groups = 3): number[] {
  const random = new Random(3);
  return Array.from({ length: n }, (_, i) => (random.uniform() < 0.15 ? random.integer(groups) : groupOf(i) % groups));
}

/** A sum of the group and noise. */
export function numbers(n: number): Float64Array {
  const random = new Random(4);
  return Float64Array.from({ length: n }, (_, i) => groupOf(i) + random.normal());
}

/** Texts of 30 words, rare ones and common ones. */
export function texts(n: number): string[] {
  const random = new Random(5);
  const word = () => `word${Math.floor(20_000 ** random.uniform())}`;
  return Array.from({ length: n }, () => Array.from({ length: 30 }, word).join(' '));
}

function groupOf(row: number): number {
  return (row * 7) % 3;
}
