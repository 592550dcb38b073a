export { Linear, type LinearOptions } from './layers/linear.ts';
export { Sequential } from './layers/sequential.ts';
export { type AnyModule, type LoadOptions, Module, type StateDict } from './module.ts';
