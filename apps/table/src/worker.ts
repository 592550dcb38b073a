import { DataError } from '@maru-ml/base';
import { readCsv } from '@maru-ml/datasets';
import { classificationReport } from '@maru-ml/metrics';
import { PipelineModel } from '@maru-ml/model-selection';
import type { Columns, Label, Table } from '@maru-ml/tensor';
import type { Calls, Evaluation, Form, Opened, Plan, Prediction, Row, Run, Source } from './calls.ts';
import { answersOf, compare, importanceOf, scoresOf, validate } from './evaluate.ts';
import { SAMPLES } from './menu.ts';
import { CLASSES } from './models.ts';
import {
  draw,
  pictureOfEffect,
  pictureOfImportance,
  pictureOfRivals,
  picturesOfClasses,
  picturesOfNumbers,
} from './pictures.ts';
import { MAKE_SAMPLE } from './samples.ts';
import { type AnyModel, estimatorOf, type Study, studyOf } from './study.ts';
import { summarize } from './summary.ts';

// All that takes time happens here, off the page's thread.

/** The table that is open, and the model that answers. */
let columns: Columns = {};
let fitted: { model: AnyModel; form: Form; study: Study | null } | null = null;

type Answers = { readonly [K in keyof Calls]: (argument: Calls[K][0], run: Run) => Promise<Calls[K][1]> };

const answers: Answers = {
  open,
  evaluate,
  async compare(plan, run) {
    const rivals = await compare(studyOf(columns, plan), plan, run);
    const [picture] = await draw([pictureOfRivals(rivals)]);
    return { rivals, picture: picture! };
  },
  async effect(feature) {
    const { model, form, study } = fitted!;
    const [picture] = await draw([pictureOfEffect(model, study!, feature, form.plan.target)]);
    return picture!;
  },
  async predict(row) {
    return predict(fitted!.model, row);
  },
  async save() {
    const { model, form } = fitted!;
    return JSON.stringify({ type: 'maru-table', version: 1, form, model });
  },
  async load(file) {
    const saved = Object(parse(await file.text(), file.name)) as { type?: unknown; form: Form; model: unknown };
    if (saved.type !== 'maru-table' || !Array.isArray(saved.form?.fields))
      throw new DataError(`${file.name} was not saved by this page`);
    const model = PipelineModel.fromJSON<AnyModel>(saved.model, { classes: CLASSES });
    fitted = { model, form: saved.form, study: null };
    return { form: saved.form };
  },
};

async function open(source: Source): Promise<Opened> {
  let [name, target] = ['', ''];
  if ('sample' in source) {
    const { sample } = source;
    ({ columns, target } = MAKE_SAMPLE[sample]());
    name = SAMPLES[sample];
  } else {
    const { file, options } = source;
    columns = await readCsv(file, options);
    [name, target] = [file.name, Object.keys(columns).at(-1)!];
  }
  fitted = null;
  return { name, target, summaries: summarize(columns) };
}

/** Scores the plan's model by cross-validation, shows what its answers are like, and fits it to all rows. */
async function evaluate(plan: Plan, run: Run): Promise<Evaluation> {
  const study = studyOf(columns, plan);
  const validation = await validate(study, plan, run);
  const scores = scoresOf(validation, plan);
  run.tell({ text: 'Fitting all rows', done: 0, total: 1 });
  const model: AnyModel = await estimatorOf(plan).fitAsync(study.x, study.y as never, { signal: run.signal });
  const importance = await importanceOf(validation, study, plan, run);
  run.tell({ text: 'Drawing', done: 0, total: 1 });
  const classes: readonly Label[] = 'classes' in model ? model.classes : [];
  const { answers, probabilities } = answersOf(validation, study, classes);
  const pictures = await draw([
    ...(plan.task === 'classes'
      ? picturesOfClasses(study.y, answers, classes, probabilities)
      : picturesOfNumbers(study.y as number[], answers as number[], plan.target)),
    pictureOfImportance(importance, scores[0]!.label),
  ]);
  const [feature] = importance.features;
  const [effect] = await draw([pictureOfEffect(model, study, feature!, plan.target)]);
  const error = plan.task === 'classes' ? null : scores.find(({ label }) => label === 'RMSE')!.mean;
  const form = { plan, fields: summarize(study.x), error };
  run.signal.throwIfAborted();
  fitted = { model, form, study };
  const report = plan.task === 'classes' ? String(classificationReport(study.y, answers)) : null;
  return { scores, dropped: study.dropped, pictures, effect: [feature!, effect!], report, form };
}

function predict(model: AnyModel, row: Row): Prediction {
  const answer = String(model.predictOne(row));
  if (!('classes' in model)) return { answer, classes: [] };
  const rows = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value]])) as Columns;
  const [shares] = (model.predictProba as (x: Columns) => Table)(rows).toArray();
  const classes = model.classes.map((label, c) => [String(label), shares![c]!] as const);
  return { answer, classes: classes.sort(([, a], [, b]) => b - a) };
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DataError(`${name} is no JSON, so no model can be read from it`);
  }
}

/** The calls that are being answered, so that they can be given up. */
const running = new Map<number, AbortController>();

interface Message {
  id: number;
  /** What is asked for; null gives the call up. */
  call: keyof Calls | null;
  argument: never;
}

self.addEventListener('message', async ({ data: { id, call, argument } }: MessageEvent<Message>) => {
  if (call === null) return running.get(id)?.abort();
  const control = new AbortController();
  running.set(id, control);
  const run: Run = { signal: control.signal, tell: (step) => self.postMessage({ id, step }) };
  try {
    self.postMessage({ id, answer: await answers[call](argument, run) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
});
