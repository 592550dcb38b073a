import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { DataError, OptionError } from '@maru-ml/base';
import { checkSparse, fromBytes, type SparseRows, toBytes, toDense } from '@maru-ml/tensor';
import { expectClose, expectError, expectSavable } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  CountVectorizer,
  CountVectorizerModel,
  HashingVectorizer,
  HashingVectorizerModel,
  koreanSyllables,
  koreanTokens,
  TfidfVectorizer,
  TfidfVectorizerModel,
  toJamo,
  withoutParticle,
  wordTokens,
} from '../src/index.ts';
import { murmurHash } from '../src/murmur-hash.ts';

const dense = (x: SparseRows) => toDense(x).toArray() as number[][];

describe('worked by hand', () => {
  it('counts, and weights by rarity', () => {
    const texts = ['red red blue', 'blue green'];
    const { model, x } = new CountVectorizer().fitTransform(texts);
    expect(model.featureNames).toEqual(['blue', 'green', 'red']);
    expect(dense(x)).toEqual([
      [1, 0, 2],
      [1, 1, 0],
    ]);
    // ln(3/3) + 1 for what is in both, ln(3/2) + 1 for what is in one.
    const rare = Math.log(1.5) + 1;
    const weights = new TfidfVectorizer({ norm: null }).fitTransform(texts);
    expectClose(weights.model.idf, [1, rare, rare]);
    expectClose(dense(weights.x), [
      [1, 0, 2 * rare],
      [1, rare, 0],
    ]);
    const length = Math.hypot(1, rare);
    expectClose(dense(new TfidfVectorizer().fitTransform(texts).x)[1], [1 / length, rare / length, 0]);
  });

  it('terms of words and of characters', () => {
    const terms = (options: object, text: string) => new CountVectorizer(options).fit([text]).terms(text);
    expect(terms({ ngramRange: [1, 3] }, 'ab cd ef')).toEqual(['ab', 'cd', 'ef', 'ab cd', 'cd ef', 'ab cd ef']);
    expect(terms({ analyzer: 'char', ngramRange: [2, 3] }, 'a  bc')).toEqual(['a ', ' b', 'bc', 'a b', ' bc']);
    expect(terms({ analyzer: 'charWb', ngramRange: [3, 4] }, 'a bc')).toEqual([' a ', ' bc', 'bc ', ' bc ']);
    expect(terms({ analyzer: 'char', ngramRange: [1, 1] }, '😀a')).toEqual(['😀', 'a']);
    expect(terms({ stopWords: ['cd'], ngramRange: [2, 2] }, 'ab cd ef')).toEqual(['ab ef']);
  });

  it('Korean words lose their particles, and syllables can be taken apart', () => {
    expect(koreanTokens('학교에서는 친구들과 영화를 봤다')).toEqual(['학교', '친구들', '영화', '봤다']);
    expect(koreanTokens('movie를 2번은 봄')).toEqual(['movie', '2번']);
    expect([withoutParticle('나는'), withoutParticle('나라에서'), withoutParticle('the')]).toEqual([
      '나는',
      '나라',
      'the',
    ]);
    expect(koreanSyllables('좋다 ㅋㅋ ok')).toEqual(['좋', '다', 'ㅋㅋ', 'ok']);
    expect(toJamo('값a각힣')).toBe('ㄱㅏㅄaㄱㅏㄱㅎㅣㅎ');
    expect(wordTokens('a 정말 x²')).toEqual(['정말', 'x²']);
  });
});

interface Case {
  name: 'CountVectorizer' | 'TfidfVectorizer' | 'HashingVectorizer';
  options: object;
  fitted: SparseRows;
  new: SparseRows;
  featureNames?: string[];
  idf?: number[];
  texts?: string[];
}

const fixture = JSON.parse(readFileSync(new URL('fixtures/text.json', import.meta.url), 'utf8'));

