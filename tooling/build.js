/**
 * Builds the package in the current folder into `dist`: declarations by tsc, one module for each export by esbuild, what exports
 * share in modules beside them. A program that imports the package then loads a handful of files, not a hundred and fifty.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/** The export that holds what all share, in packages whose every user loads that export; elsewhere a file beside them does. */
const homes = /** @type {Record<string, string>} */ ({
  '@maru-ml/base': 'index.js',
  '@maru-ml/kernels': 'tensor.js',
  '@maru-ml/tensor': 'index.js',
});

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
rmSync('dist', { recursive: true, force: true, maxRetries: 5 });
const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--emitDeclarationOnly'], { stdio: 'inherit' });

/** @type {{ source?: string }[]} */
const exported = Object.values(manifest.exports);
const entries = exported.flatMap(({ source }) => source ?? []);

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: entries,
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  packages: 'external',
  // Fields come to be where constructors give them values; to declare them before that would make pages larger. Only names of
  // classes must be declared, which layers of nets state themselves.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: manifest.name === '@maru-ml/nn' } },
  // Bundlers keep a constant that nobody uses if it reads a property of something.
  define: { 'Number.POSITIVE_INFINITY': 'Infinity', 'Number.NaN': 'NaN' },
  sourcemap: true,
  logLevel: 'warning',
};

// Every file costs a program about a millisecond at its start, and esbuild makes one for each set of exports that share
// something. If all exports import all that is shared, there is one such set.
const { metafile } = await build({ ...options, write: false, metafile: true });
const outputs = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint === undefined);
const shared = outputs.flatMap(({ inputs }) => Object.keys(inputs));
await build({ ...options, plugins: [importing(shared), workingOut()] });
const home = homes[manifest.name];
if (home !== undefined) await moveShared(home);

/** Makes every export import the given files. @param {string[]} files @returns {import('esbuild').Plugin} */
function importing(files) {
  const paths = entries.map((entry) => resolve(entry));
  return {
    name: 'importing',
    setup({ onLoad, onResolve }) {
      // Else the package's word that its files have no side effects lets esbuild drop these imports.
      onResolve({ filter: /^\./ }, ({ path, resolveDir }) => ({ path: resolve(resolveDir, path), sideEffects: true }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!paths.includes(path)) return null;
        const imports = files.map((file) => `import ${JSON.stringify(`./${relative(dirname(path), resolve(file))}`)};`);
        return { contents: [workedOut(path), ...imports].join('\n'), loader: 'ts' };
      });
    },
  };
}

/** Loads sources with constants worked out. @returns {import('esbuild').Plugin} */
function workingOut() {
  return {
    name: 'working out',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: workedOut(path), loader: 'ts' }));
    },
  };
}

/** A source with its constants that are powers of two as numbers: esbuild keeps one that is computed even if nobody uses it. @param {string} path */
function workedOut(path) {
  const power = /^((?:export )?const [A-Z_]+(?:: number)? = )2 \*\* (-?\d+);/gm;
  return readFileSync(path, 'utf8').replace(power, (_, start, exponent) => `${start}${2 ** Number(exponent)};`);
}

/** Moves what exports share into the file of one of them, which exports it under names of its own. @param {string} home */
async function moveShared(home) {
  const files = readdirSync('dist').filter((file) => file.endsWith('.js'));
  const from = files.find((file) => file.startsWith('shared-')) ?? '';
  /** @type {Set<string>} */
  const names = new Set();
  for (const file of files.filter((file) => file !== home && file !== from)) {
    const code = readFileSync(`dist/${file}`, 'utf8');
    const moved = code
      .replace(`import "./${from}";`, '')
      .replace(new RegExp(`\\{([^}]*)\\} from "./${from}"`, 'g'), (_, list) => {
        const renamed = list.replace(/([\w$]+)( as [\w$]+)?/g, (/** @type {string[]} */ ...[, name = '', as]) => {
          names.add(name);
          return `shared_${name}${as ?? ` as ${name}`}`;
        });
        return `{${renamed}} from "./${home}"`;
      });
    writeFileSync(`dist/${file}`, moved);
  }
  const list = [...names].map((name) => `${name} as shared_${name}`);
  const contents = `export * from './${home}'; export { ${list} } from './${from}';`;
  const stdin = { contents, resolveDir: 'dist' };
  const { entryPoints, outbase, outdir, splitting, chunkNames, ...rest } = options;
  await build({ ...rest, stdin, outfile: `dist/${home}`, allowOverwrite: true, logLevel: 'error' });
  for (const file of [from, `${from}.map`]) rmSync(`dist/${file}`);
}
