import type { Study } from './study.ts';

/** All studies, in the order of the rows. */
export const studies: readonly Study[] = [];
