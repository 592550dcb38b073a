/** The checks of detectors of outliers. */
import { assert, close, same } from './kit.js';

/** Rows may lie right on the threshold, as support vectors do, so that rounding decides their label. */
export const detector = {
  supervised: false,
  methods: ['predict', 'scoreSamples', 'decisionFunction'],
  smooth: ['scoreSamples', 'decisionFunction'],
};

/** @type {import('./kit.js').Check[]} */
export const detectorChecks = [
  {
    name: 'labels rows 1 or -1, by the sign of what the score is above the offset',
    like: ['check_outliers_train'],
    run(subject) {
      const { x } = subject.data;
      const model = subject.fit();
      const rows = [...x, x[0]?.map(() => 50) ?? []];
      const labels = model.predict(rows);
      assert(labels instanceof Int32Array, `predict must give an Int32Array, got ${labels?.constructor?.name}`);
      const [scores, decisions] = [model.scoreSamples(rows), model.decisionFunction(rows)];
      assert(Number.isFinite(model.offset), `offset must be a finite number, got ${model.offset}`);
      close(
        Array.from(decisions),
        Array.from(scores, (/** @type {number} */ score) => score - model.offset),
        'decisionFunction',
      );
      for (const [i, decision] of [...decisions].entries()) {
        if (decision !== 0) same(labels[i], decision > 0 ? 1 : -1, `label of row ${i}`);
        else assert(labels[i] === 1 || labels[i] === -1, `label of row ${i} must be 1 or -1, got ${labels[i]}`);
      }
    },
  },
  {
    name: 'a row far from all others is an outlier, and no row of the fit is further out',
    like: ['check_outliers_train'],
    run(subject) {
      const { x } = subject.data;
      const model = subject.fit();
      const far = x[0]?.map(() => 50) ?? [];
      same(model.predictOne(far), -1, 'label of a row far away');
      const [score] = model.scoreSamples([far]);
      const beyond = [...model.scoreSamples(x)].filter((own) => own < score).length;
      same(beyond, 0, 'rows of the fit with a lower score');
    },
  },
];
