/** The report's looks: one column that fits 360 px, colours for light and dark with a contrast of at least 4.5. */
export const STYLE: string = `
:root { color-scheme: light dark; --ink: #1b1b1f; --soft: #55555e; --paper: #ffffff; --line: #d9d9e0; --tint: #f4f4f8;
  --accent: #0b5cad; --yes: #146c2e; --no: #a1260d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf1; --soft: #b4b4be; --paper: #17171b; --line: #3a3a42; --tint: #222228; --accent: #7db7f5;
    --yes: #7fd396; --no: #ff9d85; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { margin: .5rem 0 0; font-size: 1.8rem; }
h2 { margin: 0; font-size: 1.3rem; line-height: 1.3; }
h2 span { color: var(--accent); }
a { color: var(--accent); }
p, pre, .note { max-width: 46rem; }
nav ul { columns: 16rem; padding: 0; list-style: none; }
nav li { margin: .15rem 0; break-inside: avoid; }
nav a { text-decoration: none; }
nav a:hover, nav a:focus { text-decoration: underline; }
section { margin: 2rem 0; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.meta { margin: .2rem 0 1rem; color: var(--soft); font-size: .9rem; }
.plots { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
figure { margin: 1rem 0; max-width: 100%; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { width: 0; min-width: 100%; color: var(--soft); font-size: .9rem; }
.scroll { margin: 1rem 0; overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .93rem; }
th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th[scope=row], thead th:first-child { text-align: left; font-weight: 400; }
thead th { color: var(--soft); font-weight: 600; }
/* On a phone the name of a figure stands above its values. */
@media (max-width: 34rem) {
  .figures tr { display: grid; grid-template-columns: 1fr 1fr auto; border-bottom: 1px solid var(--line); }
  .figures th, .figures td { border: 0; padding-block: .15rem; text-align: left; overflow-wrap: anywhere; }
  .figures th:first-child { grid-column: 1 / -1; padding-top: .4rem; }
  .figures thead th:first-child { display: none; }
}
.yes { color: var(--yes); } .no { color: var(--no); }
pre { overflow-x: auto; padding: .7rem; background: var(--tint); font-size: .85rem; line-height: 1.4; }
.note { padding: .5rem .8rem; border-left: 4px solid var(--accent); background: var(--tint); }
.failed { border-color: var(--no); }
`;
