import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { colorAt, isDark, rampStops, seriesColors, toHex } from '../src/color.ts';
import { confusionMatrix, heatmap, images, PALETTE } from '../src/index.ts';
import { type Any, decodePng, look, textOf } from './help.ts';

const rows = [
  [1, 2, 3],
  [4, Number.NaN, 6],
];

describe('heatmap', () => {
  it('has a cell for each finite value', () => {
    const spec = look(heatmap(rows, { rowLabels: ['a', 'b'], columnLabels: [10, 20, 30], valueLabel: 'weight' }));
    expect(spec.data.values).toHaveLength(5);
    expect(spec.data.values[3]).toEqual({ row: 'b', column: '10', value: 4 });
    expect(spec.title).toEqual({ text: 'weight', subtitle: '1 cell of 6 empty: not finite' });
    expect(spec.layer[0].encoding.color.scale).toMatchObject({ domain: [1, 6], interpolate: 'rgb' });
  });

  it('prints values in black or white, whichever reads better', () => {
    const cells = look(heatmap([[0, 0.5, 1]], { print: true, ramp: 'gray' })).data.values;
    expect(cells.map(({ text, dark }: Any) => [text, dark])).toEqual([
      ['0', true],
      ['0.5', undefined],
      ['1', undefined],
    ]);
  });

  it('puts the middle of diverging colors at 0', () => {
    expect(look(heatmap([[-1, 4]], { ramp: 'diverging' })).layer[0].encoding.color.scale.domain).toEqual([-4, 4]);
  });

  it('becomes one small picture above 1000 cells, first row on top, empty where not finite', { tags: ['node'] }, () => {
    const n = 100;
    const data = Float64Array.from({ length: n * n }, (_, k) => (k === 5 ? Number.NaN : k / (n * n - 1)));
    const spec = look(heatmap({ data, shape: [n, n] }, { ramp: 'gray' }));
    expect(spec.layer[0].mark).toMatchObject({ type: 'image', smooth: false });
    expect(JSON.stringify(spec).length).toBeLessThan(20_000);
    const { width, height, pixels } = decodePng(spec.layer[0].mark.url);
    expect([width, height]).toEqual([n, n]);
    for (const [k, [red, green, blue, opacity]] of pixels.entries()) {
      if (k === 5) expect(opacity).toBe(0);
      else {
        expect([green, blue, opacity]).toEqual([red, red, 255]);
        // Of 255 grays each is off by half a step at most.
        expect(Math.abs(red! - data[k]! * 255)).toBeLessThan(1.01);
      }
    }
    // Axes and legend come from marks that are not seen.
    expect(spec.layer[1].mark.opacity).toBe(0);
    expect(spec.encoding.x.scale.domain).toHaveLength(n);
    expect(spec.data.values.map(({ value }: Any) => value)).toEqual([0, 1]);
  });

  it('refuses what is no table', () => {
    expectError(() => heatmap([1, 2] as never), ShapeError, 'heatmap: values must have two axes, got shape [2]');
    expectError(() => heatmap([[Number.NaN]]), DataError, 'heatmap: values must have a finite value, got none');
    const labels = 'heatmap: rowLabels has 1 value, but a column of values has 2';
    expectError(() => heatmap(rows, { rowLabels: ['a'] }), ShapeError, labels);
    const columns = 'heatmap: columnLabels has 2 values, but a row of values has 3';
    expectError(() => heatmap(rows, { columnLabels: ['a', 'b'] }), ShapeError, columns);
    expectError(
      () => heatmap(rows, { rowLabels: ['a', 'a'] }),
      OptionError,
      "heatmap: rowLabels must differ, got 'a' twice",
    );
    const ramp = "heatmap: ramp must be 'viridis', 'gray' or 'diverging', got 'jet'";
    expectError(() => heatmap(rows, { ramp: 'jet' as never }), OptionError, ramp);
    const domain = 'heatmap: domain must be [low, high] with low < high, got [1, 1]';
    expectError(() => heatmap(rows, { domain: [1, 1] }), OptionError, domain);
  });
});

