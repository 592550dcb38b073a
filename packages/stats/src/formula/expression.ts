import type { Source, Token } from './tokens.ts';

/** An expression in a formula, such as `np.log(DIS)` or what stands inside `I(...)`. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: number | string | boolean | null; readonly start: number }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly start: number }
  | { readonly kind: 'column'; readonly name: string; readonly start: number }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression; readonly start: number }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly start: number;
    }
  | Call;

/** A call of a function, `name` without `np.`; `text` is the call as it is written in names. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  readonly text: string;
  readonly start: number;
}

/** How tightly the operators bind, as in Python. */
const BINDING: Record<string, number> = {
  '<': 1,
  '>': 1,
  '<=': 1,
  '>=': 1,
  '==': 1,
  '!=': 1,
  '+': 2,
  '-': 2,
  '*': 3,
  '/': 3,
  '//': 3,
  '%': 3,
  '**': 5,
};
const UNARY = 4;

/**
 * The expression that the tokens are.
 *
 * @param tokens all of one expression
 * @param textOf writes tokens as they stand in names
 * @throws OptionError that points at the first token that does not belong there
 */
export function parseExpression(
  source: Source,
  tokens: readonly Token[],
  textOf: (tokens: readonly Token[]) => string,
): Expression {
  const last = tokens[tokens.length - 1]!;
  const end: Token = { kind: 'end', text: '', start: last.end, end: last.end };
  let at = 0;
  const peek = (): Token => tokens[at] ?? end;
  const expression = readBinary(0);
  if (at < tokens.length) throw unexpected('an operator');
  return expression;

  function readBinary(least: number): Expression {
    let left = readUnary();
    for (;;) {
      const operator = peek();
      const binding = operator.kind === 'operator' ? BINDING[operator.text] : undefined;
      if (binding === undefined || binding < least) return left;
      at++;
      // Powers bind to the right: 2 ** 3 ** 2 is 2 ** 9.
      const right = readBinary(operator.text === '**' ? binding : binding + 1);
      left = { kind: 'binary', operator: operator.text, left, right, start: operator.start };
    }
  }

  function readUnary(): Expression {
    const token = peek();
    if (token.text !== '-' && token.text !== '+') return readAtom();
    at++;
    return { kind: 'unary', operator: token.text, operand: readBinary(UNARY), start: token.start };
  }

  function readAtom(): Expression {
    const token = peek();
    const { kind, text, start } = token;
    if (kind === 'number') {
      at++;
      return { kind: 'literal', value: Number(text), start };
    }
    if (kind === 'string') {
      at++;
      return { kind: 'literal', value: text.slice(1, -1).replaceAll(/\\(.)/g, '$1'), start };
    }
    if (text === '(') {
      at++;
      const inner = readBinary(0);
      expect(')');
      return inner;
    }
    if (text === '[') return readList();
    if (kind === 'name') return readName();
    throw unexpected('a column, a number or a function');
  }

  function readList(): Expression {
    const { start } = peek();
    at++;
    const items: Expression[] = [];
    while (peek().text !== ']') {
      items.push(readBinary(0));
      if (peek().text !== ']') expect(',');
    }
    at++;
    return { kind: 'list', items, start };
  }

  function readName(): Expression {
    const first = at;
    const { text, start } = peek();
    at++;
    let name = text;
    while (peek().text === '.') {
      at++;
      if (peek().kind !== 'name') throw unexpected("a name behind the '.'");
      name += `.${peek().text}`;
      at++;
    }
    if (peek().text === '(') return readCall(name, first);
    if (name === 'None') return { kind: 'literal', value: null, start };
    if (name === 'True' || name === 'False') return { kind: 'literal', value: name === 'True', start };
    if (/^(np|numpy)\.(pi|e)$/.test(name))
      return { kind: 'literal', value: name.endsWith('pi') ? Math.PI : Math.E, start };
    return { kind: 'column', name, start };
  }

  function readCall(name: string, first: number): Expression {
    at++;
    const args: Expression[] = [];
    const named: [string, Expression][] = [];
    while (peek().text !== ')') {
      const label = peek();
      if (label.kind === 'name' && tokens[at + 1]?.text === '=') {
        at += 2;
        named.push([label.text, readBinary(0)]);
      } else {
        if (named.length > 0)
          throw source.error(label.start, 'arguments without a name must stand before those with one');
        args.push(readBinary(0));
      }
      if (peek().text !== ')') expect(',');
    }
    at++;
    const text = textOf(tokens.slice(first, at));
    return { kind: 'call', name: name.replace(/^(np|numpy)\./, ''), args, named, text, start: tokens[first]!.start };
  }

  function expect(text: string): void {
    if (peek().text !== text) throw unexpected(`'${text}'`);
    at++;
  }

  function unexpected(wanted: string): Error {
    const token = peek();
    const came = token === end ? 'the end of the term' : source.show(token);
    const remedy = token.text === '=' ? "; '~' stands between the response and the terms" : '';
    return source.error(token.start, `${wanted} was expected, got ${came}${remedy}`);
  }
}

/** The columns that an expression reads. */
export function columnsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'column':
      return [expression.name];
    case 'unary':
      return columnsIn(expression.operand);
    case 'binary':
      return [...columnsIn(expression.left), ...columnsIn(expression.right)];
    case 'call': {
      const [first] = expression.args;
      if (expression.name === 'Q' && first?.kind === 'literal') return [String(first.value)];
      // What C's other arguments name are codings, not columns.
      const read =
        expression.name === 'C'
          ? expression.args.slice(0, 1)
          : [...expression.args, ...expression.named.map(([, value]) => value)];
      return read.flatMap(columnsIn);
    }
    default:
      return [];
  }
}
