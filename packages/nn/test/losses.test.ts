import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { log, type Tensor, tensor, zeros } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  bceWithLogits,
  binaryCrossEntropy,
  hingeLoss,
  huberLoss,
  klDivLoss,
  l1Loss,
  mseLoss,
  multiClassHingeLoss,
  nllLoss,
  smoothL1Loss,
} from '../src/index.ts';
import { fixture, load } from './support.ts';

type Loss = (input: Tensor, target: Tensor, options: object) => Tensor;

const losses: Record<string, Loss> = {
  mseLoss,
  l1Loss,
  smoothL1Loss,
  huberLoss,
  binaryCrossEntropy,
  bceWithLogits,
  nllLoss,
  klDivLoss,
  hingeLoss,
  multiClassHingeLoss,
};

describe('against PyTorch', () => {
  for (const { name, options, args, value, gradient } of fixture.losses) {
    it(`${name} ${JSON.stringify(options)}`, () => {
      const input = load(args.input);
      input.requiresGrad = true;
      const target = load(args.target, /nll|multiClass/.test(name) ? 'int32' : 'float64');
      const given = args.weight === undefined ? options : { ...options, weight: load(args.weight) };
      const loss = losses[name]!(input, target, given);
      expectClose(loss.toTypedArray(), value.data, { rtol: 1e-10, atol: 1e-14 });
      loss.sum().backward();
      expectClose(input.grad!.toTypedArray(), gradient.data, { rtol: 1e-9, atol: 1e-14 });
    });
  }
});

