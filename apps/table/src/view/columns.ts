import { isIdle, type Summary } from '../summary.ts';
import { byId, h, short } from './dom.ts';

const KINDS = { number: 'numbers', string: 'words', boolean: 'yes or no' };

/** The table of columns, in which the target and the features are chosen. */
export class ColumnsView {
  #summaries: readonly Summary[] = [];

  /** @param onTarget called when another target is chosen */
  show(summaries: readonly Summary[], target: string, onTarget: (target: Summary) => void): void {
    this.#summaries = summaries;
    const missing = summaries.reduce((sum, column) => sum + column.missing, 0);
    byId('shape').textContent =
      `${short(summaries[0]!.rows)} rows, ${summaries.length} columns, ${missing === 0 ? 'no value' : `${short(missing)} values`} missing`;
    const choose = (summary: Summary) => {
      for (const box of boxes()) {
        const isTarget = box.value === summary.name;
        if (box.disabled || isTarget) box.checked = !isTarget && !isIdle(this.#named(box.value));
        box.disabled = isTarget;
      }
      onTarget(summary);
    };
    document
      .querySelector('#summary tbody')!
      .replaceChildren(...summaries.map((summary) => rowOf(summary, target, choose)));
    choose(this.#named(target));
  }

  /** The names of the features that are on. */
  features(): string[] {
    return boxes().flatMap((box) => (box.checked ? [box.value] : []));
  }

  #named(name: string): Summary {
    return this.#summaries.find((summary) => summary.name === name)!;
  }
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>('#summary input[type=checkbox]')];
}

function rowOf(summary: Summary, target: string, choose: (summary: Summary) => void): HTMLElement {
  const { name, kind, distinct, missing } = summary;
  const use = h('input', { type: 'checkbox', value: name, checked: !isIdle(summary), 'aria-label': `use ${name}` });
  const predict = h('input', {
    ...{ type: 'radio', name: 'target', value: name, checked: name === target, 'aria-label': `predict ${name}` },
    onchange: () => choose(summary),
  });
  return h(
    'tr',
    {},
    h('td', { 'data-label': 'use' }, use),
    h('td', { 'data-label': 'predict' }, predict),
    h('th', { scope: 'row' }, name),
    h('td', {}, KINDS[kind]),
    h('td', { 'data-label': 'distinct' }, short(distinct)),
    h('td', { 'data-label': 'missing', className: missing > 0 ? 'some' : '' }, short(missing)),
    h('td', { className: 'values' }, valuesOf(summary)),
    h('td', {}, histogram(summary)),
  );
}

function valuesOf({ numbers, common }: Summary): string {
  if (numbers !== null) return `${short(numbers.min)} to ${short(numbers.max)}, mean ${short(numbers.mean)}`;
  const shown = common
    .slice(0, 3)
    .map(([value, count]) => `${value.length > 24 ? `${value.slice(0, 23)}…` : value} (${count})`);
  return shown.join(', ');
}

/** Bars without numbers, beside the numbers. */
function histogram({ bins }: Summary): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 96 24');
  svg.setAttribute('aria-hidden', 'true');
  const most = Math.max(...bins, 1);
  for (const [at, count] of bins.entries()) {
    const bar = document.createElementNS(svg.namespaceURI, 'rect');
    const height = count === 0 ? 0 : Math.max(1, (24 * count) / most);
    for (const [name, value] of Object.entries({ x: 8 * at, y: 24 - height, width: 7, height })) {
      bar.setAttribute(name, String(value));
    }
    svg.append(bar);
  }
  return svg as SVGSVGElement;
}
