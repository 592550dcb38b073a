import type { Reader } from './reader.ts';
import { arrayReaders } from './readers/arrays.ts';
import { dataReaders } from './readers/data.ts';
import { modelReaders, saveAll } from './readers/models.ts';
import { resume } from './readers/resume.ts';
import { searchState } from './readers/search.ts';
import { trainingReaders } from './readers/training.ts';

/** Every reader that is tried. */
export async function allReaders(): Promise<Reader[]> {
  return [...dataReaders, ...arrayReaders, ...trainingReaders, ...modelReaders(await saveAll()), searchState, resume];
}
