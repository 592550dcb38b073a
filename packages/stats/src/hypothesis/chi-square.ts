import { checkBoolean, checkInteger, checkKnown, DataError, ShapeError } from '@maru-ml/base';
import { chiSquare } from '@maru-ml/special';
import { type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';
import { checkPower, divergence, type Power } from './power-divergence.ts';
import { type TestResult, testResult } from './result.ts';
import { toSample } from './sample.ts';

export interface ChisquareOptions {
  /** The expected counts [k]; the mean count for each. */
  fExp?: ArrayLike<number>;
  /** How many parameters were estimated from the counts: taken off the degrees of freedom; 0. */
  ddof?: number;
  /** The power divergence that is computed; 'pearson'. */
  lambda?: Power;
}

/** What the test of goodness of fit tells. */
export interface ChisquareResult extends TestResult {
  readonly df: number;
  /** Cohen's w: √(χ² / n). */
  readonly effectSize: number;
}

/**
 * The chi-square test of goodness of fit: whether counts come from these expected ones.
 *
 *   χ² = Σ (fᵢ - eᵢ)² / eᵢ, with k - 1 - ddof degrees of freedom
 *
 * Expected counts must have the observed sum (to 1e-8). They should be 5 or more, else p is rough. O(k).
 * K. Pearson, Philosophical Magazine 50 (1900).
 *
 * @param fObs the observed counts [k]
 * @throws DataError for negative counts, sums that differ, or expected counts that are not positive; ShapeError; OptionError
 *
 * @example
 * ```ts
 * import { chisquare } from '@maru-ml/stats';
 *
 * console.log(chisquare([16, 18, 16, 14, 12, 12]).pvalue.toFixed(4)); // 0.8491
 * ```
 */
export function chisquare(fObs: ArrayLike<number>, options: ChisquareOptions = {}): ChisquareResult {
  const owner = 'chisquare';
  checkKnown(owner, options, ['fExp', 'ddof', 'lambda']);
  const { fExp, ddof = 0, lambda = 'pearson' } = options;
  const observed = toSample(owner, 'fObs', fObs, 'raise', 2);
  checkInteger(owner, 'ddof', ddof, { min: 0, max: observed.length - 2 });
  const power = checkPower(owner, lambda);
  const total = checkCounts(owner, observed, (i) => `fObs[${i}]`, 'fObs');
  const expected = fExp === undefined ? observed.map(() => total / observed.length) : toSample(owner, 'fExp', fExp);
  if (expected.length !== observed.length) {
    throw new ShapeError(`${owner}: fObs has ${observed.length} counts, but fExp has ${expected.length}`);
  }
  let sum = 0;
  for (const [i, count] of expected.entries()) {
    if (!(count > 0)) throw new DataError(`${owner}: fExp[${i}] must be > 0, got ${count}`);
    sum += count;
  }
  if (Math.abs(sum - total) > 1e-8 * total) {
    throw new DataError(`${owner}: fExp must add up to the sum of fObs, ${total}, got ${sum}; scale it to that sum`);
  }
  const statistic = divergence(observed, expected, power);
  const df = observed.length - 1 - ddof;
  const effectSize = Math.sqrt(statistic / total);
  return testResult('Chi-square test of goodness of fit', {
    statistic,
    pvalue: chiSquare(df).sf(statistic),
    df,
    effectSize,
  });
}

export interface ContingencyOptions {
  /** Yates' correction, in tables of one degree of freedom: each count half nearer to its expected one, at most; true. */
  correction?: boolean;
  /** The power divergence that is computed; 'pearson'. */
  lambda?: Power;
}

/** What the test of independence tells. */
export interface ContingencyResult extends TestResult {
  readonly df: number;
  /** Cramér's V: √(χ² / (n (min(r, c) - 1))), from 0 to 1, of the uncorrected statistic. */
  readonly effectSize: number;
  /** The counts that independence would give [r, c]. */
  readonly expectedFreq: Table;
}

/**
 * The chi-square test of independence of the rows and columns of a table of counts [r, c].
 *
 *   χ² = Σ (fᵢⱼ - eᵢⱼ)² / eᵢⱼ, eᵢⱼ = (sum of row i) (sum of column j) / n, with (r - 1) (c - 1) degrees of freedom
 *
 * O(r c). For small counts in a 2 x 2 table `fisherExact` is right.
 *
 * @throws DataError for negative counts, rows or columns of zeros, or a single row or column; OptionError
 *
 * @example
 * ```ts
 * import { chi2Contingency } from '@maru-ml/stats';
 *
 * const { statistic, df, expectedFreq } = chi2Contingency([[10, 10, 20], [20, 20, 20]]);
 * console.log(statistic.toFixed(4), df); // 2.7778 2
 * console.log(expectedFreq.toArray()[0]); // [ 12, 12, 16 ]
 * ```
 */
export function chi2Contingency(observed: MatrixLike, options: ContingencyOptions = {}): ContingencyResult {
  const owner = 'chi2Contingency';
  checkKnown(owner, options, ['correction', 'lambda']);
  const { correction = true, lambda = 'pearson' } = options;
  checkBoolean(owner, 'correction', correction);
  const power = checkPower(owner, lambda);
  const matrix = toMatrix(owner, observed, { name: 'observed' });
  const { rows, columns } = matrix;
  const counts = Float64Array.from(matrix.data);
  if (rows < 2 || columns < 2) {
    throw new DataError(`${owner}: observed must have at least 2 rows and 2 columns, got [${rows}, ${columns}]`);
  }
  const place = (i: number) => `observed[${Math.floor(i / columns)}, ${i % columns}]`;
  const total = checkCounts(owner, counts, place, 'observed');
  const expected = independent(owner, counts, rows, columns, total);
  const df = (rows - 1) * (columns - 1);
  const plain = divergence(counts, expected, power);
  const statistic = correction && df === 1 ? divergence(nearer(counts, expected), expected, power) : plain;
  return testResult('Chi-square test of independence', {
    statistic,
    pvalue: chiSquare(df).sf(statistic),
    df,
    effectSize: Math.sqrt(plain / (total * (Math.min(rows, columns) - 1))),
    expectedFreq: new Table(expected, rows, columns),
  });
}

function checkCounts(owner: string, counts: Float64Array, place: (i: number) => string, name: string): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! < 0) throw new DataError(`${owner}: ${place(i)} must be a count ≥ 0, got ${counts[i]}`);
    total += counts[i]!;
  }
  if (total === 0) throw new DataError(`${owner}: ${name} must not be all 0`);
  return total;
}

/** What the sums of rows and columns would give if they were independent. */
function independent(owner: string, counts: Float64Array, rows: number, columns: number, total: number): Float64Array {
  const [rowSums, columnSums] = [new Float64Array(rows), new Float64Array(columns)];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      rowSums[i]! += counts[i * columns + j]!;
      columnSums[j]! += counts[i * columns + j]!;
    }
  }
  for (const [what, sums] of [
    ['row', rowSums],
    ['column', columnSums],
  ] as const) {
    const empty = sums.indexOf(0);
    if (empty >= 0) throw new DataError(`${owner}: ${what} ${empty} of observed is all 0; leave it out`);
  }
  return counts.map((_, at) => (rowSums[Math.floor(at / columns)]! * columnSums[at % columns]!) / total);
}

/** Yates' correction: counts moved by at most a half, and not beyond the expected ones. */
function nearer(counts: Float64Array, expected: Float64Array): Float64Array {
  return counts.map((count, i) => {
    const distance = expected[i]! - count;
    return count + Math.sign(distance) * Math.min(0.5, Math.abs(distance));
  });
}
