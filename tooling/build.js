/**
 * Builds the package in the current folder into `dist`: declarations by tsc, one module for each export by esbuild, what exports
 * share in modules beside them. A program that imports the package then loads a handful of files, not a hundred and fifty.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
rmSync('dist', { recursive: true, force: true, maxRetries: 5 });
const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--emitDeclarationOnly'], { stdio: 'inherit' });

/** @type {{ source?: string }[]} */
const exported = Object.values(manifest.exports);
await build({
  entryPoints: exported.flatMap(({ source }) => source ?? []),
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
