/** The text of `docs/parity.md`. */

/**
 * What holds one exported name against reference libraries.
 *
 * @typedef {object} Row
 * @property {import('./sources.js').Export} entry
 * @property {string} package
 * @property {string} name
 * @property {string} file where it is declared, from the repository's root
 * @property {'class' | 'function' | 'value'} kind
 * @property {string[]} libraries with their versions
 * @property {number} calls comparisons that were recorded
 * @property {number} values numbers in them
 * @property {number} failed comparisons that failed
 * @property {Map<number, Bound>} bounds by relative tolerance
 * @property {number} others other assertions on numbers of a fixture, which are not recorded
 * @property {string[]} tests files that hold it against a fixture, or else that name it
 */

/**
 * How far numbers were apart that were held to one relative tolerance.
 *
 * @typedef {object} Bound
 * @property {number} atol the largest
 * @property {number} relative the largest relative difference; -1 without one
 * @property {number} absolute the largest difference of numbers that the absolute tolerance governs; -1 without one
 */

/**
 * A library's public names, and what ours has of them.
 *
 * @typedef {object} Coverage
 * @property {string} library
 * @property {string} version
 * @property {string} what
 * @property {{ name: string, ours: Row | undefined }[]} names
 */

const held = (/** @type {Row} */ row) => row.calls + row.others > 0;

/** @param {Row[]} rows @param {Coverage[]} coverage @param {string} tests what the run's tests came to */
export function pageText(rows, coverage, tests) {
  const names = [...new Set(rows.map((row) => row.package))];
  const counted = rows.filter(held);
  return `${[
    '# Parity with the reference libraries',
    '',
    'Written by `npm run parity` from the reference fixtures and from what the tests compared with them. Nothing here is typed by hand.',
    '',
    `- ${counted.length} of ${rows.length} public classes and functions are held against numbers of another library, in ${sum(counted, 'calls')} recorded comparisons of ${sum(counted, 'values')} numbers and ${sum(counted, 'others')} other assertions.`,
    ...coverage.map((list) => `- ${coverageLine(list)}.`),
    `- The run: ${tests}.`,
    '',
    '| package | public | held against a reference | comparisons | numbers compared |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...names.map((name) => {
      const own = rows.filter((row) => row.package === name);
      const ours = own.filter(held);
      return `| [${name}](#${anchor(`@maru-ml/${name}`)}) | ${own.length} | ${ours.length} | ${sum(ours, 'calls')} | ${sum(ours, 'values')} |`;
    }),
    '',
    '## How to read it',
    '',
    '- *against*: the libraries and versions that the fixture says it was made with. What only made its inputs is among them.',
    '- *comparisons*: calls of `expectClose` with numbers of a fixture in the run, where one call compares a number, an array or a whole result; a comparison that holds several names counts for each. `+ n` are other assertions in the code of the tests (equal labels, an error below a bound) or, where functions are looked up by names in a fixture, the cases there; their differences are not recorded.',
    '- *tolerance*: the relative one that the tests hold, with the loosest absolute one behind it (±). Up to three stand below one another (single precision has a wider one), more as a range.',
    '- *largest difference*: the largest relative difference seen under each tolerance; of numbers for which the absolute tolerance is the wider one (0 or nearly), the largest absolute difference (±). An absolute tolerance above 1 and its differences are divided by the largest number of the comparison. — where nothing was recorded.',
    '- A comparison belongs to the names that its test or its label mentions, among those that the compared expression is made with; without a mention, to those that the expression uses most directly: to each of them where a test chooses between several by a condition. A model counts with the estimator that makes it, and a result that only the package constructs (a table of ANOVA, a search that is done) with the functions and methods that give it.',
    '',
    ...names.flatMap((name) =>
      packageText(
        name,
        rows.filter((row) => row.package === name),
      ),
    ),
    ...coverage.flatMap(coverageText),
  ].join('\n')}\n`;
}

/** @param {string} name @param {Row[]} rows */
function packageText(name, rows) {
  const shown = rows.filter(held).sort(byName);
  const others = rows.filter((row) => !held(row)).sort(byName);
  const table = [
    '| name | against | comparisons | numbers | tolerance | largest difference | tests |',
    '| --- | --- | ---: | ---: | --- | --- | --- |',
    ...shown.map((row) => {
      const recorded = row.calls > 0;
      const cells = [
        source(row),
        row.libraries.join(', ') || 'no version recorded',
        [recorded ? row.calls : '', row.others > 0 ? `+ ${row.others}` : ''].filter(String).join(' '),
        recorded ? row.values : '—',
        ...boundCells(row),
        links(row),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ];
  return [
    `## @maru-ml/${name}`,
    '',
    ...(shown.length > 0 ? table : []),
    ...(others.length > 0 ? [`Not held against a fixture: ${others.map(source).join(', ')}.`, ''] : []),
  ];
}

