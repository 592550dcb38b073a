import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MultinomialNB } from '@maru-ml/bayes';
import { CountVectorizer } from '@maru-ml/text';
import { inPython } from '../python.ts';
import { type Contender, type Row, randoms } from '../row.ts';

interface Texts {
  texts: string[];
  y: Int32Array;
}

const [N, WORDS] = [30_000, 10];

/** Reviews of ten words, some frequent and most rare; bench.py makes the same. */
function reviews(): Texts {
  const draws = randoms(N * WORDS, 71);
  const y = Int32Array.from(randoms(N, 72), (value) => (value > 0 ? 1 : 0));
  const texts = Array.from({ length: N }, (_, i) => {
    const words = Array.from({ length: WORDS }, (_, k) => {
      const place = Math.floor(200_000 * (draws[i * WORDS + k]! + 0.5) ** 4);
      // A third of the words are those of one side alone.
      return `w${place % 3 === 0 ? 2 * place + y[i]! : 2 * place}`;
    });
    return words.join(' ');
  });
  return { texts, y };
}

/** The 150,000 reviews of films in Korean of NSMC, in the folder of real data. */
function nsmc(): Texts {
  const file = join(process.env.MARU_DATA!, 'nsmc', 'ratings_train.txt.gz');
  const lines = gunzipSync(readFileSync(file)).toString().split('\n').slice(1).filter(Boolean);
  const records = lines.map((line) => line.replace(/\r$/, '').split('\t'));
  return { texts: records.map((record) => record[1]!), y: Int32Array.from(records, (record) => Number(record[2])) };
}

function counting(prepare: () => Texts): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const { texts, y } = prepare();
      let answer = [0, 0];
      return {
        run: () => {
          const { model, x } = new CountVectorizer().fitTransform(texts);
          answer = [model.nFeaturesOut, new MultinomialNB().fit(x, y).score(x, y)];
        },
        answer: () => answer,
      };
    },
  };
}

export const textRow: Row = {
  id: 'text-bayes',
  title: '30,000 texts counted, naive Bayes fitted and scored',
  contenders: [counting(reviews), ...inPython('scikit-learn', 'text-bayes')],
  bars: [{ against: ['scikit-learn'], ratio: 1.5 }],
  tolerance: 1e-6,
};

export const nsmcRow: Row = {
  id: 'text-nsmc',
  title: 'the 150,000 reviews of NSMC counted, naive Bayes fitted and scored',
  contenders: [counting(nsmc), ...inPython('scikit-learn', 'text-nsmc')],
  bars: [{ against: ['scikit-learn'], ratio: 1.5 }],
  tolerance: 1e-6,
  data: 'nsmc',
  memory: 'both',
};