describe('beside scikit-learn', () => {
  const same = (x: SparseRows, wanted: SparseRows) => {
    checkSparse('test', x);
    expect([Array.from(x.indptr), Array.from(x.indices), [...x.shape]]).toEqual([
      wanted.indptr,
      wanted.indices,
      wanted.shape,
    ]);
    expectClose(Array.from(x.data), wanted.data, { rtol: 1e-12 });
  };

  it.each((fixture.cases as Case[]).map((one) => [`${one.name} ${JSON.stringify(one.options)}`, one] as const))(
    '%s',
    (_, one) => {
      if (one.name === 'HashingVectorizer') {
        const vectorizer = new HashingVectorizer(one.options);
        same(vectorizer.transform(fixture.texts), one.fitted);
        same(vectorizer.transform(fixture.new), one.new);
        return;
      }
      const vectorizer =
        one.name === 'CountVectorizer' ? new CountVectorizer(one.options) : new TfidfVectorizer(one.options);
      const texts = one.texts ?? fixture.texts;
      const { model, x } = vectorizer.fitTransform(texts);
      expect(model.featureNames).toEqual(one.featureNames);
      if ('idf' in model && one.idf !== undefined) expectClose(model.idf, one.idf, { rtol: 1e-14 });
      same(x, one.fitted);
      same(model.transform(texts), one.fitted);
      same(model.transform(fixture.new), one.new);
    },
  );

  it('hashes', () => {
    const words = Object.keys(fixture.hashes);
    expect(Object.fromEntries(words.map((word) => [word, murmurHash(word)]))).toEqual(fixture.hashes);
  });
});

