import { checkBoolean, checkOneOf, DataError, list, OptionError, show } from '@maru-ml/base';
import { TOKENIZERS, type Tokenizer } from './tokenizers.ts';

/** Options about how texts are taken apart. */
export interface AnalyzerOptions {
  /** What terms are made of: words, characters, or characters within words with a space at each end; 'word'. */
  analyzer?: 'word' | 'char' | 'charWb';
  /** How words are found: 'word', 'korean', 'syllable', 'jamo', or the name of one of the functions handed over; 'word'. */
  tokenizer?: string;
  /** The least and the greatest number of words or characters of a term; [1, 1]. */
  ngramRange?: readonly [min: number, max: number];
  /** Turn texts into lower case first; true. */
  lowercase?: boolean;
  /** Take the accents off letters first, by Unicode's decomposition; Hangul stays whole, unlike in scikit-learn; false. */
  stripAccents?: boolean;
  /** Words that are left out, of 'word' only; none. */
  stopWords?: readonly string[];
}

export type AnalyzerSettings = Readonly<
  Required<Omit<AnalyzerOptions, 'stopWords' | 'ngramRange'>> & {
    ngramRange: readonly [number, number];
    stopWords: readonly string[];
  }
>;

/** Functions of the user's by their names, for the `tokenizer` option. */
export type Tokenizers = Readonly<Record<string, Tokenizer>>;

export const ANALYZER_OPTIONS: readonly string[] = [
  'analyzer',
  'tokenizer',
  'ngramRange',
  'lowercase',
  'stripAccents',
  'stopWords',
];

export function checkAnalyzer(owner: string, options: AnalyzerOptions, own: Tokenizers): AnalyzerSettings {
  const { analyzer = 'word', tokenizer = 'word', lowercase = true, stripAccents = false, stopWords = [] } = options;
  checkOneOf(owner, 'analyzer', analyzer, ['word', 'char', 'charWb']);
  checkBoolean(owner, 'lowercase', lowercase);
  checkBoolean(owner, 'stripAccents', stripAccents);
  tokenizerOf(owner, tokenizer, own);
  if (!Array.isArray(stopWords) || !stopWords.every((word) => typeof word === 'string')) {
    const remedy =
      typeof stopWords === 'string' ? '; there is no built-in list, since none suits all texts: hand one over' : '';
    throw new OptionError(`${owner}: stopWords must be an array of words, got ${show(stopWords)}${remedy}`);
  }
  const { ngramRange = [1, 1] } = options;
  const [min, max] = Array.isArray(ngramRange) && ngramRange.length === 2 ? ngramRange : [0, 0];
  if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 1 && max >= min)) {
    throw new OptionError(
      `${owner}: ngramRange must be [least, greatest], integers with 1 ≤ least ≤ greatest, got ${show(ngramRange)}`,
    );
  }
  return {
    ...{ analyzer, tokenizer, lowercase, stripAccents },
    ngramRange: Object.freeze([min, max] as const),
    stopWords: Object.freeze([...stopWords]),
  };
}

/** @throws OptionError for a name that no tokenizer has, or what are no functions by their names */
export function tokenizerOf(owner: string, name: unknown, own: Tokenizers): Tokenizer {
  if (typeof own !== 'object' || own === null) {
    throw new OptionError(`${owner}: tokenizers must be functions by their names, got ${show(own)}`);
  }
  const known = [...Object.keys(TOKENIZERS), ...Object.keys(own)];
  if (typeof name !== 'string' || !known.includes(name)) {
    throw new OptionError(
      `${owner}: tokenizer must be ${list(known.map(show), 'or')}, got ${show(name)}; hand functions over by name, as in new ${owner}({ tokenizer: 'mine' }, { mine: (text) => text.split(' ') })`,
    );
  }
  const tokenizer = Object.hasOwn(own, name) ? own[name] : TOKENIZERS[name];
  if (typeof tokenizer === 'function') return tokenizer;
  throw new OptionError(`${owner}: the tokenizer ${name} must be a function, got ${show(tokenizer)}`);
}

/** Calls `take` with each term of a text, in their order. */
export type Analyzer = (text: string, take: (term: string) => void) => void;

