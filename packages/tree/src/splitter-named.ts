import { CategorySplitter } from './category-splitter.ts';
import { RandomSplitter } from './random-splitter.ts';
import type { SplitterClass } from './splitter.ts';

/** The splitter of an option's name, which splits by categories too. */
export function splitterNamed(name: 'best' | 'random'): SplitterClass {
  return name === 'best' ? CategorySplitter : RandomSplitter;
}