describe('laws', () => {
  const texts = fc
    .array(
      fc
        .array(fc.constantFrom('ab', 'cd', 'ef', '정말', '😀😀', 'x'), { maxLength: 60 })
        .map((words) => words.join(' ')),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .filter((list) => list.some((text) => /ab|cd|ef|정말/.test(text)));

  it('thousands of terms of one to three words or characters are counted as a map of their texts counts them', () => {
    const draw = (count: number, range: number, seed: number) =>
      Array.from({ length: count }, (_, i) => `w${(i * i * 31 + i * seed) % range}`).join(' ');
    const list = [draw(3000, 97, 7), draw(4000, 1601, 3), '', draw(5, 3, 1)];
    for (const analyzer of ['word', 'char', 'charWb'] as const) {
      const { model, x } = new CountVectorizer({ analyzer, ngramRange: [1, 3] }).fitTransform(list);
      expect(model.featureNames.length).toBeGreaterThan(analyzer === 'word' ? 4096 : 300);
      for (const rows of [x, model.transform(list)]) {
        checkSparse('test', rows);
        for (const [i, text] of list.entries()) {
          const counts = new Map<string, number>();
          for (const term of model.terms(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
          const [from, to] = [rows.indptr[i]!, rows.indptr[i + 1]!];
          const found = Array.from(rows.indices.subarray(from, to), (column, at) => {
            return [model.featureNames[column], rows.data[from + at]];
          });
          expect(new Map(found as [string, number][])).toEqual(counts);
          expect(to - from).toBe(counts.size);
        }
      }
    }
  });

  it('columns add up to how often their terms stand in all texts', () => {
    fc.assert(
      fc.property(texts, (list) => {
        const { model, x } = new CountVectorizer().fitTransform(list);
        checkSparse('test', x);
        for (const [column, term] of model.featureNames.entries()) {
          const total = Array.from(x.data).reduce((sum, count, at) => sum + (x.indices[at] === column ? count : 0), 0);
          expect(total).toBe(
            list
              .join(' ')
              .split(' ')
              .filter((word) => word === term).length,
          );
        }
      }),
    );
  });

  it('rows of weights have length 1, or 0 where no term is known', () => {
    fc.assert(
      fc.property(texts, (list) => {
        for (const row of dense(new TfidfVectorizer().fitTransform(list).x) as number[][]) {
          const length = Math.hypot(...row);
          if (length !== 0) expectClose(length, 1);
        }
      }),
    );
  });

  it('many columns hold the hashed terms as few do: sums of signed counts agree', () => {
    fc.assert(
      fc.property(texts, (list) => {
        const wide = new HashingVectorizer({ norm: null }).transform(list);
        const narrow = new HashingVectorizer({ norm: null, nFeatures: 3 }).transform(list);
        const sum = (x: SparseRows) => Array.from(x.data).reduce((total, value) => total + value, 0);
        expect(sum(narrow)).toBe(sum(wide));
      }),
    );
  });
});

describe('models', () => {
  const shouting = (text: string) => text.toUpperCase().split(' ');

  it('survive JSON and bytes, with the tokenizer handed over again', () => {
    const texts = ['to be or', 'not to be'];
    for (const [Vectorizer, Model, name] of [
      [CountVectorizer, CountVectorizerModel, 'CountVectorizerModel'],
      [TfidfVectorizer, TfidfVectorizerModel, 'TfidfVectorizerModel'],
    ] as const) {
      const plain = new Vectorizer({ ngramRange: [1, 2], binary: true }).fit(texts);
      for (const copy of [
        Model.fromJSON(JSON.parse(JSON.stringify(plain))),
        fromBytes<typeof plain>(Model, toBytes(plain)),
      ]) {
        expect(dense(copy.transform(['not or be']))).toEqual(dense(plain.transform(['not or be'])));
        expect(inspect(copy)).toBe(inspect(plain));
        expect(JSON.stringify(copy)).toBe(JSON.stringify(plain));
      }
      const own = new Vectorizer({ tokenizer: 'shouting' }, { shouting }).fit(texts);
      expect(own.featureNames).toEqual(['BE', 'NOT', 'OR', 'TO']);
      const json = JSON.parse(JSON.stringify(own));
      expect(dense(Model.fromJSON(json, { functions: { shouting } }).transform(['be']))).toEqual(
        dense(own.transform(['be'])),
      );
      const missing = `${name}.fromJSON: tokenizer must be 'word', 'korean', 'syllable' or 'jamo', got 'shouting'; hand functions over by name, as in new ${name}.fromJSON({ tokenizer: 'mine' }, { mine: (text) => text.split(' ') })`;
      expect(() => Model.fromJSON(json)).toThrow(missing.slice(0, 90));
      for (const key of Object.keys(json)) {
        const { [key]: _, ...rest } = json;
        expect(() => Model.fromJSON(rest, { functions: { shouting } })).toThrow(/fromJSON/);
      }
    }
  });

  it('of hashes are saved, loaded and given texts as the vectorizer itself is', async () => {
    const vectorizer = new HashingVectorizer({ nFeatures: 16, tokenizer: 'shouting' }, { shouting });
    const model = vectorizer.fit(['to be']);
    expect(await vectorizer.fitAsync(['to be'])).toBe(model);
    expect(inspect(model)).toBe('HashingVectorizerModel: terms in 16 columns');
    expect(model.transform(['to be or'])).toEqual(vectorizer.transform(['to be or']));
    const json = JSON.parse(JSON.stringify(model));
    const copy = HashingVectorizerModel.fromJSON(json, { functions: { shouting } });
    expect(copy.transform(['to be or'])).toEqual(model.transform(['to be or']));
    expect(() => HashingVectorizerModel.fromJSON(json)).toThrow(OptionError);
    const owner = 'HashingVectorizerModel.fromJSON';
    const load = (options: unknown) => () => HashingVectorizerModel.fromJSON({ ...json, options });
    expectError(load(null), DataError, `${owner}: options must be an object, got null`);
    expectError(
      load({ tokenizer: 'word', nFeatures: 0 }),
      DataError,
      `${owner}: nFeatures must be an integer ≥ 1 and ≤ 2147483647, got 0`,
    );
    expectError(
      () => vectorizer.fit('to be' as never),
      OptionError,
      "HashingVectorizer: texts must be an array of strings, got 'to be'",
    );
  });

  it('of 50,000 terms are the same after JSON and bytes', () => {
    const texts = Array.from({ length: 500 }, (_, i) =>
      Array.from({ length: 100 }, (_, j) => `단어${i * 100 + j}`).join(' '),
    );
    for (const Vectorizer of [CountVectorizer, TfidfVectorizer]) {
      const model = new Vectorizer().fit(texts);
      expect(model.featureNames.length).toBe(50_000);
      const asked = (loaded: typeof model) =>
        dense(loaded.transform(texts.slice(0, 1)))
          .flat()
          .filter((v) => v !== 0);
      expectSavable(model, models, asked);
    }
  });

  it('print what they know', () => {
    expect(inspect(new CountVectorizer().fit(['one two', 'three four five']))).toBe(
      "CountVectorizerModel: 5 terms, 'five', 'four', 'one', 'three', …",
    );
    expect(String(new HashingVectorizer({ nFeatures: 8 }))).toContain('nFeatures: 8');
  });

  it('tell which terms stand in rows', () => {
    const { model, x } = new CountVectorizer().fitTransform(['to be or', 'not']);
    expect(model.inverseTransform(x)).toEqual([['be', 'or', 'to'], ['not']]);
    const wide = { ...x, indices: Int32Array.of(9, 9, 9, 9) };
    expectError(
      () => model.inverseTransform(wide),
      OptionError,
      'CountVectorizer: the columns of row 0 must ascend from 0 to 3, but indices[0] is 9',
    );
    const other = new TfidfVectorizer().fit(['to be']);
    expect([...other.vocabulary]).toEqual([
      ['be', 0],
      ['to', 1],
    ]);
    expectError(() => other.inverseTransform(x), DataError, 'TfidfVectorizer: x has 4 columns, but the model made 2');
    expectError(
      () => other.inverseTransform([[1, 0]] as never),
      OptionError,
      'TfidfVectorizer: sparse must be { data, indices, indptr, shape }, got [[…]]',
    );
    expect(other.inverseTransform({ ...other.transform(['to be']), data: Float64Array.of(0, 1) })).toEqual([['to']]);
  });

  it('fitAsync gives the model that fit gives, and can be aborted', async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => `text number ${i} of many words that are alike`);
    const vectorizer = new TfidfVectorizer();
    expect(JSON.stringify(await vectorizer.fitAsync(texts))).toBe(JSON.stringify(vectorizer.fit(texts)));
    const reason = new Error('enough');
    await expect(vectorizer.fitAsync(texts, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('errors and edges', () => {
  it.each<[string, new (message: string) => Error, () => unknown]>([
    [
      "CountVectorizer: texts must be an array of strings, got 'abc'",
      OptionError,
      () => new CountVectorizer().fit('abc' as never),
    ],
    ['CountVectorizer: texts must hold at least one text, got none', DataError, () => new CountVectorizer().fit([])],
    [
      'TfidfVectorizer: texts[1] must be a string, got null',
      DataError,
      () => new TfidfVectorizer().fit(['ab', null as never]),
    ],
    [
      'CountVectorizer: no text holds a term; are they empty, or do stopWords take all words out?',
      DataError,
      () => new CountVectorizer().fit(['', 'a b']),
    ],
    [
      'TfidfVectorizer: no term is left; lower minDf or raise maxDf, which are 2 and 1',
      DataError,
      () => new TfidfVectorizer({ minDf: 2 }).fit(['ab', 'cd']),
    ],
    [
      'CountVectorizer: minDf is 10 texts, but there are only 2',
      OptionError,
      () => new CountVectorizer({ minDf: 10 }).fit(['ab', 'cd']),
    ],
    [
      'CountVectorizer: maxDf must not be fewer texts than minDf, got 0.1 and 2 of 3 texts',
      OptionError,
      () => new CountVectorizer({ minDf: 2, maxDf: 0.1 }).fit(['ab', 'ab', 'ab']),
    ],
    [
      'CountVectorizer: ngramRange must be [least, greatest], integers with 1 ≤ least ≤ greatest, got [2, 1]',
      OptionError,
      () => new CountVectorizer({ ngramRange: [2, 1] }),
    ],
    [
      'CountVectorizer: minDf must be a share from 0 to 1 or an integer number of texts, got 1.5',
      OptionError,
      () => new CountVectorizer({ minDf: 1.5 }),
    ],
    [
      "CountVectorizer: vocabulary must hold different terms, got 'a' twice",
      OptionError,
      () => new CountVectorizer({ vocabulary: ['a', 'a'] }),
    ],
    [
      "TfidfVectorizer: norm must be 'l1', 'l2' or null, got 'l3'",
      OptionError,
      () => new TfidfVectorizer({ norm: 'l3' as never }),
    ],
    [
      "TfidfVectorizer: the term 'zz' stands in no text, so that its weight is infinite; use smoothIdf",
      DataError,
      () => new TfidfVectorizer({ vocabulary: ['ab', 'zz'], smoothIdf: false }).fit(['ab']),
    ],
    [
      'CountVectorizer: the tokenizer must give an array of words, got 3',
      DataError,
      () => new CountVectorizer({ tokenizer: 'mine' }, { mine: () => 3 as never }).fit(['ab']),
    ],
    [
      'CountVectorizer: the tokenizer must give an array of words, got [1, null]',
      DataError,
      () => new CountVectorizer({ tokenizer: 'mine' }, { mine: () => [1, null] as never }).fit(['ab']),
    ],
    [
      'CountVectorizerModel.fromJSON: tokenizers must be functions by their names, got null',
      OptionError,
      () =>
        CountVectorizerModel.fromJSON(JSON.parse(JSON.stringify(new CountVectorizer().fit(['ab']))), {
          functions: null as never,
        }),
    ],
    ['koreanTokens: text must be a string, got 3', OptionError, () => koreanTokens(3 as never)],
    ['wordTokens: text must be a string, got undefined', OptionError, () => wordTokens(undefined as never)],
    ["toJamo: text must be a string, got ['a']", OptionError, () => toJamo(['a'] as never)],
    [
      'HashingVectorizer: there is no option nFeature, only analyzer, tokenizer, ngramRange, lowercase, stripAccents, stopWords, nFeatures, binary, norm and alternateSign',
      OptionError,
      () => new HashingVectorizer({ nFeature: 3 } as never),
    ],
    [
      "CountVectorizer: stopWords must be an array of words, got 'english'; there is no built-in list, since none suits all texts: hand one over",
      OptionError,
      () => new CountVectorizer({ stopWords: 'english' as never }),
    ],
  ])('%s', (message, type, run) => {
    expectError(run, type, message);
  });

  it('a text without known terms is an empty row', () => {
    const model = new TfidfVectorizer().fit(['ab cd']);
    expect(dense(model.transform(['zz', '']))).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('the most frequent terms are kept, of equally frequent ones the first', () => {
    const { model, x } = new CountVectorizer({ maxFeatures: 2 }).fitTransform(['dd cc bb', 'cc aa']);
    expect(model.featureNames).toEqual(['aa', 'cc']);
    expect(dense(x)).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('the mark of byte order at the head of a file belongs to its first word, and Thai, Hindi and Bengali keep their vowels', () => {
    const terms = (options: object, text: string) => new CountVectorizer(options).fit(['ab ab']).terms(text);
    // scikit-learn's terms
    const within = { analyzer: 'charWb', ngramRange: [3, 3] };
    expect(terms(within, '\ufeffab')).toEqual([' \ufeffa', '\ufeffab', 'ab ']);
    expect(terms(within, 'ab\x85cd\x1cef')).toEqual([' ab', 'ab ', ' cd', 'cd ', ' ef', 'ef ']);
    expect(terms({ analyzer: 'char' }, 'a\x1d \u3000b\ufeff\ufeff')).toEqual(['a', ' ', 'b', '\ufeff', '\ufeff']);
    const bare = { analyzer: 'char', stripAccents: true };
    expect(terms(bare, 'ที่').join('')).toBe('ที');
    expect(terms(bare, 'हिन्दी').join('')).toBe('हिनदी');
    expect(terms(bare, 'কো').join('')).toBe('ক\u09c7\u09be');
    expect(terms(bare, 'か\u3099é\u0327값ㅋㅋ').join('')).toBe('かe값\u110f\u110f');
  });

  it('a word of the user that holds a space has the column of the same two words', () => {
    const mine = (text: string) => text.split(',');
    const { model, x } = new CountVectorizer({ tokenizer: 'mine', ngramRange: [1, 2] }, { mine }).fitTransform([
      'a b,c',
      'a,b',
    ]);
    expect(model.featureNames).toEqual(['a', 'a b', 'a b c', 'b', 'c']);
    expect(dense(x)).toEqual([
      [0, 1, 1, 0, 1],
      [1, 1, 0, 1, 0],
    ]);
    expect(dense(model.transform(['a b,c', 'a,b']))).toEqual(dense(x));
  });

  it('words named as parts of objects are words', () => {
    const { model, x } = new CountVectorizer().fitTransform(['constructor __proto__ toString constructor']);
    expect(model.featureNames).toEqual(['__proto__', 'constructor', 'tostring']);
    expect(dense(x)).toEqual([[1, 2, 1]]);
  });
});

describe('damaged files', () => {
  it('are refused as such, whatever option of theirs is none', () => {
    const saved = JSON.parse(JSON.stringify(new TfidfVectorizer().fit(['red blue', 'blue green'])));
    const refused: [object, string][] = [
      [{ stopWords: [null] }, 'stopWords must be an array of words, got [null]'],
      [
        { ngramRange: [1, 1.5] },
        'ngramRange must be [least, greatest], integers with 1 ≤ least ≤ greatest, got [1, 1.5]',
      ],
      [{ minDf: -1 }, 'minDf must be a share from 0 to 1 or an integer number of texts, got -1'],
      [{ norm: 'l3' }, "norm must be 'l1', 'l2' or null, got 'l3'"],
    ];
    for (const [damage, message] of refused) {
      const json = { ...saved, options: { ...saved.options, ...damage } };
      expectError(() => TfidfVectorizerModel.fromJSON(json), DataError, `TfidfVectorizerModel.fromJSON: ${message}`);
    }
    expectError(
      () => TfidfVectorizerModel.fromJSON({ ...saved, featureNames: ['a', 'a', 'b'] }),
      DataError,
      "TfidfVectorizerModel.fromJSON: vocabulary must hold different terms, got 'a' twice",
    );
  });
});
