import { expect, test } from 'vitest';
import { examplesOfReadme, examplesOfSource, installedBy } from '../examples.js';
import { runExamples } from '../readme.js';

/** @param {string} code */
const readme = (code) => `# Title\n\n\`\`\`ts\n${code}\n\`\`\`\n`;

test('finds what is installed', () => {
  expect(installedBy('```sh\nnpm i @maru-ml/nn -D vega\nnpm install other vega\n```\nnpm i\n')).toEqual([
    '@maru-ml/nn',
    'vega',
    'other',
  ]);
});

test('reads what each console.log prints', () => {
  const [example] = examplesOfReadme(
    'README.md',
    readme(
      "const f = () => { console.log(')'); }; // a\nconsole.log(\n  1,\n);\n// 1\n//  2\nconsole.log(`\n`)\nconst url = 'https://a'; // b",
    ),
  );
  expect(example?.expected).toEqual([
    { where: 'README.md:4', text: 'a' },
    { where: 'README.md:8', text: '1' },
    { where: 'README.md:9', text: ' 2' },
  ]);
  expect(example?.problems).toEqual(['README.md:10: say in a comment what this console.log prints']);
});

test('a block without imports continues the one before', () => {
  const first = readme("import { a } from 'a';\nconsole.log(a); // 1");
  const examples = examplesOfReadme('README.md', first + readme('console.log(a + 1); // 2') + first);
  expect(examples.map(({ expected }) => expected.map(({ text }) => text))).toEqual([['1', '2'], ['1']]);
});

test('finds the examples of docstrings', () => {
  const text =
    '\n/**\n * Adds.\n *\n * @example\n * ```ts\n * console.log(1 +\n *   1); // 2\n * ```\n */\nexport const a = 1;\n/** ```ts\n x``` */';
  expect(examplesOfSource('a.ts', text)).toEqual([
    {
      where: 'a.ts:7',
      code: 'console.log(1 +\n  1); // 2\n',
      expected: [{ where: 'a.ts:8', text: '2' }],
      problems: [],
    },
  ]);
});

test('runs examples and says where they differ', async () => {
  const examples = [
    'const x: number = 1;\nconsole.log(x, [x]); // 1 [ 1 ]',
    'console.log(1 / 3); // 0.333…',
    'console.log(1); // 2',
    'console.log(1); // 1\nprocess.stdout.write("more");',
    'throw new RangeError("bad");',
    'for (const x of []) console.log(x); // 1',
    "import { a } from 'not-installed';\nconsole.log(a); // 1",
    'const s: string = 1;',
  ].flatMap((code, i) => examplesOfReadme(`R${i}`, readme(`import 'node:fs';\n${code}`)));
  const problems = await runExamples(examples, {});
  expect(problems.map((problem) => problem.split('\n')[0])).toEqual([
    "R6:4 (its line 2): error TS2307: Cannot find module 'not-installed' or its corresponding type declarations.",
    "R7:4 (its line 2): error TS2322: Type 'number' is not assignable to type 'string'.",
    "R2:5: the example says '2' but prints '1'",
    "R3:4: the example prints 'more' after what it says",
    'R4:4: the example fails',
    "R5:5: the example says '1' but prints no more",
    'R6:4: the example fails',
  ]);
});
