import { Random } from '@maru-ml/base';
import { abs, grad, matmul, max, ones, randn, sigmoid, type Tensor, tensor, transpose } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

/** A5 and A5b: the gradients of small nets, step by step as on paper, beside those that `backward` finds. */
export const backpropByHand: Study = {
  row: 'A5',
  title: 'Matrix calculus: backpropagation by hand, with one and two layers',
  source: '000, matrix derivative (5), and A5b',
  run(context) {
    oneLayer(context);
    twoLayers(context);
  },
};

/** Λ = Σ S, S = σ(N), N = XW, with X [3, 3] and W [3, 2]. */
function oneLayer(context: Context): void {
  const random = new Random(5);
  const x = randn([3, 3], { seed: random, dtype: 'float64', requiresGrad: true });
  const w = randn([3, 2], { seed: random, dtype: 'float64', requiresGrad: true });

  const n = matmul(x, w);
  const s = sigmoid(n);
  const total = s.sum();
  total.backward();

  // On paper: Λ is the sum of all elements of S, so each of them counts once.
  const dTotalByS = ones([3, 2], { dtype: 'float64' });
  const dSByN = s.mul(s.mul(-1).add(1));
  const dN = dTotalByS.mul(dSByN);
  const dX = matmul(dN, transpose(w));
  const dW = matmul(transpose(x), dN);

  context.text(
    'One layer: N = XW with X [3, 3] and W [3, 2], S = σ(N) and Λ = ΣS. From the end to the start, ∂Λ/∂S is a matrix of ones, ∂S/∂N = σ(N)(1 - σ(N)) element by element, and ∂Λ/∂X = (∂Λ/∂S ⊙ ∂S/∂N) Wᵀ.',
  );
  context.code(`∂Λ/∂X by hand\n${dX.detach()}\n\n∂Λ/∂X by backward()\n${x.grad}`);
  context.figure(
    '∂Λ/∂S: shape, sum of its elements',
    '3 x 2, 6',
    `${dTotalByS.shape.join(' x ')}, ${dTotalByS.sum().item()}`,
  );
  context.figure('∂Λ/∂X, largest difference from backward()', 0, largestDifference(dX, x.grad!), { digits: 14 });
  context.figure('∂Λ/∂W = Xᵀ ∂Λ/∂N, largest difference', 0, largestDifference(dW, w.grad!), { digits: 14 });
  context.erratum(
    'One line of the derivation leaves ∂S/∂N out (∂Λ/∂X = ∂Λ/∂S Wᵀ) and another ends in Xᵀ; its last line, (∂Λ/∂S ⊙ ∂S/∂N) Wᵀ, is right.',
  );
}

/** P = σ(XW₁ + B₁) W₂ + B₂ with the loss ½ Σ (Y - P)², in the source's names. */
function twoLayers(context: Context): void {
  const random = new Random(6);
  const draw = (...shape: number[]) => randn(shape, { seed: random, dtype: 'float64', requiresGrad: true });
  const x = draw(4, 3);
  const y = draw(4, 1);
  const [W1, B1, W2, B2] = [draw(3, 2), draw(1, 2), draw(2, 1), draw(1, 1)];

  const M1 = matmul(x, W1);
  const N1 = M1.add(B1);
  const O1 = sigmoid(N1);
  const M2 = matmul(O1, W2);
  const P = M2.add(B2);
  const loss = y.sub(P).pow(2).sum().mul(0.5);

  const dP = y.sub(P).neg();
  const dB2 = dP.sum(0, { keepDims: true });
  const dW2 = matmul(transpose(O1), dP);
  const dO1 = matmul(dP, transpose(W2));
  const dN1 = dO1.mul(O1).mul(O1.neg().add(1));
  const dB1 = dN1.sum(0, { keepDims: true });
  const dW1 = matmul(transpose(x), dN1);

  const steps: [name: string, rule: string, byHand: Tensor, value: Tensor][] = [
    ['∂L/∂P', '-(Y - P)', dP, P],
    ['∂L/∂B₂', 'Σ over rows of ∂L/∂P', dB2, B2],
    ['∂L/∂W₂', 'O₁ᵀ ∂L/∂P', dW2, W2],
    ['∂L/∂O₁', '∂L/∂P W₂ᵀ', dO1, O1],
    ['∂L/∂N₁', '∂L/∂O₁ ⊙ σ(N₁)(1 - σ(N₁))', dN1, N1],
    ['∂L/∂B₁', 'Σ over rows of ∂L/∂N₁', dB1, B1],
    ['∂L/∂W₁', 'Xᵀ ∂L/∂N₁', dW1, W1],
  ];
  // Gradients with respect to what was computed on the way, too.
  const found = grad(
    loss,
    steps.map(([, , , value]) => value),
  );
  context.text(
    'Two layers (A5b): M₁ = XW₁, N₁ = M₁ + B₁, O₁ = σ(N₁), M₂ = O₁W₂, P = M₂ + B₂, and the loss is ½ Σ (Y - P)². Each step uses the one before; a bias was added to every row, so its gradient is a sum over rows.',
  );
  context.table(
    ['gradient', 'rule', 'shape', 'largest difference'],
    steps.map(([name, rule, byHand], i) => [
      name,
      rule,
      `[${byHand.shape.join(', ')}]`,
      largestDifference(byHand, found[i]!),
    ]),
  );
  const worst = Math.max(...steps.map(([, , byHand], i) => largestDifference(byHand, found[i]!)));
  context.figure('two layers: largest difference of all seven', 0, worst, { digits: 14 });
  context.text(
    "The scanned notes seem to say ½ (1 - σ)² for the sigmoid's derivative in step 6. It is σ(1 - σ), as their own code computes.",
  );
  const at = tensor(0.7, { dtype: 'float64', requiresGrad: true });
  sigmoid(at).backward();
  context.figure("σ'(.7) - σ(.7)(1 - σ(.7))", 0, at.grad!.item() - sigmoid(at).item() * (1 - sigmoid(at).item()), {
    digits: 14,
  });
}

function largestDifference(a: Tensor, b: Tensor): number {
  return max(abs(a.sub(b))).item();
}
