import type { VegaLiteSpec } from '@maru-ml/plot';

/** A figure of a study: the source's value beside ours. */
export interface Figure {
  name: string;
  /** The source's value as printed there; null where the source gives none. */
  source: number | string | null;
  ours: number | string;
  /** Whether ours reaches the source's; null where there is nothing to compare. */
  reached: boolean | null;
  /** How many digits after the point are compared, and shown; null where it is not equality to digits. */
  digits: number | null;
}

/** How a figure of ours is compared with the source's. */
export interface Comparison {
  /** Equal to this many digits after the point. */
  digits?: number;
  /** Reached when ours is at least, or at most, the source's. */
  atLeast?: boolean;
  atMost?: boolean;
}

/** A Vega-Lite spec as `@maru-ml/plot` makes it. */
export type Spec = VegaLiteSpec;

/** What a study is given to work with and to report to. */
export interface Context {
  /** The folder with real data, as `--data` named it; null without. */
  readonly data: string | null;
  /** Whether to run the source's counts, however long they take. */
  readonly full: boolean;
  /** The path of a file or folder in the data folder, such as 'mnist' or 'lectures/data-01-test-score.csv'; null where there is none. */
  find(name: string): string | null;
  /** Text of the page: what is shown and what to see in it. One call, one paragraph. */
  text(paragraph: string): void;
  /** A figure beside the source's. Numbers are compared as told, texts for equality; with no source there is nothing to reach. */
  figure(name: string, source: number | string | null, ours: number | string, comparison?: Comparison): void;
  /** A plot with its caption ('' for none). Plots that follow each other stand side by side where there is room. */
  plot(spec: Spec, caption: string): void;
  /** A table: its first column holds names, the others numbers or texts. */
  table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
  /** Text in lines, such as a net's summary. */
  code(text: string): void;
  /** A mistake of the source, with the right value. */
  erratum(text: string): void;
  /** Says that less was run than the source did, or on other data, and why. */
  shrunk(reason: string): void;
  /** Shows how far a long study is, from 0 to 1, with a word on it. */
  progress(share: number, message?: string): void;
}

/** One row of the source documents as a short program. */
export interface Study {
  /** The row, such as 'A22'. */
  readonly row: string;
  readonly title: string;
  /** Where it stands in the sources. */
  readonly source: string;
  run(context: Context): void | Promise<void>;
}
