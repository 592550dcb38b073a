/**
 * Compresses bytes into a zlib stream: one block with the fixed Huffman code, matches found by a table of the last place of each three
 * bytes. Plots hold small pictures with long runs, for which more effort gains little. Cost O(n).
 *
 * P. Deutsch: DEFLATE Compressed Data Format Specification (RFC 1951), ZLIB (RFC 1950), 1996.
 */
export function zlib(bytes: Uint8Array): Uint8Array {
  const bits = new BitWriter(bytes.length);
  bits.write(0x0178, 16); // a window of 32 KB, no dictionary
  bits.write(0b011, 3); // the last block, with the fixed code
  const last = new Int32Array(1 << 15).fill(-1);
  for (let i = 0; i < bytes.length; ) {
    const { length, distance } = findMatch(bytes, i, last);
    if (length >= 3) writeMatch(bits, length, distance);
    else writeLiteral(bits, bytes[i]!);
    const step = Math.max(length, 1);
    for (let j = i; j < i + step; j++) if (j + 2 < bytes.length) last[key(bytes, j)] = j;
    i += step;
  }
  writeLiteral(bits, 256); // the end of the block
  bits.flush();
  const sum = adler32(bytes);
  for (const shift of [24, 16, 8, 0]) bits.write((sum >>> shift) & 255, 8);
  return bits.bytes();
}

const WINDOW = 32_768;
const LONGEST = 258;

function key(bytes: Uint8Array, i: number): number {
  return (Math.imul((bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!, 0x9e3779b1) >>> 17) & 0x7fff;
}

/** How many bytes from `i` on are the same as those at the last place with the same key. */
function findMatch(bytes: Uint8Array, i: number, last: Int32Array): { length: number; distance: number } {
  if (i + 2 >= bytes.length) return { length: 0, distance: 0 };
  const place = last[key(bytes, i)]!;
  if (place < 0 || i - place > WINDOW) return { length: 0, distance: 0 };
  const most = Math.min(LONGEST, bytes.length - i);
  let length = 0;
  while (length < most && bytes[place + length] === bytes[i + length]) length++;
  return { length: length < 3 ? 0 : length, distance: i - place };
}

/** A byte or the end (256) in the fixed code of RFC 1951, section 3.2.6. */
function writeLiteral(bits: BitWriter, symbol: number): void {
  if (symbol < 144) bits.writeCode(0x30 + symbol, 8);
  else if (symbol < 256) bits.writeCode(0x190 + symbol - 144, 9);
  else if (symbol < 280) bits.writeCode(symbol - 256, 7);
  else bits.writeCode(0xc0 + symbol - 280, 8);
}

function writeMatch(bits: BitWriter, length: number, distance: number): void {
  // Lengths from 3 on come in groups of four symbols, each group with one extra bit more; 258 has a symbol of its own.
  if (length === LONGEST) writeLiteral(bits, 285);
  else {
    const { symbol, extra, rest } = split(length - 3, 4);
    writeLiteral(bits, 257 + symbol);
    bits.write(rest, extra);
  }
  // Distances from 1 on come in groups of two.
  const { symbol, extra, rest } = split(distance - 1, 2);
  bits.writeCode(symbol, 5);
  bits.write(rest, extra);
}

/** The symbol of a value, in groups of `size` that double in span, with the bits that place it within its symbol. */
function split(value: number, size: number): { symbol: number; extra: number; rest: number } {
  if (value < 2 * size) return { symbol: value, extra: 0, rest: 0 };
  const extra = 31 - Math.clz32(value) - Math.log2(size);
  return { symbol: extra * size + (value >> extra), extra, rest: value & ((1 << extra) - 1) };
}

/** RFC 1950's checksum. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return ((b << 16) | a) >>> 0;
}

/** Bits packed into bytes from the lowest on. */
class BitWriter {
  #out: Uint8Array;
  #length = 0;
  #bits = 0;
  #count = 0;

  constructor(size: number) {
    this.#out = new Uint8Array(Math.ceil(size * 1.13) + 32); // a literal takes at most nine bits
  }

  write(value: number, count: number): void {
    this.#bits |= value << this.#count;
    this.#count += count;
    while (this.#count >= 8) {
      this.#out[this.#length++] = this.#bits & 255;
      this.#bits >>>= 8;
      this.#count -= 8;
    }
  }

  /** Huffman codes start at their highest bit. */
  writeCode(code: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) this.write((code >> i) & 1, 1);
  }

  /** Fills up the byte. */
  flush(): void {
    if (this.#count > 0) this.write(0, 8 - this.#count);
  }

  bytes(): Uint8Array {
    return this.#out.slice(0, this.#length);
  }
}
