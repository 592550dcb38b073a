import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { det, inv } from '@maru-ml/linalg';
import { Linear } from '@maru-ml/nn';
import { heatmap } from '@maru-ml/plot';
import {
  arange,
  assign,
  concat,
  greater,
  matmul,
  parameter,
  shuffle,
  slice,
  split,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from '@maru-ml/tensor';
import { loadSafetensors, saveSafetensors } from '@maru-ml/tensor/safetensors';
import type { Context, Study } from '../study.ts';

/** B1: what tensors are, and the operations that the course lists, with its worked numbers. */
export const tensors: Study = {
  row: 'B1',
  title: 'Tensors: rank, shape, type and operations',
  source: '001, tensors and operations; worked example 7',
  async run(context) {
    ranks(context);
    broadcasting(context);
    products(context);
    await listOfOperations(context);
  },
};

function ranks(context: Context): void {
  const examples: [what: string, t: Tensor, rank: number][] = [
    ['scalar: 483', tensor(483), 0],
    ['vector: [1.1, 2.2, 3.3]', tensor([1.1, 2.2, 3.3]), 1],
    [
      'matrix: [[1, 2, 3], [4, 5, 6], [7, 8, 9]]',
      tensor([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]),
      2,
    ],
    [
      'cube: [[[2], [4], [6]], [[8], …',
      tensor([
        [[2], [4], [6]],
        [[8], [10], [12]],
        [[14], [16], [18]],
      ]),
      3,
    ],
    ['pictures in a batch', zeros([4, 1, 28, 28]), 4],
  ];
  context.text('A tensor has a rank (how many axes), a shape (their lengths) and a type of its elements.');
  context.table(
    ['tensor', 'rank', 'shape', 'type', 'elements'],
    examples.map(([what, t]) => [what, t.ndim, `[${t.shape.join(', ')}]`, t.dtype, t.size]),
  );
  context.figure(
    'ranks of scalar, vector, matrix, cube',
    '0, 1, 2, 3',
    examples
      .slice(0, 4)
      .map(([, t]) => t.ndim)
      .join(', '),
  );
  const types = [tensor([1.5]), tensor(new Float64Array([1.5])), tensor([1], { dtype: 'int32' }), tensor([true])];
  context.text(
    `Types: ${types.map((t) => t.dtype).join(', ')} and uint8. Numbers are float32 unless asked otherwise; where two types meet, the result is of the wider one, so int32 + float32 is ${types[2]!.add(types[0]!).dtype}.`,
  );
}

function broadcasting(context: Context): void {
  const column = tensor([[0], [10], [20], [30]]);
  const row = tensor([[0, 1, 2]]);
  const sums = column.add(row);
  context.text(
    'Element-wise operations repeat an axis of length 1 (or a missing one) as often as the other tensor is long: broadcasting.',
  );
  context.code(`[4, 1] + [1, 3] = [${sums.shape.join(', ')}]\n${sums}`);
  context.plot(
    heatmap(sums, { print: true, title: 'Column + row', valueLabel: 'sum' }),
    'A column of 0, 10, 20, 30 plus a row of 0, 1, 2.',
  );
}

function products(context: Context): void {
  const A = tensor([
    [1, 3],
    [5, 7],
  ]);
  const B = tensor([
    [1, 2],
    [2, 5],
  ]);
  context.figure('AB', '[[7,17],[19,45]]', JSON.stringify(matmul(A, B).toArray()));
  context.figure('BA', '[[11,17],[27,41]]', JSON.stringify(matmul(B, A).toArray()));
  const C = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const D = tensor([
    [7, 8],
    [9, 10],
    [11, 12],
  ]);
  context.figure('first element of [2, 3] times [3, 2]', 58, slice(matmul(C, D), [0, 0]).item());
  const E = tensor([
    [6, 4, 24],
    [1, -9, 8],
  ]);
  context.figure('transpose', '[[6,1],[4,-9],[24,8]]', JSON.stringify(transpose(E).toArray()));
  context.figure(
    'shape of [7, 5] times [5, 3]',
    '[7, 3]',
    `[${matmul(zeros([7, 5]), zeros([5, 3])).shape.join(', ')}]`,
  );
  context.text('Inner lengths that differ are refused. Multiplying [7, 3] and [5, 3]:');
  context.code(messageOf(() => matmul(zeros([7, 3]), zeros([5, 3]))));
}

/** The course's list, each entry tried. */
async function listOfOperations(context: Context): Promise<void> {
  const a = tensor([
    [1, 2],
    [3, 4],
  ]);
  const show = (t: Tensor) => JSON.stringify(t.toArray());
  const variable = parameter(tensor([1, 2]));
  assign(variable, variable.add(1).detach());
  const restored = await savedAndRestored();
  context.text('The operations of the course, by its categories.');
  const m = tensor([
    [2, 1],
    [1, 1],
  ]);
  context.table(
    ['operation', 'example', 'result'],
    [
      ['element-wise', 'a.mul(a).sub(1), greater(a, 2)', `${show(a.mul(a).sub(1))}, ${show(greater(a, 2))}`],
      ['array: concat', 'concat([a, a], 1)', show(concat([a, a], 1))],
      ['array: slice', 'slice(a, [null, 1])', show(slice(a, [null, 1]))],
      ['array: split', 'split(a, 1)', split(a, 1).map(show).join(' and ')],
      ['array: shuffle', 'shuffle(arange(5))', show(shuffle(arange(5), { seed: 1 }))],
      ['matrix', 'matmul(a, a)', show(matmul(a, a))],
      ['matrix: determinant', 'det(m)', String(det(m).item())],
      ['matrix: inverse', 'inv(m)', show(inv(m))],
      ['variables', 'v ← v + 1 from [1, 2]', show(variable)],
      [
        'neural-net blocks',
        'new Linear(2, 3)',
        `[4, 2] to [${new Linear(2, 3).forward(zeros([4, 2])).shape.join(', ')}]`,
      ],
      ['checkpoints', 'saveSafetensors, loadSafetensors', restored],
    ],
  );
  context.figure('parameters after saving and restoring', null, restored);
  context.figure('m times its inverse', '[[1,0],[0,1]]', show(matmul(m, inv(m))));
  context.text(
    "Queues and control flow, which the course lists too, are the language's own here: loops, conditions, promises.",
  );
}

async function savedAndRestored(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-'));
  try {
    const file = join(folder, 'layer.safetensors');
    const saved = new Linear(3, 2, { seed: 1 });
    await saveSafetensors(file, saved.stateDict());
    const other = new Linear(3, 2, { seed: 2 });
    other.loadStateDict((await loadSafetensors(file)).tensors);
    return String(saved.weight) === String(other.weight) && String(saved.bias) === String(other.bias)
      ? 'equal'
      : 'different';
  } finally {
    await rm(folder, { recursive: true });
  }
}

function messageOf(run: () => unknown): string {
  try {
    run();
    return 'no error';
  } catch (error) {
    return String(error);
  }
}
