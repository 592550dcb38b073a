import { checkInteger, checkKnown, checkOneOf, OptionError, readable, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { codePairs, type WeightOptions, weightsOf } from './door.ts';
import { type Average, averageScores, countClasses, type Division, scoresFrom } from './precision-recall.ts';

export interface ClassificationReportOptions<L extends Label = Label> extends WeightOptions {
  /** The classes to report, in this order; all that occur, ascending. */
  labels?: readonly L[];
  /** Names of the classes to print, in the order of the labels; the labels. */
  targetNames?: readonly string[];
  /** Digits after the point in the text; 2. */
  digits?: number;
  /** What a score is whose denominator is 0; 0. */
  zeroDivision?: 0 | 1;
}

/** A line of the report. */
export interface ReportLine {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** The number of rows, or their weight. */
  readonly support: number;
}

/** Precision, recall, F1 and support of each class and their averages; as text the page that scikit-learn prints. */
export class ClassificationReport<L extends Label = Label> {
  readonly labels: readonly L[];
  /** The lines of the classes, in the order of the labels [k]. */
  readonly classes: readonly ReportLine[];
  /** The share of rows that are predicted right; undefined where `labels` leaves some labels out: then see `microAvg`. */
  readonly accuracy: number | undefined;
  /** From the counts of all reported classes together. */
  readonly microAvg: ReportLine;
  /** The mean of the classes. */
  readonly macroAvg: ReportLine;
  /** The mean of the classes by support. */
  readonly weightedAvg: ReportLine;
  readonly #text: string;

  /** @internal */
  constructor(parts: ReportParts<L>) {
    this.labels = Object.freeze([...parts.labels]);
    this.classes = Object.freeze(parts.classes);
    this.accuracy = parts.accuracy;
    this.microAvg = parts.microAvg;
    this.macroAvg = parts.macroAvg;
    this.weightedAvg = parts.weightedAvg;
    this.#text = parts.text;
    readable(this);
  }

  /** The line of a class. @throws OptionError for a label that is not reported */
  of(label: L): ReportLine {
    const line = this.classes[this.labels.indexOf(label)];
    if (line !== undefined) return line;
    throw new OptionError(`ClassificationReport: ${show(label)} is not among the labels ${show([...this.labels])}`);
  }

  toJSON(): object {
    const { labels, classes, accuracy, microAvg, macroAvg, weightedAvg } = this;
    return { labels, classes, accuracy, microAvg, macroAvg, weightedAvg };
  }

  toString(): string {
    return this.#text;
  }
}

type ReportParts<L extends Label> = Pick<
  ClassificationReport<L>,
  'labels' | 'classes' | 'accuracy' | 'microAvg' | 'macroAvg' | 'weightedAvg'
> & { text: string };

/**
 * The main scores of a classifier by class. Its text is, character for character, what scikit-learn's `classification_report`
 * prints. O(n + k).
 *
 * @param yTrue the true labels [n] @param yPred the predicted ones [n]
 * @throws OptionError, ShapeError, DataError for what are no labels
 */
export function classificationReport<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: ClassificationReportOptions<L> = {},
): ClassificationReport<L> {
  const owner = 'classificationReport';
  checkKnown(owner, options, ['sampleWeight', 'labels', 'targetNames', 'digits', 'zeroDivision']);
  const { sampleWeight, digits = 2, zeroDivision = 0 } = options;
  checkInteger(owner, 'digits', digits, { min: 0, max: 15 });
  checkOneOf(owner, 'zeroDivision', zeroDivision, [0, 1]);
  const pairs = codePairs(owner, yTrue, yPred, options.labels);
  const labels = pairs.classes;
  const names = namesOf(owner, options.targetNames, labels);
  const weights = weightsOf(owner, sampleWeight, yTrue.length, 'yTrue');
  const counts = countClasses(pairs, weights);

  const division: Division = { average: null, beta: 1, zeroDivision };
  const { precision, recall, fscore, support } = scoresFrom(counts, division);
  const classes = labels.map((_, c): ReportLine => {
    return { precision: precision[c]!, recall: recall[c]!, f1: fscore[c]!, support: support[c]! };
  });
  const total = support.reduce((sum, value) => sum + value, 0);
  const averaged = (average: Average): ReportLine => {
    const scores = averageScores(counts, { ...division, average });
    return { precision: scores.precision, recall: scores.recall, f1: scores.fscore, support: total };
  };
  const [microAvg, macroAvg, weightedAvg] = [averaged('micro'), averaged('macro'), averaged('weighted')];
  // With all labels there, every error is once a false positive and once a false negative, so all three are the accuracy.
  const isWhole = options.labels === undefined || coversAll(pairs.yTrue, pairs.yPred, labels.length);
  const accuracy = isWhole ? microAvg.precision : undefined;
  const lines: [string, ReportLine][] = classes.map((line, c) => [names[c]!, line]);
  const averages: [string, ReportLine][] = [
    [isWhole ? 'accuracy' : 'micro avg', microAvg],
    ['macro avg', macroAvg],
    ['weighted avg', weightedAvg],
  ];
  const text = print(lines, averages, digits, weights === null);
  return new ClassificationReport({ labels, classes, accuracy, microAvg, macroAvg, weightedAvg, text });
}

