/**
 * Starts a new package in its form:
 *
 *   npm run new-package -- metrics "Scores, curves and reports of predictions." --layer 3
 *
 * The folder it writes passes every check: a function, its test and a README whose example runs, all to be replaced. It
 * also adds the package to the table of layers in ARCHITECTURE.md, where it is not there yet, and a changeset for its first release.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readLayers } from './layers.js';
import { filesForm, manifestForm, manifestText } from './manifests.js';
import { root, scope } from './workspace.js';

/**
 * The files of a new package, by their paths in its folder.
 *
 * @param {string} short
 * @param {string} description
 * @returns {Record<string, string>}
 */
export function newPackage(short, description) {
  const name = scope + short;
  const manifest = manifestForm({ name, version: '0.0.0', description });
  const files = filesForm();
  return {
    ...Object.fromEntries(Object.entries(files).filter((entry) => entry[1] !== null)),
    'package.json': manifestText(manifest),
    'src/index.ts': "export { mean } from './mean.ts';\n",
    'src/mean.ts': `/**
 * The arithmetic mean, (Σ xᵢ) / n; NaN if there are no values. O(n).
 *
 * @example
 * \`\`\`ts
 * import { mean } from '${name}';
 *
 * console.log(mean([1, 2, 6])); // 3
 * \`\`\`
 */
export function mean(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}
`,
    'test/mean.test.ts': `import { expectClose } from '@maru-ml/tooling/testing';
import { test } from 'vitest';
import { mean } from '../src/index.ts';

test('the mean of a few numbers, by hand', () => {
  expectClose(mean([1, 2, 6]), 3);
  expectClose(mean([]), Number.NaN);
});
`,
    'README.md': `# ${name}

${description}

\`\`\`sh
npm i ${name}
\`\`\`

\`\`\`ts
import { mean } from '${name}';

console.log(mean([1, 2, 6])); // 3
\`\`\`

## What is inside

| name | what it does |
| --- | --- |
| \`mean(x)\` | the arithmetic mean |

## When to use which

## Accuracy and speed

## References
`,
  };
}

/**
 * The page with the package in its table of layers.
 *
 * @param {string} page ARCHITECTURE.md
 * @param {string} short
 * @param {string} description
 * @param {number} layer
 */
export function withLayer(page, short, description, layer) {
  const known = readLayers(page).get(short);
  if (known === layer) return page;
  if (known !== undefined) throw new Error(`${short} is in layer ${known} of the table in ARCHITECTURE.md`);
  const lines = page.split('\n');
  const last = lines.findLastIndex((line) => Number(/^\| *(\d+) *\|/.exec(line)?.[1] ?? Number.NaN) <= layer);
  if (last < 0) throw new Error('ARCHITECTURE.md: its table of layers is missing');
  lines.splice(last + 1, 0, `| ${layer} | \`${short}\` | ${description.replace(/\.$/, '')} |`);
  return lines.join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { layer: { type: 'string' } } });
  const [short = '', description = ''] = positionals;
  const layer = Number(values.layer ?? Number.NaN);
  if (!/^[a-z][a-z-]*$/.test(short) || description === '' || !Number.isInteger(layer)) {
    console.error('usage: npm run new-package -- name "One sentence." --layer N');
    process.exit(2);
  }
  const folder = join(root, 'packages', short);
  if (existsSync(folder)) {
    console.error(`packages/${short} exists already`);
    process.exit(1);
  }
  const page = join(root, 'ARCHITECTURE.md');
  writeFileSync(page, withLayer(readFileSync(page, 'utf8'), short, description, layer));
  for (const [path, text] of Object.entries(newPackage(short, description))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const changeset = `---\n'${scope}${short}': major\n---\n\nThe first release.\n`;
  writeFileSync(join(root, `.changeset/${short}-first-release.md`), changeset);
  console.log(`packages/${short} is there. Next: 'npx pnpm install', 'npm run fix', 'npm run check'.`);
}
