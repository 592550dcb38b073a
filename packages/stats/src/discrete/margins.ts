import { OptionError, readable } from '@maru-ml/base';
import { type Label, Table } from '@maru-ml/tensor';
import { alphaOf, intervals, twoSided } from '../contrast.ts';
import { coefficientGrid } from '../summary/coefficients.ts';
import { entry, Summary } from '../summary/table.ts';
import type { ChoiceKind } from './choice.ts';

/** A row of the table of effects. */
export interface MarginsRow {
  /** The class whose probability changes. */
  readonly label: Label;
  /** The column that it changes with. */
  readonly name: string;
  readonly margeff: number;
  readonly se: number;
  readonly zvalue: number;
  readonly pvalue: number;
  readonly low: number;
  readonly high: number;
}

/** Marginal effects. Constant columns have none. */
export class Margins {
  /** The columns with effects [d]. */
  readonly names: readonly string[];
  /** The classes whose probabilities change: the second of two, else all [c]. */
  readonly labels: readonly Label[];
  /** The effects on each class in turn [c d]; at 'all' [n, c d] row by row. */
  readonly margeff: Float64Array;
  /** Their standard errors by the delta method [c d]; empty at 'all', as all that follows. */
  readonly margeffSe: Float64Array;
  readonly tvalues: Float64Array;
  readonly pvalues: Float64Array;
  readonly options: { readonly at: string; readonly method: string };
  readonly #cov: Float64Array;
  readonly #head: { readonly kind: ChoiceKind; readonly yName: string };

  /** @internal */
  constructor(
    names: readonly string[],
    labels: readonly Label[],
    margeff: Float64Array,
    cov: Float64Array,
    options: { at: string; method: string },
    head: { kind: ChoiceKind; yName: string },
  ) {
    const size = Math.sqrt(cov.length);
    this.names = names;
    this.labels = labels;
    this.margeff = margeff;
    this.margeffSe = Float64Array.from({ length: size }, (_, j) => Math.sqrt(cov[j * (size + 1)]!));
    this.tvalues = this.margeffSe.map((se, j) => margeff[j]! / se);
    this.pvalues = twoSided(this.tvalues, false, Number.POSITIVE_INFINITY);
    this.options = Object.freeze(options);
    this.#cov = cov;
    this.#head = head;
    readable(this);
    Object.freeze(this);
  }

  /** The covariance of the effects [c d, c d]. */
  margeffCov(): Table {
    this.#check('margeffCov');
    return new Table(this.#cov.slice(), this.margeffSe.length, this.margeffSe.length);
  }

  /** The bounds of the effects at the level 1 - alpha. @throws OptionError at 'all' */
  confInt(alpha = 0.05): { low: Float64Array; high: Float64Array } {
    this.#check('confInt');
    return intervals('confInt', this.margeff, this.margeffSe, false, Number.POSITIVE_INFINITY, alpha);
  }

  /** All of it effect by effect. @throws OptionError at 'all' */
  summaryFrame(options: { alpha?: number } = {}): MarginsRow[] {
    const { low, high } = this.confInt(alphaOf('summaryFrame', options));
    return Array.from(this.margeff, (margeff, i) => ({
      label: this.labels[Math.floor(i / this.names.length)]!,
      name: this.names[i % this.names.length]!,
      margeff,
      se: this.margeffSe[i]!,
      zvalue: this.tvalues[i]!,
      pvalue: this.pvalues[i]!,
      low: low[i]!,
      high: high[i]!,
    }));
  }

  /** The page of statsmodels. @throws OptionError at 'all' */
  summary(options: { alpha?: number } = {}): Summary {
    const alpha = alphaOf('summary', options);
    const { kind, yName } = this.#head;
    const { at, method } = this.options;
    const { low, high } = this.confInt(alpha);
    const d = this.names.length;
    const equations = this.labels.map((label, c) => {
      const part = (values: Float64Array) => values.subarray(c * d, (c + 1) * d);
      return {
        corner: kind === 'MNLogit' ? `${yName}=${label}` : '',
        params: part(this.margeff),
        bse: part(this.margeffSe),
        tvalues: part(this.tvalues),
        pvalues: part(this.pvalues),
        low: part(low),
        high: part(high),
      };
    });
    const grid = coefficientGrid(this.names, equations, false, alpha);
    const [, ...headers] = grid.headers;
    return new Summary([
      {
        kind: 'pairs',
        title: `${kind} Marginal Effects`,
        left: [entry('Dep. Variable:', yName), entry('Method:', method), entry('At:', at)],
        right: [],
      },
      { ...grid, headers: [TITLES[method]!, ...headers] },
    ]);
  }

  toJSON(): object {
    const { names, labels, options } = this;
    const [margeff, margeffSe] = [Array.from(this.margeff), Array.from(this.margeffSe)];
    return { names, labels, margeff, margeffSe, options };
  }

  toString(): string {
    if (this.options.at !== 'all') return String(this.summary());
    return `Margins at all rows: ${this.labels.length * this.names.length} effects of each`;
  }

  #check(what: string): void {
    if (this.options.at !== 'all') return;
    throw new OptionError(`Margins: ${what} needs effects at one place, but at is 'all'; use 'overall' or another`);
  }
}

const TITLES: Readonly<Record<string, string>> = {
  dydx: 'dy/dx',
  eyex: 'd(lny)/d(lnx)',
  dyex: 'dy/d(lnx)',
  eydx: 'd(lny)/dx',
};
