/**
 * Compiles each `assembly/*.ts` to WebAssembly and writes its bytes as text to `src/generated/`. Files that start with
 * `_` are parts for others to import. What is newer than its sources is left alone; names as arguments choose some.
 */
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(`${root}src/generated`, { recursive: true });

const wanted = process.argv.slice(2).map((name) => basename(name, '.ts'));
const sources = readdirSync(`${root}assembly`).filter((file) => file.endsWith('.ts'));
const parts = sources.filter((file) => file.startsWith('_')).map((file) => `assembly/${file}`);

for (const file of sources) {
  const name = file.slice(0, -3);
  if (file.startsWith('_') || (wanted.length > 0 && !wanted.includes(name))) continue;
  const output = `src/generated/${name}.ts`;
  if (time(output) > Math.max(...[`assembly/${file}`, 'scripts/generate.js', ...parts].map(time))) continue;
  try {
    const bytes = await compile(file);
    check(bytes);
    const literal = textOf(bytes).replaceAll('\\', '\\\\');
    const text = `/** assembly/${file}, ${bytes.length} bytes. */\nexport const bytes: string =\n  '${literal}';\n`;
    // Written beside and renamed, so that nobody reads half a file.
    writeFileSync(`${root}${output}.${process.pid}`, text);
    renameSync(`${root}${output}.${process.pid}`, `${root}${output}`);
    console.log(`${name}: ${bytes.length} bytes`);
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

/**
 * Bytes as text, as `decode` of `src/module.ts` reads it: a character each, or two for those that would lie behind {. Longer than
 * base64 but a third smaller when compressed, since bytes keep their places; hexadecimal is a tenth larger.
 *
 * @param {Uint8Array} bytes
 */
function textOf(bytes) {
  let text = '';
  for (const byte of bytes) {
    const page = Math.max(0, Math.ceil((byte + 40 - 123) / 64));
    if (page > 0) text += '{|}~'[page];
    text += String.fromCharCode(byte + 40 - 64 * page);
  }
  return text;
}

/** When the file was last written; 0 if there is none. @param {string} path */
function time(path) {
  return statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** @param {string} file @returns {Promise<Uint8Array>} */
async function compile(file) {
  // Loaded only when something is to be compiled, so that finding nothing to do takes no time.
  const { default: asc } = await import('assemblyscript/asc');
  const options = '-O3 --converge --noAssert --runtime stub --use abort= --importMemory --initialMemory 1'.split(' ');
  options.push('--enable', 'simd,bulk-memory', '--disable', 'mutable-globals', '--outFile', 'out.wasm');
  /** @type {Uint8Array | undefined} */
  let bytes;
  const { error, stderr } = await asc.main([`assembly/${file}`, '--baseDir', root, ...options], {
    writeFile: (path, content) => {
      if (path === 'out.wasm' && content instanceof Uint8Array) bytes = content;
    },
  });
  if (error || !bytes) throw new Error(`${error?.message}\n${stderr}`);
  return bytes;
}

/**
 * All modules work on one memory, and two copies of the package may share it: a module must not bring data of its own
 * (static arrays, strings) nor import anything but the memory.
 * @param {Uint8Array} bytes
 */
function check(bytes) {
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module).map(({ module, name }) => `${module}.${name}`);
  if (imports.join() !== 'env.memory') throw new Error(`imports ${imports.join(', ')}, wanted env.memory alone`);
  const foreign = WebAssembly.Module.exports(module).filter(({ kind }) => kind !== 'function');
  if (foreign.some(({ kind }) => kind !== 'memory')) throw new Error(`exports ${foreign.map(({ name }) => name)}`);
  const DATA = 11;
  for (let at = 8; at < bytes.length; ) {
    const section = bytes[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (section === DATA) throw new Error('has a data segment; keep tables in code or in arguments');
    at += size;
  }
}
