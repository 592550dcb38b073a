import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a script of this package with the sources of all it uses, so that plain Node runs it, and returns its path. */
export async function bundled(entry: URL): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'maru-nn-')), 'script.mjs');
  await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    conditions: ['source'],
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

/** What a Node process printed, and how it ended. */
export async function runNode(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ out: string; code: number }> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  const out = await text(child.stdout);
  return { out, code: await ended };
}
