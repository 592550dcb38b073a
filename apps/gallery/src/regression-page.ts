import type { RegressionModel } from '@maru-ml/stats';
import type { Context } from './study.ts';

/** A regression's page as a source printed it. */
export interface PrintedPage {
  /** The statistics by their names on the page, as they stand there. */
  readonly statistics: Readonly<Record<string, string>>;
  /** A line for each coefficient: its name, then b, standard error, t, p and the two bounds. */
  readonly coefficients: string;
}

/** Sets a page that was printed beside a model: each statistic, and every number of the table of coefficients. */
export function comparePage(context: Context, model: RegressionModel, page: PrintedPage): void {
  const summary = model.summary();
  for (const [name, printed] of Object.entries(page.statistics)) {
    context.figure(name, printed, likePrinted(Number(summary.value(name)), printed));
  }
  const { low, high } = model.confInt();
  const columns = [model.params, model.bse, model.tvalues, model.pvalues, low, high];
  const lines = page.coefficients.trim().split('\n');
  const differing: string[] = [];
  for (const line of lines) {
    const [, name = '', numbers = ''] = /^(.*?)\s+(-?[\d.]+(?:\s+-?[\d.]+){5})$/.exec(line.trim()) ?? [];
    const place = model.names.indexOf(name);
    for (const [i, printed] of numbers.split(/\s+/).entries()) {
      const ours = likePrinted(columns[i]![place]!, printed);
      if (ours !== printed) differing.push(`${name}, ${COLUMNS[i]}: ${printed} there, ${ours} here`);
    }
  }
  const all = 6 * lines.length;
  context.figure(
    'numbers of the table of coefficients that agree',
    `${all} of ${all}`,
    `${all - differing.length} of ${all}`,
  );
  if (differing.length > 0) context.code(differing.join('\n'));
  context.code(String(summary));
}

/** Sets statistics that were printed beside those of a model that is not meant to agree. */
export function showBeside(context: Context, model: RegressionModel, statistics: PrintedPage['statistics']): void {
  const summary = model.summary();
  const rows = Object.entries(statistics).map(([name, printed]) => {
    return [name, printed, likePrinted(Number(summary.value(name)), printed)];
  });
  context.table(['', 'source', 'ours'], rows);
  context.code(String(summary));
}

const COLUMNS = ['coef', 'std err', 't', 'P>|t|', '[0.025', '0.975]'];

/** A number with as many digits as one that was printed, and with an exponent where that has one. */
function likePrinted(value: number, printed: string): string {
  const digits = /\.(\d*)/.exec(printed)?.[1]?.length ?? 0;
  if (/e/i.test(printed)) {
    const [mantissa = '', exponent = '0'] = value.toExponential(digits).split('e');
    return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${exponent.replace(/[+-]/, '').padStart(2, '0')}`;
  }
  return printed.endsWith('.') ? `${value.toFixed(0)}.` : value.toFixed(digits);
}
