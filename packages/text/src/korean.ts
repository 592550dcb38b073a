import { checkText } from './check-text.ts';

// Hangul syllables stand in Unicode in the order of their parts: an initial of 19, a vowel of 21, a final of 27 or none.
const FIRST = 0xac00;
const LAST = 0xd7a3;
const VOWELS = 21;
const FINALS = 28;

const INITIAL = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const VOWEL = [...'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'];
const FINAL = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'];

/**
 * Particles that follow nouns, and endings that close a sentence. After a final consonant some take another form (이/가, 을/를, 은/는, 과/와, 으로/로), which
 * is not checked, since informal texts do not heed it. The longest come first.
 */
const PARTICLES: readonly string[] = [
  '은 는 이 가 을 를 의 에 도 와 과 로 만 랑 나 야 께 요 에서 에게 한테 께서 처럼 만큼 보다 까지 부터 마저 조차 밖에 으로 이나 이랑 하고 라고 라는 이라 에는 에도',
  '와는 과는 로는 로서 로써 이다 이고 이며 네요 입니다 습니다 합니다 이라도 이라고 이라는 에서도 에서의 에서는 에게는 에게도 에게서 한테는 한테서 으로서 으로써 로부터',
  '까지는 부터는 만큼은 처럼은 보다는 보다도 밖에는 에서부터 으로부터 에게서는 으로서의',
]
  .flatMap((words) => words.split(' '))
  .sort((a, b) => b.length - a.length);

/**
 * The words of a Korean text without their particles, by a list of some ninety and no dictionary: a word that ends in Hangul loses the longest particle that
 * leaves two characters at least; all others stay as they are. Quick and approximate: 나라가 loses its particle, but so does what merely
 * looks like one, and verbs keep most of their endings. For more give a morphological analyzer of your own as a tokenizer. O(length).
 *
 * @example
 * ```ts
 * import { koreanTokens } from '@maru-ml/text';
 *
 * console.log(koreanTokens('이 영화에서는 배우들이 연기를 2번은 했다.')); // [ '영화', '배우들', '연기', '2번', '했다' ]
 * ```
 */
export function koreanTokens(text: string): string[] {
  return (checkText('koreanTokens', text).match(/[\p{L}\p{N}_]{2,}/gu) ?? []).map(withoutParticle);
}

/** A word without its particle, if it ends in one and two characters are left. */
export function withoutParticle(word: string): string {
  const last = checkText('withoutParticle', word).charCodeAt(word.length - 1);
  if (last < FIRST || last > LAST) return word;
  const particle = PARTICLES.find((end) => word.length - end.length >= 2 && word.endsWith(end));
  return particle === undefined ? word : word.slice(0, -particle.length);
}

/** The Hangul syllables of a text one by one, with all other words whole: short units that no spacing or ending hides. O(length). */
export function koreanSyllables(text: string): string[] {
  return checkText('koreanSyllables', text).match(/[\uac00-\ud7a3]|[\u3131-\u318e]+|[\p{L}\p{N}_]{2,}/gu) ?? [];
}

/**
 * A text with each Hangul syllable as its letters (jamo), so that words of one stem share a beginning whatever ending its last syllable took: 갔다 and
 * 가다 both begin with ㄱㅏ. Other characters stay. O(length).
 *
 * @example
 * ```ts
 * import { toJamo } from '@maru-ml/text';
 *
 * console.log(toJamo('닭이 2')); // ㄷㅏㄺㅇㅣ 2
 * ```
 */
export function toJamo(text: string): string {
  checkText('toJamo', text);
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < FIRST || code > LAST) {
      out += text[i];
      continue;
    }
    const place = code - FIRST;
    out += INITIAL[Math.floor(place / (VOWELS * FINALS))]!;
    out += VOWEL[Math.floor(place / FINALS) % VOWELS]!;
    out += FINAL[place % FINALS]!;
  }
  return out;
}
