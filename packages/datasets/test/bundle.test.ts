/** @module-tag node */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

/** Which of our files a snippet brings into a web page, and its size in bytes. */
async function bundle(contents: string): Promise<{ files: string[]; bytes: number }> {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['source'],
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  return {
    files: Object.entries(output!.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    bytes: outputFiles[0]!.contents.length,
  };
}

describe('a bundle for browsers', () => {
  test('everything but the embedded data comes without Node’s modules, tensors and data', async () => {
    const { files, bytes } = await bundle("export * from './src/index.ts';");
    expect(
      files.filter((file) => file.includes('embedded') || file.includes('tensor') || file.includes('node:')),
    ).toEqual([]);
    expect(files).toContain('src/csv.ts');
    expect(bytes).toBeLessThan(41_000);
  });

  test('one data set brings its own numbers and no reader', async () => {
    const { files, bytes } = await bundle("export { iris } from './src/iris.ts';");
    expect(files.sort()).toEqual(['src/dataset.ts', 'src/embedded/iris.ts', 'src/iris.ts', 'src/packed.ts']);
    expect(bytes).toBeLessThan(4000);
  });

  test('a generator brings no reader', async () => {
    const { files } = await bundle("export { makeMoons } from './src/index.ts';");
    expect(files.filter((file) => !file.includes('/base/')).sort()).toEqual([
      'src/dataset.ts',
      'src/generators/circle.ts',
      'src/generators/moons.ts',
      'src/generators/points.ts',
    ]);
  });
});
