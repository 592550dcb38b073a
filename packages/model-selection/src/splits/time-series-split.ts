import { checkInteger, checkKnown, DataError, readable } from '@maru-ml/base';
import { printOptions, rowsOf, type Split, type Splitter } from './split.ts';

export interface TimeSeriesSplitOptions {
  /** The number of splits; 5. */
  nSplits?: number;
  /** The most rows to fit with, the latest; null: all that came before; null. */
  maxTrainSize?: number | null;
  /** The rows of each test part; null: ⌊n / (nSplits + 1)⌋; null. */
  testSize?: number | null;
  /** Rows between the train and the test part that are left out; 0. */
  gap?: number;
}

/** Tests with stretches of rows and fits with what came before each: for rows in the order of time. O(n) a split. */
export class TimeSeriesSplit implements Splitter {
  readonly options: Readonly<Required<TimeSeriesSplitOptions>>;

  constructor(options: TimeSeriesSplitOptions = {}) {
    const owner = 'TimeSeriesSplit';
    checkKnown(owner, options, ['nSplits', 'maxTrainSize', 'testSize', 'gap']);
    const { nSplits = 5, maxTrainSize = null, testSize = null, gap = 0 } = options;
    checkInteger(owner, 'nSplits', nSplits, { min: 2 });
    if (maxTrainSize !== null) checkInteger(owner, 'maxTrainSize', maxTrainSize, { min: 1 });
    if (testSize !== null) checkInteger(owner, 'testSize', testSize, { min: 1 });
    checkInteger(owner, 'gap', gap, { min: 0 });
    this.options = Object.freeze({ nSplits, maxTrainSize, testSize, gap });
    readable(this);
  }

  /** @param x the rows, or how many there are @throws DataError if there are too few */
  *split(x: unknown): Generator<Split> {
    const { nSplits, maxTrainSize, gap } = this.options;
    const n = rowsOf('TimeSeriesSplit', x);
    const size = this.options.testSize ?? Math.floor(n / (nSplits + 1));
    if (size < 1 || n - gap - size * nSplits < 1) {
      throw new DataError(
        `TimeSeriesSplit: ${n} ${n === 1 ? 'row is' : 'rows are'} too few for ${nSplits} splits with a gap of ${gap} and ${Math.max(size, 1)} to test with`,
      );
    }
    for (let start = n - nSplits * size; start < n; start += size) {
      const end = start - gap;
      const from = maxTrainSize === null ? 0 : Math.max(0, end - maxTrainSize);
      yield { train: stretch(from, end), test: stretch(start, start + size) };
    }
  }

  toString(): string {
    return printOptions('TimeSeriesSplit', this.options);
  }
}

function stretch(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}
