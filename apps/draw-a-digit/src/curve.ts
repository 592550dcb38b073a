const SVG = 'http://www.w3.org/2000/svg';
/** The picture's size and the margins that hold labels, in units of its own. */
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [320, 120, 34, 18, 8];

export interface CurveOptions {
  /** What it shows, for those who do not see it. */
  label: string;
  /** The lines by their class in the style sheet, and where their names stand. */
  lines: Readonly<Record<string, string>>;
  names: 'top' | 'bottom';
  /** The values along the left edge, from the bottom to the top, evenly spaced. */
  ticks: readonly string[];
  /** Where a value stands between the bottom, 0, and the top, 1. */
  scale: (value: number) => number;
}

/** A small plot of figures by epoch that grows while a training goes on. */
export class Curve {
  #options: CurveOptions;
  #lines: SVGElement[];
  #values: number[][] = [];

  constructor(parent: Element, options: CurveOptions) {
    this.#options = options;
    const svg = add(parent, 'svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': options.label });
    for (const [i, tick] of options.ticks.entries()) {
      const y = yOf(i / (options.ticks.length - 1));
      add(svg, 'line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: y, y2: y });
      add(svg, 'text', { x: LEFT - 5, y: y + 3.5, 'text-anchor': 'end' }).textContent = tick;
    }
    this.#lines = Object.keys(options.lines).map((kind) => add(svg, 'polyline', { class: `line ${kind}`, points: '' }));
    const first = options.names === 'top' ? TOP + 12 : HEIGHT - BOTTOM - 6 - 14 * (this.#lines.length - 1);
    for (const [i, [kind, name]] of Object.entries(options.lines).entries()) {
      const at = { class: `name ${kind}`, x: WIDTH - 4, y: first + 14 * i, 'text-anchor': 'end' };
      add(svg, 'text', at).textContent = name;
    }
    add(svg, 'text', { x: WIDTH, y: HEIGHT - 4, 'text-anchor': 'end' }).textContent = 'epochs';
  }

  /** Adds the figures of an epoch, one for each line, of `epochs` in all. */
  add(values: readonly number[], epochs: number): void {
    this.#values.push([...values]);
    for (const [i, line] of this.#lines.entries()) {
      const points = this.#values.map((figures, epoch) => {
        const share = Math.min(Math.max(this.#options.scale(figures[i]!), 0), 1);
        return `${(LEFT + ((epoch + 1) / epochs) * (WIDTH - LEFT)).toFixed(1)},${yOf(share).toFixed(1)}`;
      });
      line.setAttribute('points', points.join(' '));
    }
  }

  clear(): void {
    this.#values = [];
    for (const line of this.#lines) line.setAttribute('points', '');
  }
}

function yOf(share: number): number {
  return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}

function add(parent: Element, tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  parent.append(element);
  return element;
}
