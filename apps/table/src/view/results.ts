import type { Comparison, Evaluation, Rival, Score } from '../calls.ts';
import { byId, h, rounded, short } from './dom.ts';

/** The scores of a model, and pictures of its answers to rows that it had not seen. */
export function showEvaluation(evaluation: Evaluation, model: string): void {
  const { scores, dropped, pictures, effect, report, form } = evaluation;
  byId('results').hidden = false;
  byId('results-title').textContent = `${model} for ${form.plan.target}`;
  const note = dropped === 0 ? '' : ` ${short(dropped)} rows without ${form.plan.target} are left out.`;
  byId('scores').replaceChildren(
    h('p', {}, `Means and deviations over five folds, of rows that the model had not seen.${note}`),
    h('ul', { className: 'tiles' }, ...scores.map(tile)),
  );
  byId('pictures').replaceChildren(...pictures.map(figure));
  byId('report').hidden = report === null;
  byId('report').querySelector('pre')!.textContent = report;
  const selected = (name: string) => name === effect[0];
  const options = form.plan.features.map((name) => h('option', { value: name, selected: selected(name) }, name));
  byId('effect').replaceChildren(...options);
  showEffect(effect[1]);
}

function tile({ label, about, mean, std }: Score): HTMLElement {
  const [value, spread] = rounded(mean, std);
  const figure = h('p', { className: 'value' }, value, h('small', {}, ` ± ${spread}`));
  return h('li', {}, h('h3', {}, label), figure, h('p', {}, about));
}

/** A drawing of ours, whose texts are escaped. */
function figure(svg: string): HTMLElement {
  return h('figure', { innerHTML: svg });
}

export function showEffect(svg: string): void {
  byId('effect-picture').innerHTML = svg;
}

/** The models compared so far, the best first. */
export function showRivals(rivals: readonly Rival[], picture: Comparison['picture'] | null): void {
  const order = [...rivals].sort((a, b) => Number(a.error !== null) - Number(b.error !== null) || b.mean - a.mean);
  const rows = order.map(({ label, mean, std, milliseconds, error }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, label),
      ...(error === null
        ? [h('td', {}, rounded(mean, std).join(' ± ')), h('td', {}, `${short(Math.round(milliseconds))} ms`)]
        : [h('td', { colSpan: 2, className: 'failed' }, error)]),
    ),
  );
  const heads = ['Model', rivals[0]!.score, 'Time of a fit'].map((text) => h('th', { scope: 'col' }, text));
  const table = h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows));
  byId('comparison').hidden = false;
  byId('comparison').replaceChildren(table, ...(picture === null ? [] : [figure(picture)]));
}
