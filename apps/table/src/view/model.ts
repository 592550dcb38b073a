import type { Plan } from '../calls.ts';
import { type Choice, choicesOf } from '../menu.ts';
import { type Summary, type Task, tasksFor } from '../summary.ts';
import { byId, h } from './dom.ts';

const TASKS: Record<Task, string> = { classes: 'a class', number: 'a number' };

/** The choice of a task, a model and the value of its knob. */
export class ModelView {
  readonly #task = byId<HTMLSelectElement>('task');
  readonly #choice = byId<HTMLSelectElement>('choice');
  readonly #value = document.querySelector<HTMLInputElement>('#knob input')!;

  constructor() {
    this.#task.addEventListener('change', () => this.#showChoices());
    this.#choice.addEventListener('change', () => this.#showKnob());
  }

  /** Offers what can be done with a target. */
  show(target: Summary): void {
    byId('target-label').textContent = `Predict ${target.name} as`;
    this.#task.replaceChildren(...tasksFor(target).map((task) => h('option', { value: task }, TASKS[task])));
    this.#showChoices();
  }

  get task(): Task {
    return this.#task.value as Task;
  }

  /** The label of the chosen model. */
  get label(): string {
    return this.#chosen().label;
  }

  plan(target: string, features: readonly string[]): Plan {
    const { task } = this;
    return { target, task, features, model: this.#choice.value, value: this.#value.valueAsNumber };
  }

  #showChoices(): void {
    const all = Object.entries(choicesOf(this.task));
    this.#choice.replaceChildren(...all.map(([name, { label }]) => h('option', { value: name }, label)));
    this.#showKnob();
  }

  #showKnob(): void {
    const { knob } = this.#chosen();
    byId('knob').hidden = knob === null;
    document.querySelector('#knob span')!.textContent = knob?.label ?? '';
    this.#value.value = String(knob?.start ?? 0);
    this.#value.min = String(knob?.min ?? 0);
    this.#value.max = String(knob?.max ?? '');
    this.#value.step = knob?.whole ? '1' : 'any';
  }

  #chosen(): Choice {
    return choicesOf(this.task)[this.#choice.value]!;
  }
}
