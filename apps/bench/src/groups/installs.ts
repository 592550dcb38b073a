import { mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pack } from '@maru-ml/tooling/tarballs';
import { packages } from '@maru-ml/tooling/workspace';
import { type Group, type Single, short } from '../figures.ts';
import { sentence } from '../measure.ts';
import { PEERS, peersFolder } from '../peers.ts';

/** Bytes of the files in a tarball that is not compressed: a header of 512 bytes holds the size of the file that follows it. */
export function unpackedSize(tar: Buffer): number {
  let total = 0;
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    total += size;
    at += 512 + 512 * Math.ceil(size / 512);
  }
  return total;
}

/** What lies on the disk after `npm i`: each package unpacked with all it depends on, and each peer's node_modules. */
export async function installSizes(): Promise<Group> {
  const entries: Single[] = [];
  const absent: Record<string, string> = {};
  const folder = await mkdtemp(join(tmpdir(), 'maru-packed-'));
  try {
    const tarballs = pack(['--filter', './packages/*'], folder);
    const sizes = new Map<string, number>();
    for (const [name, file] of Object.entries(tarballs))
      sizes.set(name, unpackedSize(gunzipSync(await readFile(file))));
    const all = packages();
    const ours = new Map(all.map(({ manifest }) => [manifest.name, manifest]));
    for (const name of ours.keys()) {
      const needed = new Set([name]);
      for (const one of needed)
        for (const other of Object.keys(ours.get(one)?.dependencies ?? {})) if (ours.has(other)) needed.add(other);
      let total = 0;
      for (const one of needed) total += sizes.get(one) ?? 0;
      const foreign = new Set<string>();
      for (const { manifest, folder: own } of all.filter((one) => needed.has(one.manifest.name))) {
        for (const other of Object.keys(manifest.dependencies ?? {}).filter((one) => !sizes.has(one))) {
          total += await foreignSize(join(own, 'node_modules'), other, foreign);
        }
      }
      entries.push({ name, side: 'ours', value: short(total / 1e6), note: `${needed.size + foreign.size} packages` });
    }
  } catch (error) {
    absent['our own packages'] = sentence(error);
  } finally {
    await rm(folder, { recursive: true });
  }
  for (const name of Object.keys(PEERS)) {
    try {
      const { bytes, count } = await folderSize(`${peersFolder}${name}/node_modules`);
      entries.push({ name, side: 'js', value: short(bytes / 1e6), note: `${count} packages` });
    } catch (error) {
      absent[name] = sentence(error);
    }
  }
  return { id: 'install', title: 'What `npm i` puts on the disk', unit: 'MB', bound: null, entries, absent };
}

/** Bytes of a package that is not ours with what it depends on, but for those that were counted before. */
async function foreignSize(modules: string, name: string, counted: Set<string>): Promise<number> {
  const folder = await realpath(join(modules, name));
  if (counted.has(folder)) return 0;
  counted.add(folder);
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  let { bytes } = await folderSize(folder);
  for (const other of Object.keys(dependencies)) {
    bytes += await foreignSize(folder.slice(0, folder.length - name.length), other, counted);
  }
  return bytes;
}

/** Bytes under a folder, and the packages in it. */
async function folderSize(folder: string): Promise<{ bytes: number; count: number }> {
  let [bytes, count] = [0, 0];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += (await stat(join(entry.parentPath, entry.name))).size;
    if (
      entry.name === 'package.json' &&
      /node_modules\/(@[^/]+\/)?[^/]+$/.test(entry.parentPath.replaceAll('\\', '/'))
    ) {
      count++;
    }
  }
  return { bytes, count };
}
