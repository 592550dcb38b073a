/**
 * The quadrant n (0 to 3) of an angle of any finite size, and what is left, x - n π/2 as the sum y + t of two float64
 * numbers with |y| ≤ π/4. Integers do it exactly: x is m · 2^e, so of m times the bits of 2/π only those around the binary
 * point are looked at; 1,200 of them are enough for the largest float64.
 *
 * Source: M. Payne and R. Hanek, "Radian reduction for trigonometric functions", ACM SIGNUM Newsletter 18 (1983).
 */
export function reduceLarge(x: number): [quadrant: number, y: number, t: number] {
  const parts = new DataView(new ArrayBuffer(8));
  parts.setFloat64(0, Math.abs(x));
  const bits = parts.getBigUint64(0);
  const m = (bits & 0xfffffffffffffn) | 0x10000000000000n;
  const e = Number(bits >> 52n) - 1075;

  // x · 2/π = product / 2^places; then the nearest integer and the signed fraction, to 160 places.
  const product = m * TWO_BY_PI;
  const places = BigInt(1200 - e);
  const n = ((product >> (places - 1n)) + 1n) >> 1n;
  const fraction = (product - (n << places)) >> (places - 160n);
  const rest = fraction * HALF_PI;
  const y = Number(rest);
  const t = Number(rest - BigInt(y));
  const quadrant = Number(n & 3n);
  const unit = 4.6816763546921983e-97; // 2^-320
  return x < 0 ? [-quadrant & 3, -y * unit, -t * unit] : [quadrant, y * unit, t * unit];
}

/** ⌊2/π · 2^1200⌋. */
const TWO_BY_PI =
  0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7bn;

/** π/2 · 2^160, rounded. */
const HALF_PI = 0x1921fb54442d18469898cc51701b839a252049c11n;
