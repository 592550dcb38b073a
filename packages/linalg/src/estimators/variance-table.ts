import { checkNumber, DataError, OptionError, readable, show } from '@maru-ml/base';

/** What a principal component explains. */
export interface ComponentVariance {
  /** Its number, from 1. */
  readonly component: number;
  readonly eigenvalue: number;
  /** Its contribution to the total variance, in percent. */
  readonly percentVariance: number;
  /** That of all components up to it. */
  readonly percentCumulative: number;
}

/** The table "component, eigenvalue, % variance, % cumulative" that statistics programs print. */
export class VarianceTable {
  readonly rows: readonly ComponentVariance[];

  /** @internal */
  constructor(rows: readonly ComponentVariance[]) {
    this.rows = rows;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The smallest number of components that explain at least `share` of the variance, such as .7.
   * @throws OptionError if the share is not above 0 and at most 1, DataError if all components in the table explain less
   */
  componentsFor(share: number): number {
    checkNumber('VarianceTable', 'share', share, { above: 0, max: 1 });
    // Percentages that are sums of rounded numbers may end just below 100.
    const row = this.rows.find(({ percentCumulative }) => percentCumulative >= 100 * share - 1e-10);
    if (row !== undefined) return row.component;
    const last = this.rows.at(-1)!.percentCumulative.toFixed(3);
    throw new DataError(`VarianceTable: the components in the table explain ${last} %, less than ${100 * share} %`);
  }

  toString(): string {
    const lines = this.rows.map((row) =>
      [
        String(row.component).padStart(9),
        significant(row.eigenvalue).padStart(12),
        row.percentVariance.toFixed(3).padStart(12),
        row.percentCumulative.toFixed(3).padStart(14),
      ].join(''),
    );
    return ['component  eigenvalue  % variance  % cumulative', ...lines].join('\n');
  }
}

/**
 * The table of the variances that components explain: their contribution ratio λᵢ / Σλ, in percent, and its running sum.
 *
 * @param eigenvalues [k], ≥ 0: of a covariance or correlation matrix, in descending order
 * @param total the variance of all components, where only the first are given; their sum
 * @throws OptionError or DataError for what are no such numbers
 */
export function varianceTable(eigenvalues: ArrayLike<number>, total?: number): VarianceTable {
  const k = eigenvalues?.length;
  if (typeof eigenvalues !== 'object' || !(k > 0)) {
    throw new OptionError(`varianceTable: eigenvalues must be an array of numbers, got ${show(eigenvalues)}`);
  }
  let sum = 0;
  for (let i = 0; i < k; i++) {
    const value: unknown = eigenvalues[i];
    if (typeof value !== 'number' || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new DataError(`varianceTable: eigenvalues[${i}] must be a finite number ≥ 0, got ${show(value)}`);
    }
    sum += value;
  }
  // The total of the rest may be smaller than the sum of all by rounding.
  const whole = total === undefined ? sum : checkNumber('varianceTable', 'total', total, { min: sum * (1 - 1e-9) });
  let cumulative = 0;
  const rows = Array.from({ length: k }, (_, i): ComponentVariance => {
    const eigenvalue = eigenvalues[i]!;
    cumulative += eigenvalue;
    const percent = (part: number) => (whole === 0 ? 0 : (100 * part) / whole);
    return Object.freeze({
      component: i + 1,
      eigenvalue,
      percentVariance: percent(eigenvalue),
      percentCumulative: percent(cumulative),
    });
  });
  return new VarianceTable(Object.freeze(rows));
}

function significant(value: number): string {
  return String(Number(value.toPrecision(6)));
}
