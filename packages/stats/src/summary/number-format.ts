// Numbers as C's printf (and so Python's %) writes them: the exact binary value, rounded half to even. `toFixed` and its kin
// round exact ties away from zero, so those are put right.

/** `%width.digitsf`. */
export function fixed(value: number, digits: number, width = 0): string {
  return special(value)?.padStart(width) ?? roundedFixed(value, digits).padStart(width);
}

/**
 * `%width.digitsg`: `digits` significant ones, with an exponent where that is below -4 or not below `digits`.
 * @param keepZeros `%#g`: zeros at the end stay
 */
export function general(value: number, digits: number, width = 0, keepZeros = false): string {
  const text = special(value);
  if (text !== null) return text.padStart(width);
  const [mantissa, exponent] = scientific(value, digits);
  let written: string;
  if (exponent < -4 || exponent >= digits) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    const number = keepZeros ? withPoint(mantissa) : withoutZeros(mantissa);
    written = `${number}e${exponent < 0 ? '-' : '+'}${size}`;
  } else {
    const plain = roundedFixed(value, digits - 1 - exponent);
    written = keepZeros ? withPoint(plain) : withoutZeros(plain);
  }
  return written.padStart(width);
}

/** A coefficient as statsmodels' tables have it: four decimals, or four digits and an exponent for very small or large ones. */
export function coefficientText(value: number): string {
  return plainSize(value) ? fixed(value, 4, 10) : general(value, 4, 10);
}

/** The other numbers of a row: three decimals, or three digits and an exponent. */
export function statisticText(value: number): string {
  return plainSize(value) ? fixed(value, 3, 9) : general(value, 3, 9);
}

/** A number of rows or degrees of freedom: `%#6d`, or two decimals where it is no integer. */
export function countText(value: number): string {
  if (Number.isNaN(value)) return '   NaN';
  return Number.isInteger(value) ? String(value).padStart(6) : fixed(value, 2, 8);
}

/** Python's `str.center`. */
export function centered(text: string, width: number): string {
  const room = Math.max(0, width - text.length);
  const left = Math.floor(room / 2) + (room & width & 1);
  return ' '.repeat(left) + text + ' '.repeat(room - left);
}

function plainSize(value: number): boolean {
  const size = Math.abs(value);
  return size < 1e4 && size >= 1e-4;
}

function special(value: number): string | null {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isFinite(value)) return null;
  return value < 0 ? '-inf' : 'inf';
}

function roundedFixed(value: number, digits: number): string {
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (size >= 1e21) return `${sign}${BigInt(size)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const exact = size.toFixed(Math.min(100, digits + TAIL));
  const cut = exact.length - Math.min(TAIL, 100 - digits);
  const tail = exact.slice(cut).replace('.', '');
  const head = digits === 0 ? exact.slice(0, exact.indexOf('.')) : exact.slice(0, cut);
  return sign + (isTie(tail) && isEven(head) ? head : size.toFixed(digits));
}

/** The mantissa with `digits` digits, and the exponent. */
function scientific(value: number, digits: number): [string, number] {
  const [exact, exponent] = value.toExponential(Math.min(100, digits - 1 + TAIL)).split('e') as [string, string];
  const start = digits === 1 ? exact.indexOf('.') : exact.length - TAIL;
  const head = exact.slice(0, start);
  const tail = exact.slice(start).replace('.', '');
  if (isTie(tail) && isEven(head)) return [head, Number(exponent)];
  const [rounded, power] = value.toExponential(digits - 1).split('e') as [string, string];
  return [rounded, Number(power)];
}

/** Digits that are looked at behind the last one written: a double that ties has none but the first. */
const TAIL = 60;

function isTie(tail: string): boolean {
  return /^50*$/.test(tail);
}

function isEven(head: string): boolean {
  return '02468'.includes(head[head.length - 1]!);
}

function withPoint(text: string): string {
  return text.includes('.') ? text : `${text}.`;
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
