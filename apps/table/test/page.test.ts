import { readFileSync } from 'node:fs';
import { look, openApp } from '@maru-ml/tooling/app';
import { findChromium } from '@maru-ml/tooling/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

type App = Awaited<ReturnType<typeof openApp>>;
const dist = new URL('../dist/', import.meta.url);
type Scores = { scores: Record<string, [mean: number, std: number]> };
const reference = JSON.parse(readFileSync(new URL('./fixtures/scores.json', import.meta.url), 'utf8')) as {
  iris: Scores;
  diabetes: Scores & { prediction: number };
};

/** A file to choose or to drop. */
function csv(name: string, text: string) {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
}

/** Visitors with a name in quotes, gaps, Korean words and a column that looks like a tag. */
const visitors = csv(
  'visitors.csv',
  [
    '이름,나이,도시,"<img src=x onerror=alert(1)>",다시 온다',
    ...Array.from({ length: 40 }, (_, i) => {
      const [age, city] = [i % 7 === 0 ? 'NA' : 20 + i, ['서울', '부산', ''][i % 3]];
      return `"김, ""${i}""",${age},${city},${i % 2 === 0},${i < 20 ? '예' : '아니오'}`;
    }),
  ].join('\n'),
);

describe('the page, built from the packed packages', () => {
  let app: App;
  beforeAll(async () => {
    if (findChromium() !== null) app = await openApp(dist);
  }, 60_000);
  beforeEach(async ({ skip }) => {
    skip(findChromium() === null, 'Chromium is not installed');
    app.problems.length = 0;
    await app.page.goto(app.url);
  });
  // Nothing that it does may show in the console: no error, no warning, nothing that the policy refused.
  afterEach(() => expect(app?.problems ?? []).toEqual([]));
  afterAll(() => app?.close());

  const sample = async (name: string) => {
    await app.page.getByRole('button', { name, exact: true }).click();
    await app.page.getByRole('heading', { name, exact: true }).waitFor();
  };
  const choose = async (file: ReturnType<typeof csv>) => {
    await app.page.locator('#file').setInputFiles(file);
    await app.page.getByRole('heading', { name: file.name }).waitFor();
  };
  const score = async () => {
    await app.page.getByRole('button', { name: 'Score it' }).click();
    await app.page.locator('#answer .value').waitFor();
  };
  /** The scores that are shown: means and deviations. */
  const shown = async () => {
    const values = await app.page.locator('.tiles .value').allTextContents();
    return values.map((value) => value.split(' ± '));
  };
  /** Those of scikit-learn, to the places that are shown; losses lose their minus. */
  const expected = ({ scores }: Scores, found: string[][]) =>
    Object.values(scores).map((score, i) =>
      score.map((value, part) => Math.abs(value).toFixed(found[i]![part]!.split('.')[1]?.length ?? 0)),
    );

  it("scores a sample of classes as scikit-learn does, and shows the answers' confusion, curves, effects and report", async () => {
    await sample('Iris');
    expect(await app.page.locator('#summary tbody tr').count()).toBe(5);
    await score();
    const found = await shown();
    expect(found).toEqual(expected(reference.iris, found));
    const drawings = await app.page
      .locator('#results svg[role=img]')
      .evaluateAll((all) => all.map((svg) => svg.ariaLabel));
    expect(drawings).toEqual([
      'Predictions of rows not seen',
      'ROC curves',
      'What the model goes by',
      expect.stringMatching(/^The effect of petal/),
    ]);
    // Of the 150 flowers 6 are wrong: three of one kind are taken for the other, and three the other way.
    const texts = await app.page.locator('#pictures svg').first().locator('text').allTextContents();
    expect(texts.filter((text) => text === '47' || text === '3')).toEqual(['47', '3', '3', '47']);
    await app.page.getByText('Report of the classes').click();
    expect(await app.page.locator('pre').textContent()).toMatch(/setosa +1\.00 +1\.00 +1\.00 +50/);
    await app.page.getByRole('combobox', { name: 'The effect of' }).selectOption('sepal width (cm)');
    await app.page.locator('svg[aria-label="The effect of sepal width (cm)"]').waitFor();
  });

  it('scores a sample of numbers, compares all models, and is the same once saved and opened again', async () => {
    await sample('Diabetes');
    await app.page.getByRole('combobox', { name: 'Model' }).selectOption('Ridge');
    await score();
    const found = await shown();
    expect(found).toEqual(expected(reference.diabetes, found));
    const labels = await app.page.locator('#pictures svg').evaluateAll((all) => all.map((svg) => svg.ariaLabel));
    expect(labels).toEqual(['Predictions of rows not seen', 'What the predictions miss', 'What the model goes by']);

    await app.page.getByLabel('bmi').last().fill('35');
    const predicted = reference.diabetes.prediction.toPrecision(4);
    const answer = `${Number(predicted)} ± ${Number(-reference.diabetes.scores.neg_root_mean_squared_error![0].toPrecision(4))}`;
    await expect.poll(() => app.page.locator('#answer .value').textContent()).toBe(answer);
    const [download] = await Promise.all([
      app.page.waitForEvent('download'),
      app.page.getByRole('button', { name: 'Save the model' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/-ridge\.json$/);
    const saved = readFileSync(await download.path());

    await app.page.getByRole('button', { name: 'Compare all models' }).click();
    await app.page.locator('#comparison svg').waitFor();
    const rows = await app.page.locator('#comparison tbody tr').allTextContents();
    expect(rows).toHaveLength(9);
    expect(rows.at(-1)).toMatch(/^Baseline: the mean-0\.0/);

    await app.page.goto(app.url);
    await app.page.locator('#saved').setInputFiles({ name: 'model.json', mimeType: 'application/json', buffer: saved });
    await app.page.getByLabel('bmi').fill('35');
    await expect.poll(() => app.page.locator('#answer .value').textContent()).toBe(answer);
  });

  it('takes a file with quoted fields, gaps and Korean words, and shows markup in it as text', async () => {
    await choose(visitors);
    expect(await app.page.locator('#shape').textContent()).toBe('40 rows, 5 columns, 19 values missing');
    const kinds = await app.page.locator('#summary tbody td:nth-child(4)').allTextContents();
    expect(kinds).toEqual(['words', 'numbers', 'words', 'yes or no', 'words']);
    expect(await app.page.locator('#summary').textContent()).toContain('김, "0" (1)');
    // A name for every row teaches nothing, so it is off.
    expect(await app.page.getByLabel('use 이름').isChecked()).toBe(false);
    await score();
    // One in seven ages is a gap that the middle age fills, so some are wrong.
    expect(Number((await shown())[0]![0])).toBeGreaterThan(0.8);
    await app.page.getByRole('combobox', { name: '도시' }).selectOption('부산');
    await app.page.getByRole('spinbutton', { name: '나이' }).fill('');
    await app.page.getByRole('spinbutton', { name: '나이' }).fill('58');
    await expect.poll(() => app.page.locator('#answer .value').textContent()).toBe('아니오');
    expect(await app.page.locator('img').count()).toBe(0);
  });

  it('takes a dropped file', async () => {
    const transfer = await app.page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['a;b\n1;x\n2;y'], 'dropped.csv'));
      return data;
    });
    await app.page.getByText('Other files').click();
    await app.page.getByLabel('Separator').selectOption('semicolon');
    await app.page.dispatchEvent('#drop', 'drop', { dataTransfer: transfer });
    await app.page.getByRole('heading', { name: 'dropped.csv' }).waitFor();
    expect(await app.page.locator('#shape').textContent()).toBe('2 rows, 2 columns, no value missing');
  });

  it.each([
    ['a,b\n1,2\n1,2,3\n', 'readCsv: broken.csv: line 3 has 3 fields, but the header has 2'],
    [
      'a,b\n1,"2\n',
      'readCsv: broken.csv: the quoted field that opens on line 2 is never closed; if quotes are ordinary characters here, pass quote: null',
    ],
    ['', 'readCsv: broken.csv holds no rows'],
  ])('says what is wrong with a broken file: %j', async (text, message) => {
    await app.page.locator('#file').setInputFiles(csv('broken.csv', text));
    await expect.poll(() => app.page.getByRole('alert').textContent()).toBe(message);
  });

  it.each([
    ['a,b\n1,x\n2,x\n3,x\n4,x\n5,x\n6,x', 'Pipeline: y must have at least two classes, got only '],
    ['a,b\n1,x\n2,y\n3,x', 'StratifiedKFold: nSplits is 5, but x has only 3 rows'],
  ])('says why rows cannot be learned from: %j', async (text, message) => {
    await choose(csv('rows.csv', text));
    await app.page.getByRole('button', { name: 'Score it' }).click();
    await expect.poll(() => app.page.getByRole('alert').textContent()).toContain(message);
  });

  it('tells how far it is, and stops when told to', async () => {
    await sample('Breast cancer');
    await app.page.getByRole('combobox', { name: 'Model' }).selectOption('Random forest');
    await app.page.getByLabel('Trees').fill('1000');
    await app.page.getByRole('button', { name: 'Score it' }).click();
    // The page is not held while the worker fits.
    await app.page.getByText(/^Fold \d of 5 is scored$/).waitFor();
    const [text, value] = await app.page.evaluate(() => [
      document.getElementById('step')!.textContent,
      document.querySelector('progress')!.value,
    ]);
    expect(text).toBe(`Fold ${value} of 5 is scored`);
    await app.page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => app.page.locator('#done').textContent()).toBe('Cancelled');
    expect(await app.page.locator('#dock').isVisible()).toBe(false);
    expect(await app.page.locator('#results').isVisible()).toBe(false);
    // And the worker is free again.
    await app.page.getByRole('combobox', { name: 'Model' }).selectOption('Naive Bayes');
    await score();
    expect((await shown())[0]![0]).toBe('0.935');
  });

  it('works by keyboard from a sample to a prediction', async () => {
    const { keyboard } = app.page;
    const focused = () => app.page.evaluate(() => document.activeElement?.textContent ?? '');
    const name = () => app.page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name ?? '');
    const tabTo = async (reached: () => Promise<boolean>) => {
      for (let step = 0; step < 40 && !(await reached()); step++) await keyboard.press('Tab');
      expect(await reached()).toBe(true);
    };
    await tabTo(async () => (await focused()) === 'Iris');
    const outline = await app.page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
    expect(outline).toBe('solid');
    await keyboard.press('Enter');
    await app.page.getByRole('heading', { name: 'Iris' }).waitFor();
    await tabTo(async () => (await focused()) === 'Score it');
    await keyboard.press('Enter');
    await app.page.locator('#answer .value').waitFor();
    await expect.poll(focused).toBe('Logistic regression for species');
    await tabTo(async () => (await name()) === 'petal length (cm)');
    await keyboard.type('1.4');
    await tabTo(async () => (await name()) === 'petal width (cm)');
    await keyboard.type('0.2');
    await expect.poll(() => app.page.locator('#answer .value').textContent()).toBe('setosa');
    await tabTo(async () => (await focused()) === 'Save the model');
  });
});

describe('on a phone', () => {
  beforeEach(({ skip }) => skip(findChromium() === null, 'Chromium is not installed'));

  it('does not scroll sideways, and all of it can be read, by light and by dark', async () => {
    const app = await openApp(dist, { width: 360, height: 740, touch: true });
    try {
      await app.page.getByRole('button', { name: 'Apartments (made up)' }).tap();
      await app.page.getByRole('button', { name: 'Score it' }).tap();
      await app.page.locator('#answer .value').waitFor();
      await app.page.getByText('Other files').tap();
      for (const colorScheme of ['light', 'dark'] as const) {
        await app.page.emulateMedia({ colorScheme });
        expect(await look(app.page)).toEqual({ scrollWidth: 360, faint: [] });
      }
      expect(app.problems).toEqual([]);
    } finally {
      await app.close();
    }
  });
});
