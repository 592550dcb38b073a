import { OptionError } from '@maru-ml/base';

export type TokenKind = 'name' | 'number' | 'string' | 'operator' | 'end';

/** A token and its place in the formula, from `start` to before `end`. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A formula whose errors show the place where it went wrong. */
export class Source {
  readonly owner: string;
  readonly text: string;

  constructor(owner: string, text: string) {
    this.owner = owner;
    this.text = text;
  }

  /** An error that names the offset, from 0, and points at it. */
  error(start: number, sentence: string): OptionError {
    const line = this.text.replaceAll(/\s/g, ' ');
    return new OptionError(
      `${this.owner}: the formula at offset ${start}: ${sentence}\n  ${line}\n  ${' '.repeat(start)}^`,
    );
  }

  /** How an error calls a token. */
  show(token: Token): string {
    return token.kind === 'end' ? "the formula's end" : `'${token.text}'`;
  }
}

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
const OPERATOR = /\*\*|<=|>=|==|!=|\/\/|[-~+*/:()[\],.<>=%]/y;
const STRING = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y;

/** What to write for signs of other languages. */
const REMEDIES: Record<string, string> = {
  '^': '; powers are I(x**2), interactions of two (a + b)**2',
  '`': "; a name with spaces is Q('a name')",
};

/** The tokens of a formula, with an end token behind them. @throws OptionError that points at what is none */
export function tokensOf(source: Source): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const token = match(text, at);
    if (token === null) {
      const quote = text[at] === "'" || text[at] === '"';
      const sentence = quote
        ? 'the string is not closed'
        : `'${String.fromCodePoint(text.codePointAt(at)!)}' has no meaning${REMEDIES[text[at]!] ?? ''}`;
      throw source.error(at, sentence);
    }
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function match(text: string, at: number): Token | null {
  const kinds: [TokenKind, RegExp][] = [
    ['number', NUMBER],
    ['name', NAME],
    ['string', STRING],
    ['operator', OPERATOR],
  ];
  for (const [kind, pattern] of kinds) {
    const sticky = new RegExp(pattern);
    sticky.lastIndex = at;
    const found = sticky.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, start: at, end: at + found.length };
  }
  return null;
}

/** The operators that have blanks on both sides when an expression is written as a name; unary signs have none. */
const SPACED = ['+', '-', '*', '/', '%', '<', '>', '==', '!=', '<=', '>=', '**', '//'];

/** An expression's tokens as patsy writes them in names: `I(CRIM**2)` becomes `I(CRIM ** 2)`. */
export function written(tokens: readonly Token[]): string {
  let text = '';
  let wantsSpace = false;
  let word = false;
  let object = false;
  for (const { kind, text: token } of tokens) {
    if (kind !== 'operator') {
      text += wantsSpace || word ? ` ${token}` : token;
      wantsSpace = false;
      word = true;
      object = true;
      continue;
    }
    const unary = (token === '+' || token === '-') && !object;
    const spaced = SPACED.includes(token) && !unary;
    text += wantsSpace || spaced ? ` ${token}` : token;
    wantsSpace = spaced || token === ',';
    word = false;
    object = token === ')';
  }
  return text;
}
