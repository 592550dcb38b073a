import type { Reader } from './reader.ts';
import { arrayReaders } from './readers/arrays.ts';
import { dataReaders } from './readers/data.ts';
import { modelReaders, saveAll } from './readers/models.ts';

/** Every reader that is tried. */
export async function allReaders(): Promise<Reader[]> {
  return [...dataReaders, ...arrayReaders, ...modelReaders(await saveAll())];
}
