import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Runs a module that imports the package's sources, and gives what it exports. Node 20 does not read TypeScript; here no
 * build is needed, and what `dist` keeps to itself can be had.
 * @param {string} code an ES module, its paths relative to the package's folder
 * @returns {Promise<any>}
 */
export async function load(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'error',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return import(`data:text/javascript;base64,${Buffer.from(bytes).toString('base64')}`);
}
