import { checkInteger, checkKnown, DataError, readable } from '@maru-ml/base';
import { printOptions, rowsOf, type Split, type Splitter } from './split.ts';

/** Tests with each row once and fits with all others: n splits. */
export class LeaveOneOut implements Splitter {
  readonly options: Readonly<Record<string, never>> = Object.freeze({});

  constructor(options: Record<string, never> = {}) {
    checkKnown('LeaveOneOut', options, []);
    readable(this);
  }

  /** @param x the rows, or how many there are @throws DataError for a single row */
  *split(x: unknown): Generator<Split> {
    yield* leaveOut('LeaveOneOut', rowsOf('LeaveOneOut', x), 1);
  }

  toString(): string {
    return 'LeaveOneOut';
  }
}

export interface LeavePOutOptions {
  /** How many rows each test part has. */
  p: number;
}

/** Tests with every set of p rows once and fits with all others: n! / (p! (n - p)!) splits. */
export class LeavePOut implements Splitter {
  readonly options: Readonly<LeavePOutOptions>;

  constructor(options: LeavePOutOptions) {
    checkKnown('LeavePOut', options, ['p']);
    this.options = Object.freeze({ p: checkInteger('LeavePOut', 'p', options.p, { min: 1 }) });
    readable(this);
  }

  /** @param x the rows, or how many there are @throws DataError if there are not more than p */
  *split(x: unknown): Generator<Split> {
    yield* leaveOut('LeavePOut', rowsOf('LeavePOut', x), this.options.p);
  }

  toString(): string {
    return printOptions('LeavePOut', this.options);
  }
}

function* leaveOut(owner: string, n: number, p: number): Generator<Split> {
  if (p >= n) throw new DataError(`${owner}: there must be more than ${p} ${p === 1 ? 'row' : 'rows'}, got ${n}`);
  const places = Int32Array.from({ length: p }, (_, i) => i);
  for (;;) {
    const out = new Set(places);
    yield {
      train: Int32Array.from({ length: n }, (_, i) => i).filter((i) => !out.has(i)),
      test: places.slice(),
    };
    // The next set in the order of its members: the last that can go up does, and those behind it follow.
    let at = p - 1;
    while (at >= 0 && places[at] === n - p + at) at--;
    if (at < 0) return;
    places[at]! += 1;
    for (let next = at + 1; next < p; next++) places[next] = places[next - 1]! + 1;
  }
}
