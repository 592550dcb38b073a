/** @module-tag node */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Columns } from '@maru-ml/tensor';
import { describe, expect, type TestContext, test } from 'vitest';
import { readBytes, readCifar10, readCsv, readMnist } from '../src/index.ts';

/** The path of a real data file or folder; without it the test is skipped, and says why. */
function data(context: TestContext, path: string): string {
  const folder = process.env.MARU_DATA;
  if (folder === undefined) context.skip('MARU_DATA names no folder with the data');
  const found = join(folder!, path);
  if (!existsSync(found)) context.skip(`there is no ${path} in the folder of MARU_DATA`);
  return found;
}

const missing = (column: Columns[string]): number =>
  Array.from(column as ArrayLike<unknown>).filter((value) => value === null || Number.isNaN(value)).length;

const kinds = (columns: Columns): string[] =>
  Object.values(columns).map((column) => (column instanceof Float64Array ? 'number' : typeof column[0]));

describe('real data', () => {
  test('MNIST: 60,000 and 10,000 pictures', async (context) => {
    const { train, test } = await readMnist(data(context, 'mnist'));
    expect([train.x.shape, test.x.shape]).toEqual([
      [60000, 784],
      [10000, 784],
    ]);
    expect(Array.from(train.y.subarray(0, 10))).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    const count = new Int32Array(10);
    for (const label of train.y) count[label]!++;
    expect(Array.from(count)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    // The mean of the training pixels that everybody normalizes with: .1307.
    const mean = train.x.data.reduce((sum, pixel) => sum + pixel, 0) / train.x.data.length / 255;
    expect(mean.toFixed(4)).toBe('0.1307');
  });

  test('CIFAR-10: the subset of 15,000 and 3,000 pictures', async (context) => {
    const { train, test } = await readCifar10(data(context, 'cifar10-subset'));
    expect([train.x.shape, test.x.shape]).toEqual([
      [15000, 3072],
      [3000, 3072],
    ]);
    expect(new Set(train.y).size).toBe(10);
  });

  test('NSMC: 200,000 reviews with quotes switched off', async (context) => {
    const folder = data(context, 'nsmc');
    const options = { separator: '\t', quote: null };
    const train = await readCsv(join(folder, 'ratings_train.txt.gz'), options);
    const test = await readCsv(join(folder, 'ratings_test.txt.gz'), options);
    expect([train, test].map(({ document }) => document!.length)).toEqual([150_000, 50_000]);
    expect(Object.keys(train)).toEqual(['id', 'document', 'label']);
    expect(kinds(train)).toEqual(['number', 'string', 'number']);
    const positive = (test.label as Float64Array).filter((label) => label === 1).length;
    expect([50_000 - positive, positive]).toEqual([25_028, 24_972]);
  });

  test('Google Play: 10,841 rows of ;-separated cp1252 (studies A8)', async (context) => {
    const path = data(context, 'google-play/googleplaystore.csv.gz');
    const play = await readCsv(path, { separator: ';', encoding: 'cp1252' });
    expect(Object.keys(play)).toHaveLength(13);
    expect(play.App).toHaveLength(10_841);
    const missingOf = (name: string): number => missing(play[name]!);
    expect(['Rating', 'Current Ver', 'Android Ver', 'Type'].map(missingOf)).toEqual([1474, 8, 3, 1]);
    expect([play.Rating![10_472], play.Type![9148]]).toEqual([19, null]);
    expect(new Set(play.App as string[]).size).toBe(9660);
    expect((play.App as string[])[2]).toBe('U Launcher Lite – FREE Live Cool Themes, Hide Apps');
  });

  test('Titanic: 891 rows with quoted names', async (context) => {
    const titanic = await readCsv(data(context, 'titanic/titanic.csv'));
    expect(
      Object.entries(titanic)
        .map(([name, column]) => [name, missing(column)])
        .filter(([, n]) => n),
    ).toEqual([
      ['Age', 177],
      ['Cabin', 687],
      ['Embarked', 2],
    ]);
    expect(titanic.Name![0]).toBe('Braund, Mr. Owen Harris');
    expect(typeof titanic.Ticket![0]).toBe('string');
    expect((titanic.Survived as Float64Array).reduce((sum, v) => sum + v)).toBe(342);
  });

  test('the tables of the lectures: scores, stock prices, zoo', async (context) => {
    const folder = data(context, 'lectures');
    const scores = await readCsv(join(folder, 'data-01-test-score.csv'), { header: ['e1', 'e2', 'e3', 'final'] });
    expect([scores.e1![0], scores.final![0], kinds(scores).join()]).toEqual([73, 152, 'number,number,number,number']);
    const stock = await readCsv(join(folder, 'data-02-stock_daily.csv'), {
      comment: '#',
      header: ['open', 'high', 'low', 'volume', 'close'],
    });
    expect([stock.open![0], stock.close![0], kinds(stock).join()]).toEqual([
      828.659973,
      831.659973,
      'number,number,number,number,number',
    ]);
    const zoo = await readCsv(join(folder, 'data-04-zoo.csv'), { comment: '#', header: false });
    expect([Object.keys(zoo).length, zoo.x0!.length, new Set(zoo.x16 as Float64Array).size]).toEqual([17, 101, 7]);
  });

  test('Olivetti: 400 faces of 64 x 64 bytes', async (context) => {
    const faces = await readBytes(data(context, 'olivetti/faces-400x64x64.u8.gz'));
    expect(faces).toHaveLength(400 * 64 * 64);
  });
});
