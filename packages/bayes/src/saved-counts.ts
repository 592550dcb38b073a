import { DataError } from '@maru-ml/base';
import { decodeArray, encodeArray, type Label, savedBoolean, savedLabels } from '@maru-ml/tensor';
import { type Alpha, checkAlpha } from './alpha.ts';
import type { Counts } from './counts.ts';
import { type PriorSettings, readPrior } from './priors.ts';

/** What all models of counts save. */
export interface SavedCounts<L extends Label = Label> {
  readonly classes: readonly L[];
  readonly counts: Counts;
  readonly alpha: Alpha;
  readonly priors: PriorSettings;
}

export function saveCounts({ classes, counts, alpha, priors }: SavedCounts): Record<string, unknown> {
  return {
    ...{ classes, alpha, fitPrior: priors.fitPrior, classPrior: priors.classPrior },
    classCount: encodeArray(counts.classCount),
    featureCount: encodeArray(counts.featureCount, [classes.length, counts.featureCount.length / classes.length]),
  };
}

/** @throws DataError, OptionError for what `saveCounts` has not written */
export function loadCounts(owner: string, fields: Record<string, unknown>): SavedCounts {
  const classes = savedLabels(owner, fields, 'classes');
  const k = classes.length;
  const classCount = decodeArray(owner, 'classCount', fields.classCount, {
    dtype: 'float64',
    shape: [k],
    finite: true,
  });
  const featureCount = decodeArray(owner, 'featureCount', fields.featureCount, {
    dtype: 'float64',
    shape: [k, -1],
    finite: true,
  });
  if (featureCount.length === 0) throw new DataError(`${owner}: featureCount must not be empty`);
  if (fields.classPrior === undefined)
    throw new DataError(`${owner}: classPrior must be numbers or null, got undefined`);
  if ([classCount, featureCount].some((counts) => counts.some((count) => count < 0))) {
    throw new DataError(`${owner}: classCount and featureCount must be ≥ 0`);
  }
  return {
    classes,
    counts: { classCount, featureCount },
    alpha: checkAlpha(owner, fields.alpha),
    priors: {
      fitPrior: savedBoolean(owner, fields, 'fitPrior'),
      classPrior: readPrior(owner, 'classPrior', fields.classPrior),
    },
  };
}

/** `of 3 columns, classes a 2, b 5` */
export function describeCounts({ classes, counts }: SavedCounts): string {
  const sizes = Array.from(counts.classCount, (count, c) => `${classes[c]} ${Number(count.toPrecision(6))}`);
  return `${counts.featureCount.length / classes.length} columns, rows of classes ${sizes.join(', ')}`;
}
