import { plotStyle } from '@maru-ml/plot';
import type { Form, Plan, Rival, Source, Step } from './calls.ts';
import { Client } from './client.ts';
import { SAMPLES } from './menu.ts';
import type { Summary } from './summary.ts';
import { ColumnsView } from './view/columns.ts';
import { byId, h } from './view/dom.ts';
import { ModelView } from './view/model.ts';
import { rowOf, showForm, showPrediction } from './view/predict.ts';
import { showEffect, showEvaluation, showRivals } from './view/results.ts';

const client = new Client();
const columns = new ColumnsView();
const model = new ModelView();
/** What is to be predicted, and the form of the model that can. */
let target: Summary;
let form: Form;

const sheet = new CSSStyleSheet();
sheet.replaceSync(plotStyle());
document.adoptedStyleSheets.push(sheet);

// Data: a sample, a file that is chosen or dropped, or a saved model.

for (const [sample, label] of Object.entries(SAMPLES) as [keyof typeof SAMPLES, string][]) {
  byId('samples').append(h('button', { type: 'button', onclick: () => open({ sample }) }, label));
}

const file = byId<HTMLInputElement>('file');
const drop = byId('drop');
file.addEventListener('change', () => openFile(file.files?.[0]));
for (const type of ['dragover', 'dragleave', 'drop'] as const) {
  drop.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', type === 'dragover');
    if (type === 'drop') openFile(event.dataTransfer?.files[0]);
  });
}

function openFile(file: File | undefined): void {
  if (file === undefined) return;
  const chosen = (id: string) => byId<HTMLSelectElement>(id).value;
  const options = {
    separator: chosen('separator'),
    quote: chosen('quote') || null,
    ragged: chosen('ragged') as 'error' | 'fill',
    ...(chosen('encoding') !== '' && { encoding: chosen('encoding') }),
  };
  open({ file, options });
}

function open(source: Source): Promise<void> {
  return work(async (options) => {
    const opened = await client.call('open', source, options);
    for (const id of ['comparison', 'results', 'prediction']) byId(id).hidden = true;
    for (const id of ['columns', 'model']) byId(id).hidden = false;
    byId('columns-title').textContent = opened.name;
    columns.show(opened.summaries, opened.target, (chosen) => {
      target = chosen;
      model.show(chosen);
    });
    file.value = '';
    return `${opened.name} is open`;
  });
}

const saved = byId<HTMLInputElement>('saved');
saved.addEventListener('change', () => {
  const [chosen] = saved.files ?? [];
  if (chosen === undefined) return;
  work(async (options) => {
    const loaded = await client.call('load', chosen, options);
    for (const id of ['columns', 'model', 'results']) byId(id).hidden = true;
    useForm(loaded.form);
    saved.value = '';
    return `${chosen.name} is open`;
  });
});

// Models: one with all its figures, or all by one score.

document.querySelector('#model form')!.addEventListener('submit', (event) => {
  event.preventDefault();
  const { label } = model;
  work(async (options) => {
    const evaluation = await client.call('evaluate', plan(), options);
    showEvaluation(evaluation, label);
    useForm(evaluation.form);
    byId('results-title').focus();
    return `${label} is scored`;
  });
});

byId('compare').addEventListener('click', () => {
  const rivals: Rival[] = [];
  work(async ({ signal, onStep }) => {
    const { picture } = await client.call('compare', plan(), {
      signal,
      onStep(step) {
        onStep(step);
        if (step.rival === undefined) return;
        rivals.push(step.rival);
        showRivals(rivals, null);
      },
    });
    showRivals(rivals, picture);
    return 'All models are compared';
  });
});

function plan(): Plan {
  const features = columns.features();
  if (features.length === 0) throw new Error(`Choose at least one column to predict ${target.name} from.`);
  return model.plan(target.name, features);
}

const effect = byId<HTMLSelectElement>('effect');
effect.addEventListener('change', () =>
  work(async () => {
    showEffect(await client.call('effect', effect.value));
    return `The effect of ${effect.value} is drawn`;
  }),
);

// One row.

function useForm(next: Form): void {
  form = next;
  showForm(form);
  predict();
}

byId('row').addEventListener('input', () => predict());
byId('row').addEventListener('submit', (event) => event.preventDefault());

async function predict(): Promise<void> {
  const asked = form;
  const prediction = await client.call('predict', rowOf(form)).catch(fail);
  if (prediction !== undefined && asked === form) showPrediction(prediction, form);
}

byId('save').addEventListener('click', () =>
  work(async () => {
    const text = await client.call('save', null);
    const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    h('a', { href, download: `${form.plan.target}-${form.plan.model}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
    return 'The model is saved';
  }),
);

// Work in the worker: one thing at a time, with its progress and a way out.

interface Options {
  signal: AbortSignal;
  onStep(step: Step): void;
}

let control: AbortController | null = null;
byId('cancel').addEventListener('click', () => control?.abort());

/** Runs what ends with a sentence about itself, and gives up what ran before. */
async function work(run: (options: Options) => Promise<string>): Promise<void> {
  control?.abort();
  const own = new AbortController();
  control = own;
  byId('error').hidden = true;
  byId('dock').hidden = false;
  onStep({ text: 'Working', done: 0, total: 0 });
  const shown = (step: Step) => control === own && onStep(step);
  const end = await run({ signal: own.signal, onStep: shown }).catch((error) => {
    if (own.signal.aborted) return 'Cancelled';
    fail(error);
    return '';
  });
  if (control !== own) return;
  control = null;
  byId('done').textContent = end;
  byId('dock').hidden = true;
}

function onStep({ text, done, total }: Step): void {
  byId('step').textContent = text;
  const progress = document.querySelector('progress')!;
  if (total === 0) progress.removeAttribute('value');
  else [progress.max, progress.value] = [total, done];
}

function fail(error: Error): void {
  byId('error').textContent = error.message;
  byId('error').hidden = false;
}