describe('confusionMatrix', () => {
  const cells = (spec: Any) => spec.data.values.map(({ row, column, value }: Any) => [row, column, value]);

  it('counts by hand: true classes down, predicted ones across', () => {
    const spec = look(confusionMatrix(['cat', 'dog', 'dog', 'cat'], ['cat', 'cat', 'dog', 'cat']));
    expect(cells(spec)).toEqual([
      ['cat', 'cat', 2],
      ['cat', 'dog', 0],
      ['dog', 'cat', 1],
      ['dog', 'dog', 1],
    ]);
    expect(textOf(spec.title.text)).toBe('Confusion matrix, accuracy 75.0%');
    expect([spec.encoding.x.title, spec.encoding.y.title]).toEqual(['predicted', 'true']);
  });

  it('orders numbers by size and takes classes that were never met', () => {
    expect(look(confusionMatrix([10, 9], [9, 9])).encoding.x.scale.domain).toEqual(['9', '10']);
    const spec = look(confusionMatrix([1, 1], [1, 0], { classes: [1, 0, 2], normalize: true }));
    expect(cells(spec).slice(0, 3)).toEqual([
      ['1', '1', 0.5],
      ['1', '0', 0.5],
      ['1', '2', 0],
    ]);
    // Classes without a case have no shares.
    expect(textOf(spec.title.subtitle)).toBe('6 cells of 9 empty: not finite');
  });

  it('refuses labels that do not fit', () => {
    expectError(
      () => confusionMatrix([], []),
      DataError,
      'confusionMatrix: yTrue must have at least one label, got none',
    );
    expectError(() => confusionMatrix([1], [1, 2]), ShapeError, 'confusionMatrix: yPred has 2 values, but yTrue has 1');
    const unknown = "confusionMatrix: yPred[0] must be one of the classes, got '3'";
    expectError(() => confusionMatrix([1], [3], { classes: [1, 2] }), DataError, unknown);
  });
});

