import { checkInteger, checkKnown, checkOneOf, checkSeed, OptionError, type Seed, show } from '@maru-ml/base';

/** How bins are given out: as sparse rows or a table of 0 and 1 with a column for each bin, or as their numbers. */
export type BinsEncode = 'onehot' | 'onehotDense' | 'ordinal';

export interface KBinsDiscretizerOptions<E extends BinsEncode = BinsEncode> {
  /** The number of bins, of all columns or of each; 5. */
  nBins?: number | readonly number[];
  /** Sparse rows or a table of 0 and 1 with a column for each bin, or the numbers of the bins; 'onehot'. */
  encode?: E;
  /** Bins of equal width, of equally many values, or around the centers of k-means; 'quantile'. */
  strategy?: 'uniform' | 'quantile' | 'kmeans';
  /** How quantiles lie between values; weights need one of the last two; 'linear'. */
  quantileMethod?: 'linear' | 'invertedCdf' | 'averagedInvertedCdf';
  /** Draw so many rows to find the bins of larger tables; null for none; 200000. */
  subsample?: number | null;
  /** What those rows are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type KBinsDiscretizerSettings = Readonly<
  Required<Omit<KBinsDiscretizerOptions, 'seed'>> & { seed: Seed | undefined }
>;

/** @throws OptionError for options that have no meaning */
export function checkBinsOptions(owner: string, options: KBinsDiscretizerOptions): KBinsDiscretizerSettings {
  checkKnown(owner, options, ['nBins', 'encode', 'strategy', 'quantileMethod', 'subsample', 'seed']);
  const { nBins = 5, encode = 'onehot', strategy = 'quantile', quantileMethod = 'linear', seed } = options;
  const { subsample = 200_000 } = options;
  checkOneOf(owner, 'encode', encode, ['onehot', 'onehotDense', 'ordinal']);
  checkOneOf(owner, 'strategy', strategy, ['uniform', 'quantile', 'kmeans']);
  checkOneOf(owner, 'quantileMethod', quantileMethod, ['linear', 'invertedCdf', 'averagedInvertedCdf']);
  if (subsample !== null) checkInteger(owner, 'subsample', subsample, { min: 1 });
  if (seed !== undefined) checkSeed(owner, seed);
  return Object.freeze({ nBins: checkBins(owner, nBins), encode, strategy, quantileMethod, subsample, seed });
}

function checkBins(owner: string, nBins: unknown): number | readonly number[] {
  const good = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 2;
  if (good(nBins)) return nBins as number;
  if (Array.isArray(nBins) && nBins.every(good)) return Object.freeze([...nBins]);
  throw new OptionError(`${owner}: nBins must be an integer ≥ 2, or one for each column, got ${show(nBins)}`);
}
