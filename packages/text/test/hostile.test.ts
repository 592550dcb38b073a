import type { SparseRows } from '@maru-ml/tensor';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import { CountVectorizer, HashingVectorizer, TfidfVectorizer } from '../src/index.ts';

interface Input {
  name: string;
  texts: readonly string[];
  /** The texts that are asked, those that were fitted by default. */
  asked?: readonly string[];
}

const words = ['to be or not', 'not to see', 'be there'];
/** A term of letters of its own for each number. */
const term = (i: number) => `t${i.toString(36)}`;

const inputs: Input[] = [
  { name: '0 texts', texts: [] },
  { name: 'a string for the texts', texts: 'to be' as never },
  { name: 'nothing for the texts', texts: undefined as never },
  { name: 'a null among the texts', texts: ['to be', null as never] },
  { name: 'a number among the texts', texts: ['to be', 3 as never] },
  { name: 'words for a text', texts: [['to', 'be'] as never] },
  { name: '1 text', texts: ['to be'] },
  { name: 'an empty text among others', texts: ['', ...words] },
  { name: 'empty texts only', texts: ['', ''] },
  { name: 'blanks only', texts: [' \t\r\n', '\u00a0\u3000'] },
  { name: 'punctuation only', texts: ['?!…', '--- ***'] },
  { name: 'words of one letter only', texts: ['a b c', 'x y'] },
  { name: 'all texts equal', texts: ['to be', 'to be', 'to be'] },
  { name: 'no term twice', texts: ['one two', 'three four'] },
  { name: 'half a surrogate pair', texts: ['ab\ud83d cd', '\ude00 ab'] },
  { name: 'emoji of several code points', texts: ['👩‍👩‍👧 family', '🇰🇷 family'] },
  { name: 'accents composed and decomposed', texts: ['caf\u00e9', 'cafe\u0301'] },
  { name: 'letters that grow in lower case', texts: ['\u0130stanbul', 'istanbul'] },
  { name: 'from right to left, with marks', texts: ['\u202eשלום עולם', 'שלום'] },
  { name: 'Korean in syllables and in letters', texts: ['영화를 봤다', 'ㅋㅋㅋ 영화'] },
  { name: 'zeros and control characters', texts: ['to\u0000be \u0007to', 'to be'] },
  { name: 'names of the properties of objects', texts: ['__proto__ constructor', 'toString __proto__'] },
  { name: 'a word of a hundred thousand letters', texts: ['a'.repeat(100_000), 'to be'] },
  { name: 'a hundred thousand blanks', texts: [' '.repeat(100_000), 'to be'] },
  { name: 'one word ten thousand times', texts: ['to '.repeat(10_000), 'to be'] },
  { name: 'ten thousand terms', texts: [Array.from({ length: 10_000 }, (_, i) => term(i)).join(' '), 't1 t2'] },
  { name: 'no known term asked', texts: words, asked: ['zz', ''] },
  { name: 'no text asked', texts: words, asked: [] },
  { name: 'a null asked', texts: words, asked: ['to be', null as never] },
  { name: 'a string asked', texts: words, asked: 'to be' as never },
];

type Transform = (texts: readonly string[]) => SparseRows;
/** What transforms, and the model with it if there is one. */
type Fit = (texts: readonly string[]) => { transform: Transform; model?: object };

const fitted = (model: { transform: Transform }) => ({
  transform: (texts: readonly string[]) => model.transform(texts),
  model,
});
const estimators: [name: string, fit: Fit][] = [
  ['CountVectorizer', (texts) => fitted(new CountVectorizer().fit(texts))],
  ['CountVectorizer char', (texts) => fitted(new CountVectorizer({ analyzer: 'char', ngramRange: [1, 2] }).fit(texts))],
  ['CountVectorizer korean', (texts) => fitted(new CountVectorizer({ tokenizer: 'korean' }).fit(texts))],
  ['CountVectorizer minDf 2', (texts) => fitted(new CountVectorizer({ minDf: 2 }).fit(texts))],
  ['TfidfVectorizer', (texts) => fitted(new TfidfVectorizer().fit(texts))],
  ['TfidfVectorizer stripAccents', (texts) => fitted(new TfidfVectorizer({ stripAccents: true }).fit(texts))],
  ['HashingVectorizer', (texts) => fitted(new HashingVectorizer({ nFeatures: 32 }).fit(texts))],
];

/** What there is to say about the rows of the texts asked, which must be finite. */
function described({ transform, model }: ReturnType<Fit>, { texts, asked = texts }: Input): string {
  const { shape, data } = transform(asked);
  expect(shape[0]).toBe(asked.length);
  for (const value of data) expect(Number.isFinite(value), `${value}`).toBe(true);
  if (model !== undefined && 'toJSON' in model) {
    expectSavable(model, models, (loaded: { transform: Transform }) => [...loaded.transform(asked).data]);
  }
  return `rows [${shape.join(', ')}], filled: ${data.length}`;
}

it('every input by every vectorizer: an error or finite rows, as the table says', () => {
  const about =
    'What it gives otherwise are sparse rows of finite numbers, of which the table has the shape and how many there are; models are the same after saving and loading. HashingVectorizer learns nothing; here it has 32 columns.';
  const cells = inputs.flatMap((given) =>
    estimators.map(([name, fit]): [string, string, () => string] => {
      return [given.name, name, () => described(fit(given.texts), given)];
    }),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells);
  expect(page).toBe(made);
});
