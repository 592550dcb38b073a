/** The ten probabilities as bars, each a button that chooses its digit. */
export class Bars {
  /** The digit that was chosen, or null. */
  chosen: number | null = null;
  #rows: { button: HTMLButtonElement; bar: HTMLElement; percent: HTMLElement }[];

  constructor(parent: Element, onChoose: () => void) {
    this.#rows = Array.from({ length: 10 }, (_, digit) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'bar';
      button.setAttribute('aria-pressed', 'false');
      const [name, track, bar, percent] = ['b', 'span', 'span', 'span'].map((tag) => document.createElement(tag));
      name!.textContent = String(digit);
      track!.className = 'track';
      percent!.className = 'percent';
      percent!.textContent = '–';
      track!.append(bar!);
      button.append(name!, track!, percent!);
      button.addEventListener('click', () => {
        this.chosen = this.chosen === digit ? null : digit;
        for (const [i, row] of this.#rows.entries()) row.button.setAttribute('aria-pressed', String(i === this.chosen));
        onChoose();
      });
      return { button, bar: bar!, percent: percent! };
    });
    parent.append(...this.#rows.map(({ button }) => button));
  }

  /** Shows probabilities [10]; null for none. */
  show(probabilities: Float32Array | null): void {
    for (const [digit, { button, bar, percent }] of this.#rows.entries()) {
      const probability = probabilities?.[digit] ?? 0;
      bar.style.width = `${100 * probability}%`;
      percent.textContent = probabilities === null ? '–' : `${Math.round(100 * probability)} %`;
      button.classList.toggle('best', probabilities !== null && probability === Math.max(...probabilities));
    }
  }
}