describe('worked by hand', () => {
  const f64 = (values: number[]) => tensor(values, { dtype: 'float64' });

  it('worked example 4: ten points of which two are off by 2, or four by 1', () => {
    const zeros = f64(new Array(10).fill(0));
    const two = f64([2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    const four = f64([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    expectClose([mseLoss(two, zeros).item(), mseLoss(four, zeros).item()], [0.8, 0.4], { rtol: 1e-12 });
    expectClose([l1Loss(two, zeros).item(), l1Loss(four, zeros).item()], [0.4, 0.4], { rtol: 1e-12 });
  });

  it('worked example 5: the squared error of .5x + 4 against 2x + 2 at x = 3', () => {
    expectClose(mseLoss(f64([0.5 * 3 + 4]), f64([2 * 3 + 2])).item(), 6.25, { rtol: 1e-15 });
  });

  it('worked example 5: the cost of y = Wx on (1, 1), (2, 2), (3, 3) is 4.67 for W = 0 and 2, and 0 for W = 1', () => {
    const x = f64([1, 2, 3]);
    const costs = [0, 1, 2].map((w) => mseLoss(x.mul(w), x).item());
    expectClose(costs, [14 / 3, 0, 14 / 3], { rtol: 1e-15 });
  });

  it('worked example 14: the divergences of .2 from .5, .1 and .2', () => {
    const two = (p: number) => f64([p, 1 - p]);
    const divergence = (p: number, q: number) => klDivLoss(log(two(q)), two(p)).item();
    expectClose([divergence(0.2, 0.5), divergence(0.2, 0.1), divergence(0.2, 0.2)], [0.19274, 0.0444, 0], {
      atol: 5e-6,
    });
  });

  it('the cross-entropy of a sure and wrong prediction is large, not infinite', () => {
    expectClose(binaryCrossEntropy(f64([0, 1]), f64([1, 0])).item(), 100, { rtol: 1e-15 });
  });

  it('logits far out lose no digits', () => {
    expectClose(bceWithLogits(f64([1000, -1000]), f64([0, 1]), { reduction: 'none' }).toArray(), [1000, 1000], {
      rtol: 1e-15,
    });
    expectClose(bceWithLogits(f64([1000, -1000]), f64([1, 0]), { reduction: 'none' }).toArray(), [0, 0]);
  });

  it('the multi-class hinge loss of (3.2, 5.1, -1.7) with class 0 is 2.9', () => {
    expectClose(multiClassHingeLoss(f64([3.2, 5.1, -1.7]).reshape(1, 3), tensor([0], { dtype: 'int32' })).item(), 2.9, {
      rtol: 1e-12,
    });
  });

  it('a hinge loss of 0 is not unique: doubled scores have it too', () => {
    const scores = f64([4, 1, 2]).reshape(1, 3);
    const target = tensor([0], { dtype: 'int32' });
    expect(multiClassHingeLoss(scores, target).item()).toBe(0);
    expect(multiClassHingeLoss(scores.mul(2), target).item()).toBe(0);
  });

  it('accuracy counts the rows whose largest output is the target', () => {
    const output = tensor([
      [1, 2, 0],
      [3, 1, 2],
      [0, 1, 5],
      [9, 1, 5],
    ]);
    expect(accuracy(output, tensor([1, 0, 2, 2], { dtype: 'int32' }))).toBe(0.75);
  });
});

describe('errors', () => {
  const f64 = (values: number[]) => tensor(values, { dtype: 'float64' });

  it('says what does not fit', () => {
    expectError(
      () => binaryCrossEntropy(tensor([0.5, 1.5]), tensor([1, 1])),
      DataError,
      'binaryCrossEntropy: probability 1 must be from 0 to 1, got 1.5; bceWithLogits takes logits, before the sigmoid',
    );
    expectError(
      () => mseLoss(tensor([[1, 2]]), tensor([1, 2])),
      ShapeError,
      'mseLoss: the input is [1, 2] but the target is [2]; they must be of one shape',
    );
    expectError(
      () => nllLoss(tensor([[0, -1]]), tensor([1, 0], { dtype: 'int32' })),
      ShapeError,
      'nllLoss: the input must be [n, k] and the target [n], got [1, 2] and [2]',
    );
    expectError(
      () => nllLoss(tensor([[0, -1]]), tensor([1])),
      OptionError,
      "nllLoss: the target must hold class numbers as int32, got float32; cast(target, 'int32') converts it",
    );
    for (const [name, loss] of Object.entries({ nllLoss, multiClassHingeLoss })) {
      expectError(
        () => loss(zeros([2, 3]), tensor([0, 3], { dtype: 'int32' })),
        DataError,
        `${name}: target 1 must be from 0 to 2, got 3`,
      );
    }
    expectError(
      () => l1Loss(tensor([1]), tensor([1]), { reduction: 'avg' as never }),
      OptionError,
      "l1Loss: reduction must be 'mean', 'sum' or 'none', got 'avg'",
    );
  });

  it.each([
    [
      'binaryCrossEntropy: target 1 must be from 0 to 1, got -1',
      () => binaryCrossEntropy(f64([0.5, 0.5]), f64([1, -1])),
    ],
    ['bceWithLogits: target 0 must be from 0 to 1, got -1', () => bceWithLogits(f64([2, 3]), f64([-1, 1]))],
    ['bceWithLogits: target 1 must be from 0 to 1, got NaN', () => bceWithLogits(f64([2, 3]), f64([1, Number.NaN]))],
    ['hingeLoss: target 1 must be -1 or 1, got 0', () => hingeLoss(f64([2, 3]), f64([1, 0]))],
  ])('refuses targets that the loss has no meaning for: %s', (message, call) => {
    expectError(call, DataError, message);
  });

  it('refuses an accuracy of a single column, in which class 0 is always the largest', () => {
    const target = tensor([1, 0], { dtype: 'int32' });
    expectError(
      () => accuracy(tensor([[2], [-2]]), target),
      ShapeError,
      'accuracy: the output has 1 column, but each class needs one; for a single logit a row count where its sign is right',
    );
    expectError(() => accuracy([[2, 3]] as never, target), OptionError, 'accuracy: output must be a Tensor, got [[…]]');
  });
});