/** Whether the labels are exactly those that occur. */
function coversAll(yTrue: Int32Array, yPred: Int32Array, k: number): boolean {
  const seen = new Set<number>();
  for (const codes of [yTrue, yPred]) for (const code of codes) seen.add(code);
  return !seen.has(-1) && seen.size === k;
}

function print(
  lines: [string, ReportLine][],
  averages: [string, ReportLine][],
  digits: number,
  counted: boolean,
): string {
  const width = Math.max('weighted avg'.length, digits, ...lines.map(([name]) => [...name].length));
  const cells = (name: string, values: string[]) =>
    `${right(name, width)} ${values.map((value) => ` ${right(value, 9)}`).join('')}\n`;
  const shown = (support: number) => (counted ? String(support) : general(support));
  const line = ([name, { precision, recall, f1, support }]: [string, ReportLine]) =>
    cells(name, [...[precision, recall, f1].map((score) => fixed(score, digits)), shown(support)]);
  const [[first, whole], ...rest] = averages as [[string, ReportLine], ...[string, ReportLine][]];
  // Precision, recall and F1 of all rows are one number, which is printed once.
  const top =
    first === 'accuracy' ? cells(first, ['', '', fixed(whole.f1, digits), shown(whole.support)]) : line([first, whole]);
  const head = cells('', ['precision', 'recall', 'f1-score', 'support']);
  return `${head}\n${lines.map(line).join('')}\n${top}${rest.map(line).join('')}`;
}

/** Text with spaces on its left, counted in characters. */
function right(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - [...text].length)) + text;
}

/** A number with so many digits after the point, as Python prints it: of two equally near the even one. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  // A double from 0 to 1 has at most 1074 digits, but one that lies exactly in the middle has few.
  const exact = value.toFixed(100);
  const point = exact.indexOf('.');
  const rest = exact.slice(point + 1 + digits);
  if (!/^50*$/.test(rest)) return text;
  const down = exact.slice(0, digits === 0 ? point : point + 1 + digits);
  return Number(down.at(-1)) % 2 === 0 ? down : text;
}

/** A float as Python prints it. */
function general(value: number): string {
  if (value !== 0 && (value < 1e-4 || value >= 1e16)) {
    const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function namesOf(owner: string, names: readonly string[] | undefined, labels: readonly Label[]): string[] {
  if (names === undefined) return labels.map((label) => pythonName(label));
  const good =
    Array.isArray(names) && names.every((name) => typeof name === 'string') && names.length === labels.length;
  if (good) return [...names];
  throw new OptionError(
    `${owner}: targetNames must be ${labels.length} strings, one for each of the labels ${show([...labels])}, got ${show(names)}`,
  );
}

/** Labels as Python prints them. */
function pythonName(label: Label): string {
  if (typeof label === 'boolean') return label ? 'True' : 'False';
  return String(label);
}
