/** One library's way to do the work of a row, set up and ready. */
export interface Ready {
  /** Does the work once. */
  run(): unknown;
  /** Numbers by which the answer is checked, such as a loss or some elements; taken after the timing. */
  answer(): number[] | Promise<number[]>;
  /** Frees what the set-up took. */
  end?(): void;
}

/** A library that takes part in a row. */
export interface Contender {
  /** Its name in the table; 'maru' and names that begin with 'maru ' are ours. */
  readonly name: string;
  setUp(): Ready | Promise<Ready>;
}

/** What ours divided by theirs must not exceed. */
export interface Bar {
  /** The contenders of whom the fastest counts; null for all of this language. */
  against: readonly string[];
  ratio: number;
}

/** One line of the benchmark. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly contenders: readonly Contender[];
  readonly bars: readonly Bar[];
  /** How far answers may be apart, relative to the largest; null where they are random and only must be finite. */
  readonly tolerance: number | null;
}

/** A seeded stream that all contenders fill their arrays from (a 32-bit xorshift: any language has it in a line). */
export function randoms(length: number, seed: number): Float32Array {
  let s = seed | 0 || 1;
  return Float32Array.from({ length }, () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return (s >>> 0) / 2 ** 32 - 0.5;
  });
}
