/** Compiles each `assembly/*.ts` to WebAssembly and writes its bytes in base64 to `src/generated/`. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(`${root}src/generated`, { recursive: true });

for (const file of readdirSync(`${root}assembly`)) {
  if (!file.endsWith('.ts') || file.startsWith('_')) continue;
  const name = file.slice(0, -3);
  const options = ['--outFile', 'out.wasm', '-O3', '--converge', '--noAssert', '--runtime', 'stub'];
  options.push('--importMemory', '--initialMemory', '1', '--enable', 'simd,bulk-memory', '--disable', 'mutable-globals');
  /** @type {Uint8Array | undefined} */
  let bytes;
  const { error, stderr } = await asc.main([`assembly/${file}`, '--baseDir', root, ...options], {
    writeFile: (path, content) => {
      if (path === 'out.wasm' && content instanceof Uint8Array) bytes = content;
    },
  });
  if (error || !bytes) throw new Error(`${file}: ${error?.message}\n${stderr}`);
  const text = `/** assembly/${file}, ${bytes.length} bytes. */\nexport const bytes: string =\n  '${Buffer.from(bytes).toString('base64')}';\n`;
  writeFileSync(`${root}src/generated/${name}.ts`, text);
  console.log(`${name}: ${bytes.length} bytes`);
}