/** Tolerances and the differences under each, as two cells; beyond three, the range of all. @param {Row} row @returns {[string, string]} */
export function boundCells({ bounds, failed }) {
  if (bounds.size === 0) return ['—', '—'];
  const sorted = [...bounds].sort(([a], [b]) => a - b);
  const all = sorted.map(([, bound]) => bound);
  const most = (/** @type {keyof Bound} */ field) => Math.max(...all.map((bound) => bound[field]));
  const range = `${short(sorted[0]?.[0] ?? 0)} to ${short(sorted.at(-1)?.[0] ?? 0)}`;
  /** @type {[string, Bound][]} */
  const lines =
    sorted.length <= 3
      ? sorted.map(([rtol, bound]) => [short(rtol), bound])
      : [[range, { atol: most('atol'), relative: most('relative'), absolute: most('absolute') }]];
  const tolerances = lines.map(([rtol, { atol }]) => (atol > 0 ? `${rtol}, ± ${short(atol)}` : rtol));
  const differences = lines.map(([, { relative, absolute }]) => {
    const parts = [relative >= 0 ? short(relative) : '', absolute > 0 ? `± ${short(absolute)}` : ''].filter(String);
    return parts.join(', ') || '0';
  });
  if (failed > 0) differences.push(`**${failed} failed**`);
  return [tolerances.join('<br>'), differences.join('<br>')];
}

/** @param {Coverage} coverage */
function coverageLine({ library, version, what, names }) {
  const ours = names.filter((entry) => entry.ours !== undefined);
  const proven = ours.filter((entry) => held(/** @type {Row} */ (entry.ours)));
  return `${library} ${version}: ${ours.length} of ${names.length} ${what} are here, ${proven.length} of them held against a reference`;
}

/** @param {Coverage} coverage @returns {string[]} */
function coverageText(coverage) {
  return [
    `## Coverage of ${coverage.library}`,
    '',
    `${coverageLine(coverage)}.`,
    '',
    '| name | here | held against a reference | tests |',
    '| --- | --- | --- | --- |',
    ...coverage.names.map(({ name, ours }) =>
      ours === undefined
        ? `| ${name} | — | | |`
        : `| ${name} | ${ours.package}: ${source(ours)} | ${held(ours) ? 'yes' : 'no'} | ${links(ours)} |`,
    ),
    '',
  ];
}

/** @param {Row} a @param {Row} b */
const byName = (a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);

/** @param {Row} row */
const source = ({ name, file, entry }) => `[\`${name}\`](../${file})${entry.from === '' ? '' : ` (${entry.from})`}`;

/** @param {Row} row */
const links = ({ tests }) =>
  tests.map((file) => `[${file.replace(/^.*\/test\//, '').replace(/\.test\.(ts|js)$/, '')}](../${file})`).join(', ');

/** The heading's anchor as GitHub makes it. @param {string} heading */
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** @param {number} x */
const short = (x) => (x === 0 ? '0' : Number(x.toPrecision(2)).toExponential().replace('e+0', ''));

/** @param {Row[]} rows @param {'calls' | 'values' | 'others'} field */
const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0);
