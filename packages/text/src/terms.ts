import { type Analyzer, partsOf, type Run } from './analyzer.ts';

/**
 * Terms by their numbers. A term is a word, or a word behind a shorter term: so long ones are told apart by two numbers each, in a table with
 * open addressing, and need no strings of their own until somebody asks for their text.
 */
export class Terms {
  /** The numbers of the words by themselves. */
  readonly #words = new Map<string, number>();
  readonly #texts: string[] = [];
  /** Of each term the one without its last word, or -1; and its last word, by its number as a term, or among the texts if it is all. */
  #before = new Int32Array(1024);
  #last = new Int32Array(1024);
  /** The numbers of terms of several words, where their hash puts them; -1 where there is none. In many tables, so that none is long to widen. */
  readonly #tables = Array.from({ length: 256 }, () => new Int32Array(16).fill(-1));
  readonly #held = new Int32Array(256);
  size = 0;

  /** The number of a word; -1 if it is unknown, unless it is to be learned. */
  word(text: string, learn: boolean): number {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    if (!learn) return -1;
    this.#words.set(text, this.size);
    this.#texts.push(text);
    return this.#add(-1, this.#texts.length - 1);
  }

  /** The number of the term of a word behind another term; -1 if it is unknown, unless it is to be learned. */
  longer(before: number, word: number, learn: boolean): number {
    const hash = hashOf(before, word);
    const table = this.#tables[hash >>> 24]!;
    let slot = hash & (table.length - 1);
    for (let term = table[slot]!; term >= 0; term = table[slot]!) {
      if (this.#before[term] === before && this.#last[term] === word) return term;
      slot = (slot + 1) & (table.length - 1);
    }
    if (!learn) return -1;
    const term = this.#add(before, word);
    table[slot] = term;
    this.#held[hash >>> 24]! += 1;
    if (this.#held[hash >>> 24]! * 2 > table.length) this.#widen(hash >>> 24);
    return term;
  }

  /** The text of a term. */
  text(term: number, separator: string): string {
    const words: string[] = [];
    let rest = term;
    for (; this.#before[rest]! >= 0; rest = this.#before[rest]!) words.push(this.#textOf(this.#last[rest]!));
    words.push(this.#textOf(rest));
    return words.reverse().join(separator);
  }

  #textOf(word: number): string {
    return this.#texts[this.#last[word]!]!;
  }

  #add(before: number, last: number): number {
    if (this.size === this.#before.length) this.#grow();
    this.#before[this.size] = before;
    this.#last[this.size] = last;
    return this.size++;
  }

  #grow(): void {
    const [before, last] = [new Int32Array(2 * this.size), new Int32Array(2 * this.size)];
    before.set(this.#before);
    last.set(this.#last);
    [this.#before, this.#last] = [before, last];
  }

  #widen(at: number): void {
    const table = this.#tables[at]!;
    const wider = new Int32Array(2 * table.length).fill(-1);
    for (let from = 0; from < table.length; from++) {
      const term = table[from]!;
      if (term < 0) continue;
      let slot = hashOf(this.#before[term]!, this.#last[term]!) & (wider.length - 1);
      while (wider[slot]! >= 0) slot = (slot + 1) & (wider.length - 1);
      wider[slot] = term;
    }
    this.#tables[at] = wider;
  }
}

/** 32 bits of which all depend on both numbers. */
function hashOf(before: number, word: number): number {
  const mixed = Math.imul(before, 0x9e3779b1) ^ Math.imul(word, 0x85ebca6b);
  const hash = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Given terms with their numbers, and of each number the place of its term among them, or -1. */
export function numbered(given: readonly string[], analyzer: Analyzer): { terms: Terms; placeOf: Int32Array } {
  const terms = new Terms();
  const numbers = Int32Array.from(given, (term) => numberOf(terms, partsOf(analyzer, term)));
  const placeOf = new Int32Array(terms.size).fill(-1);
  for (const [place, number] of numbers.entries()) placeOf[number] = place;
  return { terms, placeOf };
}

function numberOf(terms: Terms, parts: Run): number {
  let number = -1;
  for (const part of parts) {
    const word = terms.word(part, true);
    number = number < 0 ? word : terms.longer(number, word, true);
  }
  return number;
}
