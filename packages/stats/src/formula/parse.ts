import { type Expression, parseExpression } from './expression.ts';
import { type Source, type Token, tokensOf, written } from './tokens.ts';

/** A piece of data that a formula names: a column or an expression of columns. */
export interface Factor {
  /** As it stands in the names of columns. */
  readonly name: string;
  readonly expression: Expression;
  readonly start: number;
}

/** The product of its factors; without factors it is the intercept. */
export interface Term {
  readonly factors: readonly Factor[];
}

/** What a formula says, left and right of '~'. */
export interface Terms {
  readonly left: readonly Term[];
  readonly right: readonly Term[];
}

/** Terms while the formula is read; whether they have an intercept: said, taken away, or not a word about it. */
interface Side {
  readonly terms: readonly Term[];
  readonly intercept: 'yes' | 'no' | 'unsaid';
  /** A lone 0, 1 or number, for the operators that treat it in their own way. */
  readonly number?: string;
  readonly start: number;
}

/** How tightly operators bind, as in patsy. */
const BINDING: Record<string, number> = { '+': 1, '-': 1, '*': 2, '/': 2, ':': 3, '**': 4 };

/** The tokens that end an expression outside its brackets. */
const ENDS = ['~', '+', '-', '*', '/', ':', '**', ')', '('];

/**
 * Reads a formula with the grammar of patsy, which is that of Wilkinson and Rogers and of R: `+` adds terms, `-` takes them away,
 * `a:b` is an interaction, `a*b` is `a + b + a:b`, `a/b` is `a + a:b`, `(a + b)**2` has all interactions up to two; everything else is an expression.
 *
 * @throws OptionError that points at the token that does not belong there
 */
