/** A font as far as the width of text depends on it. */
export interface Legible {
  /** In pixels. */
  size: number;
  bold?: boolean;
}

/**
 * About how many pixels wide text is in a sans-serif font. It errs on the wide side, since the font of the reader is not known:
 * a letter is taken as one of five widths, a character of Chinese, Japanese or Korean as a square.
 */
export function textWidth(text: string, { size, bold = false }: Legible): number {
  let ems = 0;
  for (const character of text) {
    if (/[ijlI.,:;'|!()[\]/ ]/.test(character)) ems += 0.34;
    else if (/[ftr\-"]/.test(character)) ems += 0.44;
    else if (/[mwMW%@]/.test(character)) ems += 0.95;
    else if (/[A-Z]/.test(character)) ems += 0.73;
    else ems += character > '\u10ff' && !/[\u2000-\u22ff]/.test(character) ? 1.02 : 0.62;
  }
  return ems * size * (bold ? 1.14 : 1);
}

/** Text in lines of at most `width` pixels, broken between words; a longer word is a line of its own. */
export function wrapText(text: string, font: Legible, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, font) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
