import type { Form, Prediction, Row } from '../calls.ts';
import type { Summary } from '../summary.ts';
import { byId, h, short } from './dom.ts';

/** The form of one row, with a field for each feature that begins with its middle or commonest value. */
export function showForm({ plan, fields }: Form): void {
  byId('prediction').hidden = false;
  byId('prediction-title').textContent = `Predict ${plan.target} of one row`;
  byId('row').replaceChildren(...fields.map((field) => h('label', {}, `${field.name} `, inputOf(field))));
}

function inputOf({ name, kind, numbers, common }: Summary): HTMLElement {
  if (kind === 'number') {
    const value = numbers === null ? '' : String(numbers.median);
    const placeholder = numbers === null ? 'missing' : `${short(numbers.min)} to ${short(numbers.max)}`;
    return h('input', { type: 'number', step: 'any', name, value, placeholder });
  }
  const words = kind === 'boolean' ? ['true', 'false'] : common.map(([value]) => value).sort();
  const start = common[0]?.[0];
  const options = words.map((value) => h('option', { value: `=${value}`, selected: value === start }, value));
  const none = kind === 'boolean' ? [] : [h('option', { value: '' }, '(missing)')];
  return h('select', { name }, ...options, ...none);
}

/** What is in the form; what is left empty is missing. */
export function rowOf({ fields }: Form): Row {
  const form = byId<HTMLFormElement>('row');
  return Object.fromEntries(
    fields.map(({ name, kind }) => {
      const input = form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
      if (kind === 'number') return [name, input.value === '' ? Number.NaN : Number(input.value)];
      if (kind === 'boolean') return [name, input.value === '=true'];
      return [name, input.value === '' ? null : input.value.slice(1)];
    }),
  );
}

/** A number with its usual error, or a class with the probabilities of the likeliest. */
export function showPrediction({ answer, classes }: Prediction, { plan, error }: Form): void {
  const numeric = plan.task === 'number';
  const value = h('p', { className: 'value' }, numeric ? short(Number(answer)) : answer);
  if (error !== null) value.append(h('small', {}, ` ± ${short(error)}`));
  const bars = classes
    .slice(0, 6)
    .map(([label, share]) =>
      h(
        'li',
        {},
        h('span', {}, label),
        h('meter', { value: share, 'aria-label': label }),
        h('span', {}, `${(100 * share).toFixed(1)} %`),
      ),
    );
  byId('answer').replaceChildren(h('h3', {}, plan.target), value, ...(bars.length > 0 ? [h('ul', {}, ...bars)] : []));
}
