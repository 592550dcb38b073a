import { shared } from '@maru-ml/base';

/**
 * Decodes EUC-KR as the web does, with Windows' extension to all 11,172 syllables (code page 949). Node's own decoder knows the 2,350 syllables of
 * KS X 1001 only, so that a single 뷁 makes a file unreadable; the extension holds all others in Unicode's order, so it can be
 * worked out from what the decoder knows.
 *
 * @returns the text, or the offset of the first character that is wrong
 *
 * Source: WHATWG, "Encoding Standard", section EUC-KR.
 */
export function decodeKorean(bytes: Uint8Array): string | number {
  const table = shared('datasets.korean', codeTable);
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]!;
    if (lead < 0x80) {
      units[length++] = lead;
      continue;
    }
    const unit = lead < FIRST_LEAD || i + 1 === bytes.length ? 0 : table[index(lead, bytes[i + 1]!)]!;
    if (unit === 0) return i + 1 === bytes.length && lead >= FIRST_LEAD && lead < 0xff ? bytes.length : i;
    units[length++] = unit;
    i++;
  }
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units.subarray(0, length));
}

const FIRST_LEAD = 0x81;

function index(lead: number, trail: number): number {
  return (lead - FIRST_LEAD) * 256 + trail;
}

/** The UTF-16 unit of each pair of bytes; 0 where there is none. */
function codeTable(): Uint16Array {
  const table = new Uint16Array(index(0xff, 0) + 256);
  const known = standardCharacters(table);
  let syllable = 0xabff;
  for (let lead = FIRST_LEAD; lead <= 0xc6; lead++) {
    const lastTrail = lead < 0xa1 ? 0xfe : 0xa0;
    for (let trail = 0x41; trail <= lastTrail; trail++) {
      if ((trail > 0x5a && trail < 0x61) || (trail > 0x7a && trail < 0x81)) continue;
      do syllable++;
      while (known.has(syllable));
      if (syllable > 0xd7a3) return table;
      table[index(lead, trail)] = syllable;
    }
  }
  return table;
}

/** Fills in the characters of KS X 1001, with the two that Windows added to them, and returns them. */
function standardCharacters(table: Uint16Array): Set<number> {
  const pairs: number[] = [];
  for (let lead = 0xa1; lead <= 0xfe; lead++)
    for (let trail = 0xa1; trail <= 0xfe; trail++) pairs.push(lead, trail, 10);
  const known = new Set<number>();
  for (const [i, character] of new TextDecoder('euc-kr').decode(Uint8Array.from(pairs)).split('\n').entries()) {
    const unit = character.charCodeAt(0);
    // The replacement character and those for private use stand for pairs without a meaning.
    if (character.length !== 1 || unit >= 0xfff0 || (unit >= 0xe000 && unit < 0xf900)) continue;
    table[index(pairs[3 * i]!, pairs[3 * i + 1]!)] = unit;
    known.add(unit);
  }
  table[index(0xa2, 0xe6)] = 0x20ac;
  table[index(0xa2, 0xe7)] = 0xae;
  return known;
}