export function parseFormula(source: Source): Terms {
  const tokens = tokensOf(source);
  let at = 0;
  const peek = (): Token => tokens[at]!;
  let left: readonly Term[] = [];
  if (peek().text !== '~') left = withIntercept(readSide(0), false);
  if (peek().text !== '~') throw unexpected(tokens.some(({ text }) => text === '~') ? "an operator or '~'" : "'~'");
  at++;
  const right = withIntercept(readSide(0), true);
  if (peek().text === '~') throw source.error(peek().start, "there must be one '~'");
  if (peek().kind !== 'end') throw unexpected('an operator');
  return { left, right };

  function readSide(least: number): Side {
    let side = readPrefix();
    for (;;) {
      const operator = peek();
      const binding = operator.kind === 'operator' ? BINDING[operator.text] : undefined;
      if (binding === undefined || binding < least) return side;
      at++;
      side = combine(operator, side, readSide(binding + 1));
    }
  }

  function readPrefix(): Side {
    const token = peek();
    if (token.text === '(') {
      at++;
      const side = readSide(0);
      if (peek().text !== ')') throw unexpected("')' or an operator");
      at++;
      return side;
    }
    if (token.text === '+' || token.text === '-') {
      at++;
      // Signs bind as sums do.
      const side = readSide(BINDING['+']! + 1);
      if (token.text === '+') return side;
      if (side.number !== '0' && side.number !== '1') {
        throw source.error(token.start, "a leading '-' takes away only 1 or 0");
      }
      return { terms: [], intercept: side.number === '0' ? 'yes' : 'no', start: token.start };
    }
    return readAtom();
  }

  function readAtom(): Side {
    const first = at;
    let depth = 0;
    const open: Token[] = [];
    for (; ; at++) {
      const { kind, text } = peek();
      if (kind === 'end') break;
      // A bracket behind a name is a call; elsewhere it groups terms.
      if (depth === 0 && ENDS.includes(text) && !(text === '(' && at > first)) break;
      if (text === '(' || text === '[') {
        depth++;
        open.push(peek());
      }
      if (text === ')' || text === ']') {
        if (depth === 0) break;
        depth--;
        open.pop();
      }
    }
    if (depth > 0) throw source.error(open[open.length - 1]!.start, 'the bracket is not closed');
    if (at === first) throw unexpected('a term');
    const own = tokens.slice(first, at);
    const start = own[0]!.start;
    const name = written(own);
    if (own.length === 1 && own[0]!.kind === 'number') {
      return { terms: [], intercept: name === '1' ? 'yes' : 'no', number: name, start };
    }
    const factor: Factor = { name, expression: parseExpression(source, own, written), start };
    return { terms: [{ factors: [factor] }], intercept: 'unsaid', start };
  }

  function combine(operator: Token, a: Side, b: Side): Side {
    const { start } = a;
    if (operator.text !== '**') checkNumber(b);
    checkNumber(a);
    switch (operator.text) {
      case '+':
        return {
          terms: unique([...a.terms, ...b.terms]),
          intercept: b.intercept === 'yes' || b.number === '0' ? b.intercept : a.intercept,
          start,
        };
      case '-': {
        if (b.number !== undefined) return { terms: a.terms, intercept: b.number === '0' ? 'yes' : 'no', start };
        const away = new Set(b.terms.map(keyOf));
        const terms = a.terms.filter((term) => !away.has(keyOf(term)));
        return { terms, intercept: b.intercept === 'yes' ? 'no' : a.intercept, start };
      }
      case ':':
        return { terms: interactions(a, b), intercept: 'unsaid', start };
      case '*':
        return { terms: unique([...a.terms, ...b.terms, ...interactions(a, b)]), intercept: 'unsaid', start };
      case '/': {
        const whole: Side = {
          terms: [{ factors: a.terms.flatMap(({ factors }) => factors) }],
          intercept: a.intercept,
          start,
        };
        return { terms: unique([...a.terms, ...interactions(whole, b)]), intercept: 'unsaid', start };
      }
      default:
        return { terms: powers(a, b), intercept: 'unsaid', start };
    }
  }

  function interactions(a: Side, b: Side): Term[] {
    for (const side of [a, b]) {
      if (side.intercept === 'yes') throw source.error(side.start, 'the intercept cannot interact with other terms');
    }
    return unique(
      a.terms.flatMap((left) =>
        b.terms.map((right) => ({ factors: uniqueFactors([...left.factors, ...right.factors]) })),
      ),
    );
  }

  function powers(a: Side, b: Side): Term[] {
    const power = Number(b.number);
    if (!(Number.isInteger(power) && power >= 1))
      throw source.error(b.start, "'**' between terms takes an integer ≥ 1; for powers of numbers write I(x ** 2)");
    if (a.intercept === 'yes') throw source.error(a.start, 'the intercept cannot interact with other terms');
    let terms = [...a.terms];
    let last: Side = a;
    for (let i = 1; i < Math.min(power, a.terms.length); i++) {
      last = { terms: interactions(a, last), intercept: 'unsaid', start: a.start };
      terms = [...terms, ...last.terms];
    }
    return unique(terms);
  }

  function checkNumber({ number, start }: Side): void {
    if (number !== undefined && number !== '0' && number !== '1') {
      throw source.error(
        start,
        `the only numbers among terms are 0 and 1, got ${number}; for a shift or factor write I(...)`,
      );
    }
  }

  function withIntercept(side: Side, implicit: boolean): Term[] {
    checkNumber(side);
    const has = side.intercept === 'yes' || (implicit && side.intercept === 'unsaid');
    return has ? [{ factors: [] }, ...side.terms] : [...side.terms];
  }

  function unexpected(wanted: string): Error {
    const token = peek();
    return source.error(token.start, `${wanted} was expected, got ${source.show(token)}`);
  }
}

/** Terms are equal if they have the same factors, in whatever order. */
export function keyOf({ factors }: Term): string {
  return factors
    .map(({ name }) => name)
    .sort()
    .join('\0');
}

function unique(terms: readonly Term[]): Term[] {
  const seen = new Set<string>();
  return terms.filter((term) => !seen.has(keyOf(term)) && seen.add(keyOf(term)));
}

function uniqueFactors(factors: readonly Factor[]): Factor[] {
  return factors.filter(({ name }, i) => factors.findIndex((other) => other.name === name) === i);
}
