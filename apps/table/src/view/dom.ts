type Child = Node | string | null;
type Properties = Record<string, string | number | boolean | ((event: never) => void)>;

/** An element: `h('button', { type: 'button', onclick: run }, 'Run')`. Names with a dash are attributes, others are properties. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role' || name === 'scope') element.setAttribute(name, String(value));
    else (element as unknown as Record<string, unknown>)[name] = value;
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The element with an id of the page. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

const DIGITS = { maximumSignificantDigits: 4 };
const SHORT = new Intl.NumberFormat('en', { ...DIGITS, useGrouping: false });
const LONG = new Intl.NumberFormat('en', DIGITS);

/** A number as people read it: four digits that count, and commas in those that are longer than a year. */
export function short(value: number): string {
  return (Math.abs(value) < 10_000 ? SHORT : LONG).format(value);
}

/** A mean to as many places as its deviation has, which has two digits. */
export function rounded(mean: number, std: number): [mean: string, std: string] {
  const places = std > 0 ? Math.max(0, 1 - Math.floor(Math.log10(std))) : 3;
  return [mean.toFixed(Math.min(places, 6)), std.toFixed(Math.min(places, 6))];
}
