import { iris } from '@maru-ml/datasets/iris';
import { accuracyScore, classificationReport } from '@maru-ml/metrics';
import { StratifiedKFold, validationCurve } from '@maru-ml/model-selection';
import { confusionMatrix, decisionRegions, graph, scoreCurve } from '@maru-ml/plot';
import { DecisionTreeClassifier, exportText, treeDiagram } from '@maru-ml/tree';
import type { Study } from '../study.ts';

/** A19: a decision tree of the sepals of irises, drawn, and how deep it should be. */
export const flowerTree: Study = {
  row: 'A19',
  title: 'A decision tree: irises by their sepals',
  source: '000, classification: decision tree',
  async run(context) {
    const { x: all, y: codes, targetNames, featureNames } = iris();
    const data = Float64Array.from({ length: 300 }, (_, i) => all.data[4 * (i >> 1) + (i & 1)]!);
    const x = { data, shape: [150, 2] as const };
    const y = Array.from(codes, (code) => targetNames[code]!);
    const names = featureNames.slice(0, 2);
    context.text(
      'From the sepals alone the species are hard to tell. A tree asks one question after the other, each the one that makes the two sides purest; its boundaries are therefore straight and along the axes.',
    );
    const shallow = new DecisionTreeClassifier({ criterion: 'entropy', maxDepth: 3 }).fit(x, y);
    context.plot(graph(treeDiagram(shallow, { featureNames: names }), { title: 'Three questions deep' }), '');
    context.code(exportText(shallow, { featureNames: names }));
    context.plot(
      decisionRegions((rows) => shallow.predict(rows), { x: column(data, 0), y: column(data, 1) }, y, {
        ...{ xLabel: names[0], yLabel: names[1], title: 'Its regions' },
      }),
      'Setosa is apart; the others overlap.',
    );

    const predicted = shallow.predict(x);
    context.figure('accuracy', 0.81, accuracyScore(y, predicted), { digits: 2 });
    const report = classificationReport(y, predicted);
    for (const [k, [precision, recall]] of PRINTED.entries()) {
      const line = report.classes[k]!;
      context.figure(`precision of ${targetNames[k]}`, precision, line.precision, { digits: 2 });
      context.figure(`recall of ${targetNames[k]}`, recall, line.recall, { digits: 2 });
    }
    context.code(String(report));
    context.plot(confusionMatrix(y, predicted), 'Versicolor and virginica are mistaken for each other.');

    context.text(
      'This is what it makes of the flowers that it learnt from. New ones it tells less well; each of five folds shows that, with models of the other four:',
    );
    const depths = Array.from({ length: 12 }, (_, i) => i + 1);
    const curve = await validationCurve(
      (maxDepth: number) => new DecisionTreeClassifier({ criterion: 'entropy', maxDepth }),
      depths,
      x,
      y,
      {
        cv: new StratifiedKFold({ nSplits: 5, shuffle: true, seed: 0 }),
      },
    );
    const means = curve.testScores.toArray().map((scores) => scores.reduce((sum, score) => sum + score, 0) / 5);
    const best = means.indexOf(Math.max(...means));
    context.plot(
      scoreCurve(curve, { xLabel: 'greatest depth', yLabel: 'accuracy', title: 'Cross-validation over depth' }),
      `Deeper trees know the flowers they have seen by heart; new ones are told best at a depth of ${depths[best]}.`,
    );
    context.figure('best depth by five folds', null, depths[best]!);
    context.figure('mean accuracy at that depth', null, means[best]!);
  },
};

/** The source's precision and recall of each species; it does not say that its tree asks by entropy, three deep, but that gives them all. */
const PRINTED = [
  [0.94, 1],
  [0.74, 0.68],
  [0.73, 0.74],
] as const;

function column(data: Float64Array, j: number): Float64Array {
  return data.filter((_, at) => at % 2 === j);
}
