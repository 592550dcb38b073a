// The names are getters on the prototypes: a stack trace starts with the right name, and bundlers see no side effect.

/** Something impossible was asked for: an option, an argument or a call that has no meaning. */
export class OptionError extends Error {
  override get name(): string {
    return 'OptionError';
  }
}

/** Things that do not fit together: shapes, lengths, numbers of columns. */
export class ShapeError extends Error {
  override get name(): string {
    return 'ShapeError';
  }
}

/** The numbers or the file cannot be used: NaN where it is not accepted, a truncated or mislabelled file. */
export class DataError extends Error {
  override get name(): string {
    return 'DataError';
  }
}
