import { MultinomialNB } from '@maru-ml/bayes';
import { CountVectorizer } from '@maru-ml/text';
import { inPython } from '../python.ts';
import { type Contender, type Row, randoms } from '../row.ts';

const [N, WORDS] = [30_000, 10];

/** Reviews of ten words, some frequent and most rare; bench.py makes the same. */
function reviews(): { texts: string[]; y: Int32Array } {
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

const ours: Contender = {
  name: 'maru',
  setUp: () => {
    const { texts, y } = reviews();
    let answer = [0, 0];
    return {
      run: () => {
        const { model, x } = new CountVectorizer().fitTransform(texts);
        const bayes = new MultinomialNB().fit(x, y);
        answer = [model.nFeaturesOut, bayes.score(x, y)];
      },
      answer: () => answer,
    };
  },
};

export const textRow: Row = {
  id: 'text-bayes',
  title: '30,000 texts counted, naive Bayes fitted and scored',
  contenders: [ours, inPython('scikit-learn', 'text-bayes')],
  bars: [{ against: ['scikit-learn'], ratio: 1.5 }],
  tolerance: 1e-6,
};
