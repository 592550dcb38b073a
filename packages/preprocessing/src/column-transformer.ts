import {
  checkBoolean,
  checkKnown,
  checkNumber,
  DataError,
  type FitAsyncOptions,
  type Fits,
  type OnProgress,
  OptionError,
  readable,
  runFits,
  runFitsAsync,
  ShapeError,
  show,
} from '@maru-ml/base';
import { answerSteps, type Columns, isSparse, type MatrixLike, type SparseRows, type Table } from '@maru-ml/tensor';
import {
  type ColumnPart,
  checkPassing,
  chosenColumns,
  type FittedPart,
  inputOf,
  type PartTransformer,
  rowsOf,
} from './column-parts.ts';
import { type ColumnTransformerModel, FittedColumnTransformer, nameParts } from './column-transformer-model.ts';
import { type ColumnSet, columnSetSteps } from './columns.ts';
import { fitted } from './fitted.ts';

export interface ColumnTransformerOptions {
  /** What becomes of columns that no part names: left out, kept as they are, or handed to a transformer; 'drop'. */
  remainder?: 'drop' | 'passthrough' | PartTransformer;
  /** Answer with sparse rows if a part does and less than this share of the elements is not 0; .3. */
  sparseThreshold?: number;
  /** Name columns after their part too, as in num__age; true. */
  verboseFeatureNamesOut?: boolean;
}

const OWNER = 'ColumnTransformer';

/**
 * Applies a transformer of its own to each part of the columns, and puts what they make side by side:
 *
 *   z = [f₁(x of part 1), f₂(x of part 2), …].
 *
 * It takes tables with named columns (`ColumnTransformer<typeof table>` lets TypeScript check the names) or matrices. A part is a
 * name, a transformer and its columns: names, numbers or a selector such as `{ kind: 'string' }`. A part without strings gets
 * a matrix, booleans as 0 and 1; others get a table with names. Whether answers are sparse is settled by the rows that it is
 * fitted with. Transformers that need y (`SelectKBest`, `RFE`) belong behind it.
 */
export class ColumnTransformer<C extends Columns = Columns> {
  readonly transformers: readonly ColumnPart<keyof C & string>[];
  readonly options: Readonly<Required<ColumnTransformerOptions>>;

  /** @throws OptionError for parts and options that have no meaning */
  constructor(transformers: readonly ColumnPart<keyof C & string>[], options: ColumnTransformerOptions = {}) {
    checkKnown(OWNER, options, ['remainder', 'sparseThreshold', 'verboseFeatureNamesOut']);
    const { remainder = 'drop', sparseThreshold = 0.3, verboseFeatureNamesOut = true } = options;
    checkNumber(OWNER, 'sparseThreshold', sparseThreshold, { min: 0, max: 1 });
    checkBoolean(OWNER, 'verboseFeatureNamesOut', verboseFeatureNamesOut);
    checkTransformer('remainder', remainder);
    this.transformers = checkParts(transformers);
    this.options = Object.freeze({ remainder, sparseThreshold, verboseFeatureNamesOut });
    readable(this);
  }

  /**
   * Fits each part to its columns of `x`, a table with names or numbers [n, d].
   * @throws OptionError for columns that are not there and strings that no part encodes; what a part throws, with its name
   */
  fit(x: C | MatrixLike, options: { onProgress?: OnProgress } = {}): ColumnTransformerModel<C> {
    return runFits(this.#steps(x, options, ['onProgress']));
  }

  /** The same by the parts' own `fitAsync`, with pauses between parts. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: C | MatrixLike,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<ColumnTransformerModel<C>> {
    return runFitsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    const parts = this.transformers.map(([name, part]) => `${name}: ${String(part).split(/[\s{]/)[0]}`);
    const shown = parts.length > 6 ? [...parts.slice(0, 5), '…'] : parts;
    return `${OWNER} { ${shown.join(', ')} }`;
  }

  *#steps(x: C | MatrixLike, options: object, known: string[]): Fits<ColumnTransformerModel<C>> {
    checkKnown(OWNER, options, known);
    const set = yield* columnSetSteps(OWNER, x);
    yield;
    const parts: FittedPart[] = [];
    const answers: (Table | SparseRows)[] = [];
    for (const [name, transformer, columns] of this.#partsOf(set)) {
      if (transformer === 'drop' || columns.length === 0) continue;
      if (transformer === 'passthrough') checkPassing(OWNER, name, set, columns);
      const input = inputOf(set, columns);
      yield;
      const model = transformer === 'passthrough' ? null : yield* within(name, fitted(transformer, input as never));
      yield;
      const made = (rows: never) => model!.transform(rows);
      const answer = model === null ? input : yield* within(name, answerSteps(input, set.rows, made));
      parts.push({ name, columns, model });
      answers.push(rowsOf(OWNER, name, answer, set.rows));
      yield;
    }
    if (parts.length === 0) throw new OptionError(`${OWNER}: no part has a column of x, so nothing is left`);
    const { names, kinds } = set;
    const { sparseThreshold, verboseFeatureNamesOut: verbose } = this.options;
    const widths = answers.map(({ shape }) => shape[1]);
    // The names are made once here, so that equal ones are found early.
    nameParts(OWNER, parts, widths, names, kinds.length, verbose);
    const sparse = answers.some(isSparse) && densityOf(answers) < sparseThreshold;
    return new FittedColumnTransformer<C>({ names, kinds, parts, widths, sparse, verbose });
  }

  /** The parts with the numbers of their columns, and the remainder. */
  #partsOf(set: ColumnSet): [string, ColumnPart[1], number[]][] {
    const parts = this.transformers.map(([name, transformer, choice]): [string, ColumnPart[1], number[]] => [
      name,
      transformer,
      chosenColumns(OWNER, name, choice, set),
    ]);
    const used = new Set(parts.flatMap(([, , columns]) => columns));
    const rest = [...set.kinds.keys()].filter((j) => !used.has(j));
    return [...parts, ['remainder', this.options.remainder, rest]];
  }
}

