/**
 * What a worker of a search runs, in plain JavaScript that imports nothing but the module of the factory, so that sources and
 * published files run the same one: makes the estimator of a candidate, fits it to the training rows of a fold, and answers with
 * what the scorers need of the model.
 */

/**
 * @typedef {{ data: any, shape: number[], indices?: Int32Array, indptr?: Int32Array, columns?: Record<string, any>, list?: unknown[] }} Rows
 * @typedef {{ numbers?: Float64Array, codes: Int32Array, labels: unknown[] }} Targets
 * @typedef {{ module: string, params: object, train: Int32Array, test: Int32Array, returnTrainScore: boolean,
 *   needs: { methods: string[], own: boolean, functions: string[] } }} Task
 */

/** @param {Task} task @param {{ x: Rows, y: Targets | null, weights?: Float64Array }} data */
export async function fitAndAnswer({ module, params, train, test, needs, returnTrainScore }, { x, y, weights }) {
  const exports = await import(/* @vite-ignore */ /* webpackIgnore: true */ module);
  const estimator = exports.estimator(params);
  const start = performance.now();
  const [rows, targets] = [takeRows(x, train), takeTargets(y, train)];
  const options = weights === undefined ? {} : { sampleWeight: take(weights, train) };
  const takesTargets = estimator.fit.length >= 2;
  const model = await (takesTargets
    ? estimator.fitAsync(rows, targets ?? undefined, options)
    : estimator.fitAsync(rows, options));
  const between = performance.now();
  const answerTo = (/** @type {any} */ some, /** @type {any} */ itsTargets) =>
    answer(model, some, itsTargets, needs, exports.scoring);
  const answers = {
    test: answerTo(takeRows(x, test), takeTargets(y, test)),
    train: returnTrainScore ? answerTo(rows, targets) : undefined,
  };
  const type = model.constructor?.name ?? '';
  return { ...answers, classes: model.classes, type, fitTime: between - start, scoreTime: performance.now() - between };
}

/** @param {any} model @param {any} x @param {any} y @param {Task['needs']} needs @param {any} scoring */
function answer(model, x, y, { methods, own, functions }, scoring) {
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const method of methods) {
    // Scores of two classes are distances from the boundary, or else probabilities.
    const name = method === 'decisionFunction' && typeof model[method] !== 'function' ? 'predictProba' : method;
    if (typeof model[name] === 'function' && !(name in found)) found[name] = model[name](x);
  }
  /** @type {Record<string, number>} */
  const scores = {};
  // A model without a score of its own is refused where the scores are put together.
  if (own && typeof model.score === 'function') scores.score = y === null ? model.score(x) : model.score(x, y);
  for (const name of functions) scores[name] = (typeof scoring === 'function' ? scoring : scoring[name])(model, x, y);
  return { ...found, scores };
}

/** @param {Rows} x @param {Int32Array} rows */
function takeRows({ data, shape, indices, indptr, columns, list }, rows) {
  if (list !== undefined) return Array.from(rows, (row) => list[row]);
  if (columns !== undefined) {
    return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, take(column, rows)]));
  }
  const d = shape[1] ?? 0;
  if (indptr !== undefined && indices !== undefined) return takeSparse(data, indices, indptr, d, rows);
  const out = new data.constructor(rows.length * d);
  for (let i = 0; i < rows.length; i++) {
    const from = /** @type {number} */ (rows[i]) * d;
    for (let j = 0; j < d; j++) out[i * d + j] = data[from + j];
  }
  return { data: out, shape: [rows.length, d] };
}

/** @param {any} data @param {Int32Array} indices @param {Int32Array} indptr @param {number} d @param {Int32Array} rows */
function takeSparse(data, indices, indptr, d, rows) {
  const starts = new Int32Array(rows.length + 1);
  const span = (/** @type {number} */ row) => /** @type {const} */ ([indptr[row] ?? 0, indptr[row + 1] ?? 0]);
  for (let i = 0; i < rows.length; i++) {
    const [from, to] = span(rows[i] ?? 0);
    starts[i + 1] = (starts[i] ?? 0) + to - from;
  }
  const count = starts[rows.length] ?? 0;
  const out = {
    data: new data.constructor(count),
    indices: new Int32Array(count),
    indptr: starts,
    shape: [rows.length, d],
  };
  for (let i = 0; i < rows.length; i++) {
    const [from, to] = span(rows[i] ?? 0);
    out.data.set(data.subarray(from, to), starts[i]);
    out.indices.set(indices.subarray(from, to), starts[i]);
  }
  return out;
}

/** @param {Targets | null} y @param {Int32Array} rows */
function takeTargets(y, rows) {
  if (y === null) return null;
  if (y.numbers !== undefined) return take(y.numbers, rows);
  return Array.from(rows, (row) => y.labels[/** @type {number} */ (y.codes[row])]);
}

/** @param {any} list @param {Int32Array} rows */
function take(list, rows) {
  if (!ArrayBuffer.isView(list)) return Array.from(rows, (row) => list[row]);
  const out = new /** @type {any} */ (list.constructor)(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = /** @type {any} */ (list)[/** @type {number} */ (rows[i])];
  return out;
}