describe('images', { tags: ['node'] }, () => {
  const url = (spec: Any, i = 0) => decodePng(spec.data.values[i].url);

  it('keeps the pixels of bytes', () => {
    const pixels = Uint8Array.of(0, 51, 102, 255);
    const spec = look(images({ data: pixels, shape: [1, 2, 2] }));
    expect(url(spec).pixels.map(([gray]) => gray)).toEqual([0, 51, 102, 255]);
    expect(spec.layer[0].mark).toMatchObject({ smooth: false, aspect: false });
  });

  it('spreads other numbers over all pictures, over each, or over a given range', () => {
    const two = [[[0, 1]], [[2, 4]]];
    const grays = (options: Any) => [0, 1].map((i) => url(look(images(two, options)), i).pixels.map(([gray]) => gray));
    expect(grays({})).toEqual([
      [0, 64],
      [128, 255],
    ]);
    expect(grays({ range: 'each' })).toEqual([
      [0, 255],
      [0, 255],
    ]);
    expect(grays({ range: [0, 2] })).toEqual([
      [0, 128],
      [255, 255],
    ]);
  });

  it('keeps colors that come last or first', () => {
    const last = look(images({ data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [1, 1, 2, 3] }));
    const first = look(images({ data: Uint8Array.of(1, 4, 2, 5, 3, 6), shape: [1, 3, 1, 2] }));
    expect(url(last)).toMatchObject({
      type: 2,
      pixels: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
    expect(url(first)).toEqual(url(last));
  });

  it('takes rows of pixels with a shape, and tensors of bytes', () => {
    const rows = Array.from({ length: 3 }, () => new Float32Array(784));
    rows[1]![0] = 1;
    const spec = look(images(rows, { shape: [28, 28], labels: [5, 0, 4] }));
    expect(spec.data.values.map(({ label }: Any) => label)).toEqual(['5', '0', '4']);
    expect(url(spec, 1)).toMatchObject({ width: 28, height: 28 });
    const tensor = { shape: [1, 1, 2], dtype: 'uint8', toTypedArray: () => Uint8Array.of(0, 100) };
    expect(url(look(images(tensor))).pixels[1]![0]).toBe(100);
  });

  it('leaves pixels that are not finite empty', () => {
    expect(url(look(images([[[0, Number.NaN, 1]]]))).pixels.map((pixel) => pixel[3])).toEqual([255, 0, 255]);
  });

  it('sets pictures in rows', () => {
    const spec = look(
      images(
        new Array(5).fill([
          [0, 1],
          [2, 3],
        ]),
        { columns: 2 },
      ),
    );
    const { width, height } = spec.layer[0].mark;
    expect(width).toBe(height);
    expect(spec.data.values[3]).toMatchObject({ x: width + 6, y: height + 6 });
    expect([spec.width, spec.height]).toEqual([2 * (width + 6), 3 * (height + 6)]);
  });

  it('refuses what are no pictures', () => {
    const shapes = 'images: pictures must be [n, height, width], [n, height, width, 3] or [n, 3, height, width]';
    const hint = `${shapes}, got shape [1, 4]; say how its rows lie with shape: [height, width]`;
    expectError(() => images([[1, 2, 3, 4]]), ShapeError, hint);
    expectError(
      () => images({ data: new Uint8Array(8), shape: [1, 2, 2, 2] }),
      ShapeError,
      `${shapes}, got shape [1, 2, 2, 2]`,
    );
    const fit = 'images: pictures has shape [1, 4], whose rows do not have the shape [3, 2]';
    expectError(() => images([[1, 2, 3, 4]], { shape: [3, 2] }), ShapeError, fit);
    const shape = 'images: shape must be [height, width] or [height, width, 3], got [0]';
    expectError(() => images([[1]], { shape: [0] }), OptionError, shape);
    expectError(() => images([[[Number.NaN]]]), DataError, 'images: pictures must have a finite pixel, got none');
    expectError(() => images([]), DataError, 'images: pictures must have at least one pixel, got shape [0]');
    expectError(() => images([[[]]]), DataError, 'images: pictures must have at least one pixel, got shape [1, 1, 0]');
    expectError(
      () => images([[[1]]], { labels: ['a', 'b'] }),
      ShapeError,
      'images: labels has 2 values, but pictures has 1',
    );
    expectError(() => images([[[1]]], { width: -1 }), OptionError, 'images: width must be a number ≥ 10, got -1');
  });
});

describe('colors', () => {
  it('run straight between the stops', () => {
    expect(colorAt(['#000000', '#ffffff'], 0.5)).toEqual([128, 128, 128]);
    const viridis = rampStops('f', 'viridis', 'gray');
    for (const [i, stop] of viridis.entries()) expect(toHex(colorAt(viridis, i / (viridis.length - 1)))).toBe(stop);
    expect([colorAt(viridis, -1), colorAt(viridis, 2)].map(toHex)).toEqual(['#440154', '#fde725']);
  });

  it('grow steadily lighter in viridis', () => {
    const light = Array.from({ length: 50 }, (_, i) => luminance(colorAt(rampStops('f', 'viridis', 'gray'), i / 49)));
    for (let i = 1; i < light.length; i++) expect(light[i]).toBeGreaterThan(light[i - 1]!);
  });

  it('of text stand out by 4.5 at least, whatever is below', () => {
    for (let i = 0; i <= 100; i++) {
      const below = colorAt(rampStops('f', 'viridis', 'gray'), i / 100);
      expect(contrast(luminance(below), isDark(below) ? 1 : 0)).toBeGreaterThan(4.5);
    }
  });

  it('of series are those of the palette as long as it lasts', () => {
    expect(seriesColors(3)).toEqual(PALETTE.slice(0, 3));
    expect(new Set(seriesColors(30)).size).toBe(30);
  });
});

/** Of WCAG 2. */
function luminance(color: number[]): number {
  const [r, g, b] = color.map((value) => (value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
