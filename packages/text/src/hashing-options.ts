import { checkBoolean, checkInteger, checkKnown } from '@maru-ml/base';
import {
  ANALYZER_OPTIONS,
  type AnalyzerOptions,
  type AnalyzerSettings,
  checkAnalyzer,
  type Tokenizers,
} from './analyzer.ts';
import { checkNorm } from './tfidf.ts';

export interface HashingVectorizerOptions extends AnalyzerOptions {
  /** The number of columns d; 2²⁰. */
  nFeatures?: number;
  /** Count 1 however often a term stands in a text; false. */
  binary?: boolean;
  /** Divide each row by its Euclidean length ('l2') or the sum of its sizes ('l1'), or not (null); 'l2'. */
  norm?: 'l1' | 'l2' | null;
  /** Half of the terms count negative, so that those of one column cancel rather than add up; true. */
  alternateSign?: boolean;
}

/** The options with their defaults. */
export type HashingVectorizerSettings = AnalyzerSettings &
  Readonly<{ nFeatures: number; binary: boolean; norm: 'l1' | 'l2' | null; alternateSign: boolean }>;

/** @throws OptionError for options that have no meaning */
export function checkHashing(
  owner: string,
  options: HashingVectorizerOptions,
  tokenizers: Tokenizers,
): HashingVectorizerSettings {
  checkKnown(owner, options, [...ANALYZER_OPTIONS, 'nFeatures', 'binary', 'norm', 'alternateSign']);
  const { nFeatures = 2 ** 20, binary = false, norm = 'l2', alternateSign = true } = options;
  return Object.freeze({
    ...checkAnalyzer(owner, options, tokenizers),
    nFeatures: checkInteger(owner, 'nFeatures', nFeatures, { min: 1, max: 2 ** 31 - 1 }),
    binary: checkBoolean(owner, 'binary', binary),
    norm: checkNorm(owner, norm),
    alternateSign: checkBoolean(owner, 'alternateSign', alternateSign),
  });
}
