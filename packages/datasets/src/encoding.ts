import { DataError, OptionError, show } from '@maru-ml/base';
import { decodeKorean } from './encoding-korean.ts';
import type { OpenFile } from './source.ts';

/** Windows-1252 from 0x80 to 0x9f; all other bytes are their own code points. Node's decoder gets these wrong, so they stand here. */
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** Names that people write and the standard does not know. */
const ALIASES: Readonly<Record<string, string>> = {
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  utf16: 'utf-16le',
  cp932: 'shift_jis',
  cp936: 'gbk',
};

/** The longest string that V8 makes. */
const MAX_LENGTH = 2 ** 29 - 24;

/**
 * The text of a file. Without an encoding it is UTF-8, or what a byte order mark says.
 *
 * @throws DataError, naming the byte, where the bytes are no text of the encoding
 */
export function decodeText(owner: string, { name, bytes }: OpenFile, encoding: string | undefined): string {
  const label = labelOf(encoding, bytes);
  const decoder = decoderFor(owner, label);
  if (bytes.length > MAX_LENGTH) {
    throw new DataError(
      `${owner}: ${name} has ${bytes.length} bytes, but a text of more than ${MAX_LENGTH} does not fit into a string; split the file`,
    );
  }
  const text = decoded(bytes, decoder);
  if (typeof text === 'string') return text;
  if (text === bytes.length)
    throw new DataError(`${owner}: ${name} ends at byte ${text} within a character of ${decoder.encoding}`);
  const remedy = encoding === undefined ? "; pass its encoding, such as 'cp1252' or 'euc-kr'" : '';
  const byte = bytes[text]!.toString(16).padStart(2, '0');
  throw new DataError(
    `${owner}: ${name} has the byte 0x${byte} at offset ${text}, which is not ${decoder.encoding}${remedy}`,
  );
}

/** The text, or the offset of the first character that is wrong. */
function decoded(bytes: Uint8Array, decoder: TextDecoder): string | number {
  if (decoder.encoding === 'windows-1252') return windows1252(bytes);
  if (decoder.encoding === 'euc-kr') return decodeKorean(bytes);
  try {
    return decoder.decode(bytes);
  } catch {
    return firstInvalid(bytes, decoder.encoding);
  }
}

/** The standard's name of an encoding. Without one, and for UTF-16 of either order, a byte order mark decides. */
function labelOf(encoding: string | undefined, bytes: Uint8Array): string {
  const name = encoding?.toLowerCase() ?? 'utf-8';
  if (encoding === undefined || name === 'utf-16' || name === 'utf16') {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  }
  return ALIASES[name] ?? name;
}

function decoderFor(owner: string, label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new OptionError(
      `${owner}: encoding ${show(label)} is not known here; 'utf-8', 'utf-16le', 'cp1252', 'euc-kr' and the like are`,
    );
  }
}

function windows1252(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    units[i] = byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252.charCodeAt(byte - 0x80) : byte;
  }
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units);
}

/** The offset of the first character that is wrong, found by halving: a decoder that waits for more accepts every right beginning. */
function firstInvalid(bytes: Uint8Array, encoding: string): number {
  let right = 0;
  let wrong = bytes.length + 1;
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1;
    if (decodes(bytes.subarray(0, middle), encoding)) right = middle;
    else wrong = middle;
  }
  if (encoding !== 'utf-8' || right === bytes.length) return right;
  // What is wrong is the character's beginning, up to three bytes before the one that breaks it.
  for (let back = 1; back <= 3 && back <= right; back++) {
    const byte = bytes[right - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return decodes(bytes.subarray(0, right), encoding, false) ? right : right - back;
  }
  return right;
}

function decodes(bytes: Uint8Array, encoding: string, more = true): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: more });
    return true;
  } catch {
    return false;
  }
}
