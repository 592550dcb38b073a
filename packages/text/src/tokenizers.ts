import { checkText } from './check-text.ts';
import { koreanSyllables, koreanTokens, toJamo } from './korean.ts';

/** Takes a text apart. */
export type Tokenizer = (text: string) => readonly string[];

/** The tokenizers that have names, for `tokenizer` options. */
export const TOKENIZERS: Readonly<Record<string, Tokenizer>> = {
  word: wordTokens,
  korean: koreanTokens,
  syllable: koreanSyllables,
  jamo: (text) => wordTokens(toJamo(text)),
};

/**
 * The words of a text: runs of two or more letters, digits and underscores of any script, which is scikit-learn's pattern `\b\w\w+\b`.
 * O(length).
 *
 * @example
 * ```ts
 * import { wordTokens } from '@maru-ml/text';
 *
 * console.log(wordTokens('A naïve test, 2 times: 2nd_run.')); // [ 'naïve', 'test', 'times', '2nd_run' ]
 * ```
 */
export function wordTokens(text: string): string[] {
  return checkText('wordTokens', text).match(WORDS) ?? [];
}

const WORDS = /[\p{L}\p{N}_]{2,}/gu;