/** How texts are taken apart under these settings. */
export function makeAnalyzer(owner: string, settings: AnalyzerSettings, own: Tokenizers): Analyzer {
  const { analyzer, lowercase, stripAccents, ngramRange } = settings;
  const tokenizer = tokenizerOf(owner, settings.tokenizer, own);
  const prepared = (text: string) => {
    const lower = lowercase ? text.toLowerCase() : text;
    return stripAccents ? withoutAccents(lower) : lower;
  };
  if (analyzer === 'char') return (text, take) => charTerms(prepared(text).replace(SPACES, ' '), ngramRange, take);
  if (analyzer === 'charWb') return (text, take) => charTermsWithinWords(prepared(text), ngramRange, take);
  const stop = new Set(settings.stopWords);
  return (text, take) => {
    const found = tokenizer(prepared(text));
    if (!Array.isArray(found) || !found.every((word) => typeof word === 'string')) {
      throw new DataError(`${owner}: the tokenizer must give an array of words, got ${show(found)}`);
    }
    wordTerms(stop.size === 0 ? found : found.filter((word) => !stop.has(word)), ngramRange, take);
  };
}

/**
 * White space as Python has it: with the separators of files, groups, records and units and the next-line control, and without the mark of byte
 * order, which JavaScript's \s holds.
 */
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
/** Two or more, which count as one space; a single one stays as it is. */
const SPACES = new RegExp(`${SPACE}{2,}`, 'g');
const BETWEEN_WORDS = new RegExp(`${SPACE}+`);

/** The letters of a text without their accents: without the marks that Unicode's canonical order moves. Hangul is put together again. */
function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, (mark) => (isMoved(mark) ? '' : mark))
    .replace(/[\u1100-\u11ff]{2,}/g, (jamo) => jamo.normalize('NFC'));
}

/** Whether a mark has a place in the canonical order (a combining class above 0): then it does not stay between marks of classes 10 and 1. */
function isMoved(mark: string): boolean {
  const marks = `\u05b0${mark}\u0334`;
  return marks.normalize('NFD') !== marks;
}

/** Runs of words, joined by spaces: first single ones, then pairs, and so on. */
function wordTerms(
  words: readonly string[],
  [min, max]: readonly [number, number],
  take: (term: string) => void,
): void {
  if (min === 1) for (const word of words) take(word);
  if (max === 1) return;
  // Pieces of one text are quicker to make and to look up than strings put together.
  const text = words.join(' ');
  const starts = [0];
  for (const [i, word] of words.entries()) starts.push(starts[i]! + word.length + 1);
  for (let n = Math.max(min, 2); n <= Math.min(max, words.length); n++) {
    for (let i = 0; i + n <= words.length; i++) take(text.slice(starts[i]!, starts[i + n]! - 1));
  }
}

/** Runs of characters. */
function charTerms(text: string, [min, max]: readonly [number, number], take: (term: string) => void): void {
  const characters = charactersOf(text);
  const n = characters.length;
  for (let length = min; length <= Math.min(max, n); length++) {
    for (let i = 0; i + length <= n; i++) take(pieceOf(characters, i, i + length));
  }
}

/** Runs of characters that do not cross from word to word; a word shorter than the run counts once for all lengths. */
function charTermsWithinWords(text: string, [min, max]: readonly [number, number], take: (term: string) => void): void {
  for (const word of text.split(BETWEEN_WORDS)) {
    if (word === '') continue;
    const characters = charactersOf(` ${word} `);
    const n = characters.length;
    for (let length = min; length <= max; length++) {
      take(pieceOf(characters, 0, Math.min(length, n)));
      for (let i = 1; i + length <= n; i++) take(pieceOf(characters, i, i + length));
      if (length >= n) break;
    }
  }
}

/** A text by its characters: itself where each is one unit of UTF-16, else an array. */
function charactersOf(text: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

function pieceOf(characters: string | readonly string[], from: number, to: number): string {
  return typeof characters === 'string' ? characters.slice(from, to) : characters.slice(from, to).join('');
}

/** Checks that there are texts. @throws OptionError, DataError that name the first that is none */
export function checkTexts(owner: string, texts: unknown): readonly string[] {
  if (!Array.isArray(texts)) throw new OptionError(`${owner}: texts must be an array of strings, got ${show(texts)}`);
  if (texts.length === 0) throw new DataError(`${owner}: texts must hold at least one text, got none`);
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong < 0) return texts;
  throw new DataError(`${owner}: texts[${wrong}] must be a string, got ${show(texts[wrong])}`);
}
