/** The checks of clusterers. */
import { assert, same, values } from './kit.js';

export const clusterer = { supervised: false, methods: ['predict', 'transform'] };

/** @type {import('./kit.js').Check[]} */
export const clustererChecks = [
  {
    name: 'labels every row with an integer from -1 up, as many as there are rows',
    like: ['check_clustering'],
    run(subject) {
      const { labels } = subject.fit();
      assert(labels instanceof Int32Array, `labels must be an Int32Array, got ${labels?.constructor?.name}`);
      same(labels.length, subject.data.x.length, 'number of labels');
      const found = [...new Set(labels)].filter((label) => label >= 0).sort((a, b) => a - b);
      same(found, [...found.keys()], 'labels in use');
    },
  },
  {
    name: 'finds three groups that lie far apart',
    like: ['check_clustering'],
    applies: ({ traits }) => (traits.groups ?? 3) === 3,
    run(subject) {
      same(firstSeen(subject.fit().labels), firstSeen(subject.data.y), 'partition');
    },
  },
  {
    name: 'fitPredict gives the labels of fit',
    like: ['check_clustering'],
    applies: (subject) => subject.create().fitPredict !== undefined,
    run(subject) {
      const estimator = subject.create();
      same(values(estimator.fitPredict(subject.data.x)), values(subject.fit().labels), 'labels');
    },
  },
  {
    name: 'its labels are what it predicts for the rows it was fitted with',
    like: ['check_clusterer_compute_labels_predict'],
    run(subject) {
      const model = subject.fit();
      if (model.predict === undefined) return;
      same(values(model.predict(subject.data.x)), values(model.labels), 'predict');
    },
  },
];

/** The labels renamed in the order in which they come, so that equal partitions are equal. @param {ArrayLike<unknown>} labels */
function firstSeen(labels) {
  const names = new Map();
  return Array.from(labels, (label) => {
    if (!names.has(label)) names.set(label, names.size);
    return names.get(label);
  });
}
