import { toSvg } from '@maru-ml/plot';
import { figuresOf, type Page, type Part, showValue } from './page.ts';
import type { Figure } from './study.ts';
import { STYLE } from './style.ts';

/** The report as one HTML file with its plots inside; it opens from disk, without a server. */
export async function reportHtml(
  pages: readonly Page[],
  options: { full: boolean; withData: boolean },
): Promise<string> {
  const sections: string[] = [];
  for (const page of pages) sections.push(await sectionHtml(page));
  const figures = pages.flatMap(figuresOf);
  const compared = figures.filter((figure) => figure.reached !== null);
  const reached = compared.filter((figure) => figure.reached === true).length;
  const seconds = pages.reduce((sum, page) => sum + page.seconds, 0);
  const counts = `${pages.length} studies in ${seconds.toFixed(0)} s; ${reached} of ${compared.length} figures of the sources reached`;
  const mode = `${options.full ? "the sources' counts" : 'short counts'}, ${options.withData ? 'with real data' : 'with the embedded data'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Maru gallery</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Maru gallery</h1><p>${counts} (${mode}).</p></header>
<nav><ul>${pages.map(navItem).join('')}</ul></nav>
<main>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function navItem({ study }: Page): string {
  return `<li><a href="#${study.row}"><b>${study.row}</b> ${escaped(study.title)}</a></li>`;
}

async function sectionHtml(page: Page): Promise<string> {
  const { study, seconds, error } = page;
  const blocks: string[] = [];
  for (const parts of runs(page.parts)) blocks.push(await runHtml(parts));
  if (error !== null) {
    blocks.push(`<p class="note failed"><b>This study ended with an error.</b></p><pre>${escaped(error)}</pre>`);
  }
  return `<section id="${study.row}">
<h2><span>${study.row}</span> ${escaped(study.title)}</h2>
<p class="meta">${escaped(study.source)} · ${seconds.toFixed(1)} s</p>
${blocks.join('\n')}
</section>`;
}

/** Neighbors of one kind together: figures that follow each other make one table, plots one row. */
function runs(parts: readonly Part[]): Part[][] {
  const found: Part[][] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (last?.[0]?.kind === part.kind) last.push(part);
    else found.push([part]);
  }
  return found;
}

async function runHtml(parts: readonly Part[]): Promise<string> {
  const blocks: string[] = [];
  for (const part of parts) blocks.push(await partHtml(part));
  switch (parts[0]!.kind) {
    case 'figure':
      return `<div class="scroll"><table class="figures"><thead><tr><th>figure</th><th>source</th><th>ours</th><th></th></tr></thead><tbody>${blocks.join('')}</tbody></table></div>`;
    case 'plot':
      return `<div class="plots">${blocks.join('\n')}</div>`;
    default:
      return blocks.join('\n');
  }
}

async function partHtml(part: Part): Promise<string> {
  switch (part.kind) {
    case 'text':
      return `<p>${escaped(part.text)}</p>`;
    case 'code':
      return `<pre>${escaped(part.text)}</pre>`;
    case 'erratum':
      return `<p class="note"><b>Erratum of the source.</b> ${escaped(part.text)}</p>`;
    case 'shrunk':
      return `<p class="note"><b>Shortened.</b> ${escaped(part.text)}</p>`;
    case 'plot':
      return `<figure>${await toSvg(part.spec)}${part.caption && `<figcaption>${escaped(part.caption)}</figcaption>`}</figure>`;
    case 'table':
      return tableHtml(part.columns, part.rows);
    case 'figure':
      return figureHtml(part.figure);
  }
}

function figureHtml({ name, source, ours, reached, digits }: Figure): string {
  const mark = reached === null ? '<td></td>' : `<td class="${reached ? 'yes">reached' : 'no">not reached'}</td>`;
  return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(showValue(source, digits))}</td><td>${escaped(showValue(ours, digits))}</td>${mark}</tr>`;
}

function tableHtml(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const head = columns.map((column) => `<th>${escaped(column)}</th>`).join('');
  const body = rows.map(([name, ...cells]) => {
    return `<tr><th scope="row">${escaped(showValue(name!))}</th>${cells.map((cell) => `<td>${escaped(showValue(cell))}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
