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

/** How texts are taken apart: into runs of words or of characters, of which one or more in a row make a term. */
export interface Analyzer {
  /** The words or characters of a text, in runs that no term crosses. */
  runs(text: string): readonly Run[];
  /** The least and the greatest number of them in a term. */
  readonly range: readonly [number, number];
  /** What stands between those of a term. */
  readonly separator: '' | ' ';
  /** Whether a run that is too short for the shortest term is one itself. */
  readonly keepsShort: boolean;
}

/** Words, or characters: a string where each is one unit of UTF-16. */
export type Run = readonly string[] | string;

/** How texts are taken apart under these settings. */
export function makeAnalyzer(owner: string, settings: AnalyzerSettings, own: Tokenizers): Analyzer {
  const { analyzer, lowercase, stripAccents, ngramRange: range } = settings;
  const tokenizer = tokenizerOf(owner, settings.tokenizer, own);
  const prepared = (text: string) => {
    const lower = lowercase ? text.toLowerCase() : text;
    return stripAccents ? withoutAccents(lower) : lower;
  };
  if (analyzer === 'char') {
    const runs = (text: string) => [charactersOf(prepared(text).replace(SPACES, ' '))];
    return { runs, range, separator: '', keepsShort: false };
  }
  if (analyzer === 'charWb') {
    const words = (text: string) =>
      prepared(text)
        .split(BETWEEN_WORDS)
        .filter((word) => word !== '');
    return {
      runs: (text) => words(text).map((word) => charactersOf(` ${word} `)),
      range,
      separator: '',
      keepsShort: true,
    };
  }
  const stop = new Set(settings.stopWords);
  const runs = (text: string): Run[] => {
    const found = tokenizer(prepared(text));
    if (!Array.isArray(found) || !found.every((word) => typeof word === 'string')) {
      throw new DataError(`${owner}: the tokenizer must give an array of words, got ${show(found)}`);
    }
    return [stop.size === 0 ? found : found.filter((word) => !stop.has(word))];
  };
  const words: Analyzer = { runs, range, separator: ' ', keepsShort: false };
  if (!Object.hasOwn(own, settings.tokenizer)) return words;
  // Words of the user's may hold spaces, so that two terms of other words can be one: those are put together first.
  return { runs: (text) => [termsOf(words, text)], range: [1, 1], separator: '', keepsShort: false };
}

/** The terms of a text, run by run, short ones first. */
export function termsOf({ runs, range: [min, max], separator, keepsShort }: Analyzer, text: string): string[] {
  const terms: string[] = [];
  for (const run of runs(text)) {
    const piece = (from: number, to: number) => {
      const part = run.slice(from, to);
      return typeof part === 'string' ? part : part.join(separator);
    };
    for (let n = min; n <= Math.min(max, run.length); n++) {
      for (let i = 0; i + n <= run.length; i++) terms.push(piece(i, i + n));
    }
    if (keepsShort && run.length < min) terms.push(piece(0, run.length));
  }
  return terms;
}

/** The words or characters of a term. */
export function partsOf({ range: [, max], separator }: Analyzer, term: string): Run {
  if (max === 1) return [term];
  return separator === '' ? charactersOf(term) : term.split(separator);
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

/** A text by its characters: itself where each is one unit of UTF-16, else an array. */
function charactersOf(text: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

/** Checks that there are texts. @throws OptionError, DataError that name the first that is none */
export function checkTexts(owner: string, texts: unknown): readonly string[] {
  if (!Array.isArray(texts)) throw new OptionError(`${owner}: texts must be an array of strings, got ${show(texts)}`);
  if (texts.length === 0) throw new DataError(`${owner}: texts must hold at least one text, got none`);
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong < 0) return texts;
  throw new DataError(`${owner}: texts[${wrong}] must be a string, got ${show(texts[wrong])}`);
}
