import { BestSplitter } from './best-splitter.ts';
import { RandomSplitter } from './random-splitter.ts';
import type { SplitterClass } from './splitter.ts';

/** The splitter of an option's name. */
export function splitterNamed(name: 'best' | 'random'): SplitterClass {
  return name === 'best' ? BestSplitter : RandomSplitter;
}
