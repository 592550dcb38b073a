import { checkKnown, DataError, OptionError, show } from '@maru-ml/base';
import { axisEncoding, colorEncoding } from './axes.ts';
import { type Numbers, readAsMany, readNumbers } from './data.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

/** A receiver operating characteristic: the rates at falling thresholds [n], from (0, 0) to (1, 1). */
export interface RocCurve {
  /** False positive rates, ascending. */
  readonly fpr: Numbers;
  /** True positive rates, ascending. */
  readonly tpr: Numbers;
}

/**
 * ROC curves, one or several by name: how many of the positive rows a score finds (true positive rate) for how many of the others that it
 * takes for positive (false positive rate). The names tell the area below each, ½ for guessing (the dashed diagonal) and 1 at best.
 *
 * T. Fawcett: An introduction to ROC analysis. Pattern Recognition Letters 27, 2006.
 *
 * @throws ShapeError if columns differ in length, DataError if rates descend or are not from 0 to 1, OptionError
 */
export function roc(curves: RocCurve | Readonly<Record<string, RocCurve>>, options: AxesOptions = {}): VegaLiteSpec {
  const owner = 'roc';
  checkKnown(owner, options, AXES_OPTIONS);
  const size = sizeOf(owner, options, { width: 240, height: 240 });
  if (typeof curves !== 'object' || curves === null) {
    throw new OptionError(`${owner}: curves must be { fpr, tpr }, or several of them by names, got ${show(curves)}`);
  }
  const one = isCurve(curves);
  const named: Readonly<Record<string, RocCurve>> = one ? { '': curves } : curves;
  if (Object.keys(named).length === 0) throw new DataError(`${owner}: curves must have at least one curve, got none`);
  const read = Object.entries(named).map(([name, curve]) => {
    const prefix = one ? '' : `${name}.`;
    const fpr = rates(owner, `${prefix}fpr`, readNumbers(owner, `${prefix}fpr`, curve.fpr));
    const tpr = readAsMany(owner, `${prefix}tpr`, curve.tpr, `${prefix}fpr`, fpr.length);
    rates(owner, `${prefix}tpr`, tpr);
    return { name: `${name}${one ? '' : ', '}AUC ${areaBelow(fpr, tpr).toFixed(3)}`, fpr, tpr };
  });
  const names = read.map(({ name }) => name);
  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'false positive rate');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'true positive rate');
  const title = textOf(owner, 'title', options.title, one ? `ROC curve, ${names[0]}` : 'ROC curves');
  const unit = { scale: 'linear' as const, domain: [0, 1] as [number, number] };
  return makeSpec(title, [], size, {
    encoding: { x: axisEncoding('x', xLabel, unit), y: axisEncoding('y', yLabel, unit) },
    layer: [
      {
        data: {
          values: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
        },
        mark: { type: 'line', strokeDash: [4, 3], strokeWidth: 1, opacity: 0.7, color: '#57606a' },
      },
      {
        data: {
          values: read.flatMap(({ name, fpr, tpr }) =>
            fpr.map((x, i) => ({ x, y: tpr[i]!, order: i, ...(!one && { curve: name }) })),
          ),
        },
        mark: { type: 'line', strokeJoin: 'round' },
        encoding: {
          // Vertical runs stay in their order.
          order: { field: 'order', type: 'quantitative' },
          ...(!one && { color: colorEncoding('curve', names, size.width) }),
        },
      },
    ],
  });
}

function isCurve(curves: RocCurve | Readonly<Record<string, RocCurve>>): curves is RocCurve {
  return typeof curves === 'object' && curves !== null && 'fpr' in curves && 'tpr' in curves;
}

function rates(owner: string, name: string, values: number[]): number[] {
  for (const [i, value] of values.entries()) {
    if (!(value >= 0 && value <= 1)) throw new DataError(`${owner}: ${name}[${i}] must be from 0 to 1, got ${value}`);
    if (i > 0 && value < values[i - 1]!) {
      throw new DataError(`${owner}: ${name} must not descend, but ${name}[${i}] is ${value} after ${values[i - 1]}`);
    }
  }
  return values;
}

/** By trapezoids. */
function areaBelow(x: readonly number[], y: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}
