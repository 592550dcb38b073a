import { rocCurve } from '@maru-ml/metrics';
import { partialDependence, selectRows } from '@maru-ml/model-selection';
import { bar, confusionMatrix, lines, regression, residuals, roc, toSvg, type VegaLiteSpec } from '@maru-ml/plot';
import type { Label } from '@maru-ml/tensor';
import type { Rival } from './calls.ts';
import type { Importance } from './evaluate.ts';
import type { AnyModel, Study } from './study.ts';

/** Drawings for a page that allows neither eval nor inline styles. */
export async function draw(specs: readonly VegaLiteSpec[]): Promise<string[]> {
  const drawings: string[] = [];
  for (const spec of specs) drawings.push(await toSvg(spec, { strict: true }));
  return drawings;
}

/** True against predicted classes as a heat map, and the ROC curves: of the second of two classes, or of each against the rest. */
export function picturesOfClasses(
  y: readonly Label[],
  answers: readonly Label[],
  classes: readonly Label[],
  probabilities: readonly Float64Array[],
): VegaLiteSpec[] {
  const title = 'Predictions of rows not seen';
  const side = classes.length < 5 ? 200 : 260;
  const heat = confusionMatrix(y, answers, {
    classes,
    normalize: classes.length > 8,
    title,
    width: side,
    height: side,
  });
  if (classes.length > 6) return [heat];
  const curved = classes.length === 2 ? classes.slice(1) : classes;
  const curves = curved.map((label) => {
    const truth = y.map((value) => value === label);
    const curve = rocCurve(
      truth,
      Float64Array.from(probabilities, (row) => row[classes.indexOf(label)]!),
    );
    return [String(label), curve] as const;
  });
  return [heat, roc(Object.fromEntries(curves))];
}

/** Predicted against true numbers, with the line on which they would be equal, and what is left over. */
export function picturesOfNumbers(y: readonly number[], answers: readonly number[], target: string): VegaLiteSpec[] {
  const options = { title: 'Predictions of rows not seen', xLabel: `${target}, predicted`, yLabel: target };
  const left = y.map((value, row) => value - answers[row]!);
  return [
    regression({ x: answers, y }, { ...options, fit: { slope: 1, intercept: 0 } }),
    residuals(answers, left, { title: 'What the predictions miss', xLabel: options.xLabel, mark: 0 }),
  ];
}

/** The features that matter most, at most 15 of them. */
export function pictureOfImportance(importance: Importance, score: string): VegaLiteSpec {
  const { features, means, stds } = importance;
  return bar(features.slice(0, 15), means.slice(0, 15), {
    ...{ horizontal: true, errors: stds.slice(0, 15), title: 'What the model goes by' },
    ...{ xLabel: `loss of ${score} when shuffled`, yLabel: 'feature' },
  });
}

/** The mean prediction of 200 rows as one feature takes all of its values. */
export function pictureOfEffect(model: AnyModel, { x, y }: Study, feature: string, target: string): VegaLiteSpec {
  const step = Math.max(1, Math.floor(y.length / 200));
  const rows = Array.from({ length: Math.min(200, y.length) }, (_, i) => i * step);
  const { grid, average, outputs } = partialDependence(model, selectRows(x, rows), feature, { gridResolution: 30 });
  const curves = Object.fromEntries(
    average.toArray().map((curve, output) => [outputs === undefined ? target : String(outputs[output]), curve]),
  );
  const single = outputs?.length === 1 ? ` of ${outputs[0]}` : '';
  const labels = { xLabel: feature, yLabel: outputs === undefined ? target : `probability${single}` };
  const title = `The effect of ${feature}`;
  const [values] = grid;
  if (values instanceof Float64Array) return lines(curves, { x: values, title, ...labels });
  return bar(values!, curves, { title, ...labels, horizontal: true, xLabel: labels.yLabel, yLabel: feature });
}

/** The scores of all models, with their spread over the folds. */
export function pictureOfRivals(rivals: readonly Rival[]): VegaLiteSpec {
  const { score } = rivals[0]!;
  const fitted = rivals.filter(({ error }) => error === null);
  const [names, means, stds] = [
    fitted.map(({ label }) => label),
    fitted.map(({ mean }) => mean),
    fitted.map(({ std }) => std),
  ];
  return bar(names, means, {
    horizontal: true,
    errors: stds,
    title: `${score}, five folds`,
    xLabel: score,
    yLabel: 'model',
  });
}
