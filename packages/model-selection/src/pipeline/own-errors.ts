import { DataError, OptionError, ShapeError } from '@maru-ml/base';

/** What the first step says of the rows that the pipeline was given. */
const OF_ROWS =
  /^[^:]+: (?=x\[|x must |x is sparse|x has \d+ (columns?|numbers), but (the model|its shape)|the row |sampleWeight)/;

/** What the last step says of the targets and of what the pipeline writes to. */
const OF_TARGETS = /^[^:]+: (?=y |y\[|out has |sampleWeight)/;

/**
 * Runs what calls a step. What the first step finds wrong with x and the last with y is wrong with what the pipeline was given, so
 * these errors come in the pipeline's name, with the step's own error as their cause; all others are the step's.
 */
export function ownErrors<T>(first: boolean, last: boolean, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw ownError(error, first, last);
  }
}

/** The error in the pipeline's name, if it is about what the pipeline was given. */
export function ownError(error: unknown, first: boolean, last: boolean): unknown {
  for (const Class of [OptionError, ShapeError, DataError]) {
    if (!(error instanceof Class)) continue;
    const message = error.message;
    const pattern = first && OF_ROWS.test(message) ? OF_ROWS : last && OF_TARGETS.test(message) ? OF_TARGETS : null;
    if (pattern === null || message.startsWith('Pipeline: ')) return error;
    return new Class(message.replace(pattern, 'Pipeline: '), { cause: error });
  }
  return error;
}
