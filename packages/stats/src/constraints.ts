import { DataError, nearest, OptionError, ShapeError, show } from '@maru-ml/base';

/** Hypotheses R b = q about coefficients b [k]. */
export interface LinearConstraints {
  /** R [J, k], row by row. */
  readonly r: Float64Array;
  /** q [J]. */
  readonly q: Float64Array;
  readonly rows: number;
}

/** Hypotheses as text, `'CRIM = 0, ZN = INDUS'`, or as rows of R, with q = 0, or with q beside them. */
export type Constraints =
  | string
  | readonly number[]
  | readonly (readonly number[])[]
  | { readonly r: readonly (readonly number[])[]; readonly q: readonly number[] };

/**
 * Reads hypotheses about named coefficients.
 * @throws OptionError that points into the text, ShapeError for rows of another length, DataError for numbers that are not finite
 */
export function readConstraints(owner: string, constraints: Constraints, names: readonly string[]): LinearConstraints {
  if (typeof constraints === 'string') return parse(owner, constraints, names);
  const { r, q } = Array.isArray(constraints)
    ? { r: (Array.isArray(constraints[0]) ? constraints : [constraints]) as number[][], q: null }
    : (constraints as { r: number[][]; q: number[] });
  if (!Array.isArray(r) || r.length === 0 || !r.every(Array.isArray)) {
    throw new OptionError(
      `${owner}: constraints must be a text such as 'a = 0', rows of numbers or { r, q }, got ${show(constraints)}`,
    );
  }
  for (const [i, row] of r.entries()) {
    if (row.length !== names.length) {
      throw new ShapeError(
        `${owner}: constraint ${i} has ${row.length} numbers, but the model has ${names.length} coefficients`,
      );
    }
  }
  if (q !== null && q.length !== r.length) {
    throw new ShapeError(`${owner}: q has ${q.length} numbers for ${r.length} constraints`);
  }
  const flat = { r: Float64Array.from(r.flat()), q: Float64Array.from(q ?? r.map(() => 0)), rows: r.length };
  if ([...flat.r, ...flat.q].some((value) => !Number.isFinite(value))) {
    throw new DataError(`${owner}: constraints must hold finite numbers`);
  }
  return flat;
}

/** Σ coefficients · b + constant. */
interface Form {
  readonly coefficients: Float64Array;
  readonly constant: number;
}

function parse(owner: string, text: string, names: readonly string[]): LinearConstraints {
  // Long names first: 'C(g)[T.b]:x' before 'C(g)[T.b]'.
  const known = names.map((name, place) => ({ name, place })).sort((a, b) => b.name.length - a.name.length);
  let at = 0;
  const forms: Form[] = [];
  do {
    const sides = [readSum()];
    while (taken('=')) sides.push(readSum());
    if (sides.length === 1) sides.push(constantForm(0));
    for (let i = 1; i < sides.length; i++) forms.push(combined(sides[i - 1]!, sides[i]!, -1));
  } while (taken(','));
  if (at < text.length) throw error("an operator, '=' or ',' was expected");
  for (const { coefficients } of forms) {
    if (coefficients.every((value) => value === 0)) throw error('this says nothing about a coefficient', 0);
  }
  return {
    r: Float64Array.from(forms.flatMap(({ coefficients }) => [...coefficients])),
    q: Float64Array.from(forms, ({ constant }) => -constant),
    rows: forms.length,
  };

  function readSum(): Form {
    let sum = readProduct();
    for (;;) {
      if (taken('+')) sum = combined(sum, readProduct(), 1);
      else if (taken('-')) sum = combined(sum, readProduct(), -1);
      else return sum;
    }
  }

  function readProduct(): Form {
    let product = readSigned();
    for (;;) {
      const times = taken('*');
      if (!times && !taken('/')) return product;
      skipBlanks();
      const start = at;
      const other = readSigned();
      const [form, factor] = isConstant(other) ? [product, other.constant] : [other, product.constant];
      if (!isConstant(other) && (!isConstant(product) || !times))
        throw error('coefficients can only be multiplied by numbers', start);
      const by = times ? factor : 1 / factor;
      product = combined(constantForm(0), form, by);
    }
  }

  function readSigned(): Form {
    if (taken('-')) return combined(constantForm(0), readSigned(), -1);
    if (taken('+')) return readSigned();
    return readAtom();
  }

  function readAtom(): Form {
    skipBlanks();
    const found = known.find(({ name }) => text.startsWith(name, at) && endsHere(name));
    if (found !== undefined) {
      at += found.name.length;
      const coefficients = new Float64Array(names.length);
      coefficients[found.place] = 1;
      return { coefficients, constant: 0 };
    }
    const number = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(text.slice(at))?.[0];
    if (number !== undefined) {
      at += number.length;
      return constantForm(Number(number));
    }
    if (taken('(')) {
      const inner = readSum();
      if (!taken(')')) throw error("')' was expected");
      return inner;
    }
    const word = /^[^\s=,+*/-]+/.exec(text.slice(at))?.[0];
    if (word === undefined) throw error('a coefficient or a number was expected');
    const near = nearest(word, names);
    throw error(`there is no coefficient '${word}'${near === undefined ? '' : `; did you mean ${near}?`}`);
  }

  /** Whether a name that ends in a letter or digit is not only the start of a longer word. */
  function endsHere(name: string): boolean {
    return !/[\p{L}\p{N}_]$/u.test(name) || !/^[\p{L}\p{N}_]/u.test(text.slice(at + name.length));
  }

  function taken(sign: string): boolean {
    skipBlanks();
    if (text[at] !== sign) return false;
    at++;
    return true;
  }

  function skipBlanks(): void {
    while (/\s/.test(text[at] ?? '')) at++;
  }

  function constantForm(constant: number): Form {
    return { coefficients: new Float64Array(names.length), constant };
  }

  function error(sentence: string, start = at): OptionError {
    return new OptionError(
      `${owner}: the constraints at offset ${start}: ${sentence}\n  ${text}\n  ${' '.repeat(start)}^`,
    );
  }
}

/** a + factor · b */
function combined(a: Form, b: Form, factor: number): Form {
  return {
    coefficients: a.coefficients.map((value, j) => value + factor * b.coefficients[j]!),
    constant: a.constant + factor * b.constant,
  };
}

function isConstant({ coefficients }: Form): boolean {
  return coefficients.every((value) => value === 0);
}
