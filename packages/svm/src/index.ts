export type { ClassWeight } from './class-weight.ts';
export type { KernelFunction, KernelFunctions, KernelOptions, LoadOptions } from './kernel.ts';
export { SVC, type SVCOptions, type SVCSettings } from './svc.ts';
export { SVCModel } from './svc-model.ts';