/** The share of elements that is held, where dense parts hold all of theirs. */
function densityOf(answers: readonly (Table | SparseRows)[]): number {
  let [held, all] = [0, 0];
  for (const { data, shape } of answers) {
    held += data.length;
    all += shape[0] * shape[1];
  }
  return held / all;
}

/** Runs the steps; an error of a part says which part it was. */
function* within<T>(name: string, steps: Fits<T>): Fits<T> {
  try {
    return yield* steps;
  } catch (error) {
    throw errorOf(name, error);
  }
}

function errorOf(name: string, error: unknown): unknown {
  for (const Type of [OptionError, ShapeError, DataError]) {
    if (error instanceof Type) return new Type(`${OWNER}: in part ${show(name)}, ${error.message}`, { cause: error });
  }
  return error;
}

function checkParts<Name extends string>(transformers: readonly ColumnPart<Name>[]): readonly ColumnPart<Name>[] {
  if (!Array.isArray(transformers) || transformers.length === 0) {
    throw new OptionError(
      `${OWNER}: transformers must be a list of [name, transformer, columns], got ${show(transformers)}`,
    );
  }
  const names = new Set<string>(['remainder']);
  for (const [i, part] of transformers.entries()) {
    if (!Array.isArray(part) || part.length !== 3 || typeof part[0] !== 'string') {
      throw new OptionError(`${OWNER}: transformers[${i}] must be [name, transformer, columns], got ${show(part)}`);
    }
    if (names.has(part[0]) || part[0] === '' || part[0].includes('__')) {
      throw new OptionError(
        `${OWNER}: the name of transformers[${i}] must be of its own, without __ and not 'remainder', got ${show(part[0])}`,
      );
    }
    names.add(part[0]);
    checkTransformer(`transformers[${i}]`, part[1]);
    checkChoice(i, part[2]);
  }
  return Object.freeze(transformers.map((part) => Object.freeze([...part] as const))) as readonly ColumnPart<Name>[];
}

function checkTransformer(place: string, transformer: unknown): void {
  if (transformer === 'drop' || transformer === 'passthrough') return;
  if (typeof (transformer as PartTransformer | null)?.fit !== 'function') {
    throw new OptionError(
      `${OWNER}: ${place} must have a transformer, 'drop' or 'passthrough', got ${show(transformer)}`,
    );
  }
  if ((transformer as { supervised?: boolean }).supervised === true) {
    throw new OptionError(
      `${OWNER}: ${place} is ${String(transformer).split(/[\s{]/)[0]}, which needs y; put it behind the ${OWNER}, in a pipeline`,
    );
  }
}

function checkChoice(i: number, choice: unknown): void {
  const isName = (item: unknown) => typeof item === 'string' || Number.isInteger(item);
  if (isName(choice) || (Array.isArray(choice) && choice.every(isName))) return;
  if (typeof choice === 'object' && choice !== null && !Array.isArray(choice)) {
    checkKnown(`${OWNER}: columns of transformers[${i}]`, choice, ['kind', 'pattern']);
    const { kind, pattern } = choice as { kind?: unknown; pattern?: unknown };
    const kinds = kind === undefined ? [] : Array.isArray(kind) ? kind : [kind];
    const good = kinds.every((one) => one === 'number' || one === 'string' || one === 'boolean');
    if (good && (pattern === undefined || isPattern(pattern))) return;
  }
  throw new OptionError(
    `${OWNER}: columns of transformers[${i}] must be names, numbers or a selector such as { kind: 'string' }, got ${show(choice)}`,
  );
}

function isPattern(pattern: unknown): boolean {
  try {
    return typeof pattern === 'string' && new RegExp(pattern) !== null;
  } catch {
    return false;
  }
}
