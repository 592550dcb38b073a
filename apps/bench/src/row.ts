/** One library's way to do the work of a row, set up and ready. */
export interface Ready {
  /** Does the work once. */
  run(): unknown;
  /** Numbers by which the answer is checked, such as a loss or some elements; taken after the timing. */
  answer(): number[] | Promise<number[]>;
  /** Frees what the set-up took. */
  end?(): void;
}

/** Who takes part: we, a library of this language, Python on one thread, or Python as it comes. */
export type Side = 'ours' | 'js' | 'python' | 'shipped';

/** A library that takes part in a row. */
export interface Contender {
  /** Its name in the table; 'maru' and names that begin with 'maru ' are ours. */
  readonly name: string;
  /** 'js' where it is not said and the name is not ours. */
  readonly side?: Side;
  /** What a reader must know to compare it. */
  readonly note?: string;
  /** Why its answer cannot be that of the others; it only must be finite. */
  readonly unchecked?: string;
  /** Takes part with `--long` only. */
  readonly long?: boolean;
  setUp(): Ready | Promise<Ready>;
}

/** What ours divided by theirs must not exceed. */
export interface Bar {
  readonly against: readonly string[];
  readonly ratio: number;
}

/** One line of the benchmark. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly contenders: readonly Contender[];
  readonly bars: readonly Bar[];
  /** How far answers may be apart, relative to the largest. */
  readonly tolerance: number;
  /** Runs with `--long` only. */
  readonly long?: boolean;
  /** The folder of real data that it needs, in the one of `--data`. */
  readonly data?: string;
  /** Its peak of memory is measured too, in a process of its own; 'ours' where Python's would take too long. */
  readonly memory?: 'both' | 'ours';
}

export function sideOf({ name, side }: Pick<Contender, 'name' | 'side'>): Side {
  return side ?? (name === 'maru' || name.startsWith('maru ') ? 'ours' : 'js');
}

/** A seeded stream that all contenders fill their arrays from (a 32-bit xorshift: any language has it in a line). */
export function randoms(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  let s = seed | 0 || 1;
  for (let i = 0; i < length; i++) {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    values[i] = (s >>> 0) / 2 ** 32 - 0.5;
  }
  return values;
}

/** A matrix of such numbers in float64, [n, d]. */
export function randomMatrix(n: number, d: number, seed: number): { data: Float64Array; shape: [number, number] } {
  return { data: Float64Array.from(randoms(n * d, seed)), shape: [n, d] };
}

/** The rows of a flat matrix as arrays, as many libraries want them. */
export function plainRows(data: ArrayLike<number>, d: number): number[][] {
  return Array.from({ length: data.length / d }, (_, i) => Array.from({ length: d }, (_, j) => data[i * d + j]!));
}
