/** Something impossible was asked for: an option, an argument or a call that has no meaning. */
export class OptionError extends Error {
  override readonly name: string = 'OptionError';
}

/** Things that do not fit together: shapes, lengths, numbers of columns. */
export class ShapeError extends Error {
  override readonly name: string = 'ShapeError';
}

/** The numbers or the file cannot be used: NaN where it is not accepted, a truncated or mislabelled file. */
export class DataError extends Error {
  override readonly name: string = 'DataError';
}
