import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a module that imports the package's sources as './src/...' with all it uses, as a copy of its own, and returns its path. */
export async function bundled(contents: string): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'maru-bundle-')), 'bundle.mjs');
  await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
