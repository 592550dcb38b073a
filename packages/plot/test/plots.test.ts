import { parse } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import * as plot from '../src/index.ts';
import { type Any, look, strict } from './help.ts';
import { allSamples, samples } from './samples.ts';

const exported: Record<string, Any> = { ...plot };

describe('every plot', () => {
  it('has samples', () => {
    const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
    const kinds = functions
      .map(([name]) => name)
      .filter((name) => !['plotStyle', 'themeConfig', 'toSvg'].includes(name));
    expect(Object.keys(samples).sort()).toEqual(kinds.sort());
  });

  it.each(allSamples)('%s is plain data', (_, spec) => {
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(look(spec).$schema).toBe('https://vega.github.io/schema/vega-lite/v6.json');
    expect(spec).not.toHaveProperty('background');
    expect(spec).not.toHaveProperty('config');
  });

  it.each(allSamples)('%s compiles without a warning', (_, spec) => {
    const { warnings, vega } = compileQuietly(spec);
    expect(warnings).toEqual([]);
    expect(() => parse(vega)).not.toThrow();
  });

  it.each(allSamples)('%s draws', async (_, spec) => {
    const svg = await plot.toSvg(spec, { strict });
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 [\d.]+ [\d.]+"/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(openTags(svg)).toEqual([]);
  });

  it.each(allSamples.filter(([name]) => !/^(grid|graph|images|joint)/.test(name)))(
    '%s has a title and named axes',
    (name, spec) => {
      expect(look(spec).title.text.length).toBeGreaterThan(0);
      const { axes } = compileQuietly(spec).vega as Any;
      const titled = ['bottom', 'left'].filter((orient) =>
        axes.some((axis: Any) => axis.orient === orient && axis.title),
      );
      if (name === 'correlation: plain') return expect(titled).toEqual([]);
      // The names below bars speak for themselves.
      const wanted = /^b(ar|ox): horizontal/.test(name)
        ? ['bottom']
        : /^bar: (?!groups)/.test(name)
          ? ['left']
          : ['bottom', 'left'];
      expect(titled).toEqual(wanted);
    },
  );

  it.each(Object.keys(samples) as (keyof typeof samples)[])('%s refuses an unknown option', (kind) => {
    const first: Record<string, Any> = { graph: { nodes: [{ id: 'a' }], edges: [] }, grid: [{}], contour: () => 1 };
    const args: Record<string, Any[]> = {
      ...{ bar: [['a'], [1]], confusionMatrix: [[1], [1]], decisionRegions: [() => [0], [[1, 2]], [0]] },
      ...{ correlation: [[[1]]], residuals: [[1], [1]], roc: [{ fpr: [0, 1], tpr: [0, 1] }], scree: [[1]] },
      ...{ dendrogram: [{ children: [[0, 1]], distances: [1] }], margins: [() => [0], [[1, 2]], [0]] },
      ...{ scoreCurve: [{ values: [1], trainScores: [[1]], testScores: [[1]] }] },
      ...{ box: [[1]], cooksDistance: [[1]], joint: [{ x: [1, 2], y: [1, 2] }] },
    };
    const call: (...args: Any[]) => unknown = exported[kind];
    const run = () => call(...(args[kind] ?? [first[kind] ?? [[1, 2]]]), { titel: 'x' });
    const message = expect.stringMatching(new RegExp(`^${kind}: there is no option titel, only [\\w, ]+ and \\w+$`));
    expect(run).toThrow(expect.objectContaining({ name: 'OptionError', message }));
  });
});

/** Compiles, collecting what would go to the console. */
function compileQuietly(spec: plot.VegaLiteSpec) {
  const warnings: string[] = [];
  const note = (...args: Any[]) => {
    warnings.push(args.join(' '));
    return logger;
  };
  const logger: Any = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  const { spec: vega } = compile(spec as Any, { logger, config: plot.themeConfig('light') as Any });
  return { warnings, vega };
}

/** The tags that are not closed, or closed in the wrong order. */
function openTags(svg: string): string[] {
  const open: string[] = [];
  for (const [, closing, name, alone] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (alone) continue;
    if (!closing) open.push(name!);
    else if (open.at(-1) === name) open.pop();
    else open.push(`/${name}`);
  }
  return open;
}
