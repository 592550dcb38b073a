// Everything that tensors are computed with, behind one name: a program that imports them then loads one file, not seven.
export * from './blas.ts';
export * from './conv.ts';
export * from './elementwise.ts';
export * from './math.ts';
export * from './memory.ts';
export * from './reduce.ts';
export { exp as expOf, log as logOf } from './scalar.ts';
