import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { cast, mul, parameter, sum, type Tensor, tensor } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  clipGradNorm,
  clipGradValue,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  LBFGS,
  linearDecay,
  minimize,
  multiStepDecay,
  NAdam,
  oneCycle,
  ReduceOnPlateau,
  RMSprop,
  Scheduler,
  SGD,
  stepDecay,
  warmup,
} from '../src/index.ts';

const p = parameter(tensor([1, 2]));
const groups = { paramGroups: [{ lr: 1 }] };
const square = (x: Float64Array) => ({ value: x[0]! ** 2, gradient: Float64Array.of(2 * x[0]!) });

/** A value out of range, and what the error asks for. */
type Range = [wrong: unknown, wanted: string];
const notNegative: Range = [-0.5, 'a number ≥ 0'];
const positive: Range = [0, 'a number > 0'];
const share: Range = [1.5, 'a number ≥ 0 and ≤ 1'];
const whole: Range = [0.5, 'an integer ≥ 0'];
const counted: Range = [0, 'an integer ≥ 1'];
const flag: Range = [1, 'true or false'];

/** All options in the order in which errors list them, null where only the name is checked. */
type Ranges = Record<string, Range | null>;

const closed: [name: string, make: (options: never) => unknown, ranges: Ranges][] = [
  [
    'SGD',
    (options) => new SGD([p], options),
    { lr: notNegative, momentum: notNegative, dampening: ['0', 'a number'], weightDecay: notNegative, nesterov: flag },
  ],
  [
    'Adagrad',
    (options) => new Adagrad([p], options),
    {
      lr: notNegative,
      lrDecay: notNegative,
      weightDecay: notNegative,
      initialAccumulatorValue: notNegative,
      eps: notNegative,
    },
  ],
  [
    'Adadelta',
    (options) => new Adadelta([p], options),
    { lr: notNegative, rho: share, eps: notNegative, weightDecay: notNegative },
  ],
  [
    'RMSprop',
    (options) => new RMSprop([p], options),
    {
      lr: notNegative,
      alpha: share,
      eps: notNegative,
      weightDecay: notNegative,
      momentum: notNegative,
      centered: flag,
      nesterov: flag,
    },
  ],
  ...([Adam, AdamW] as const).map((Method): (typeof closed)[number] => [
    Method.name,
    (options) => new Method([p], options),
    { lr: notNegative, betas: [0.9, 'two numbers'], eps: notNegative, weightDecay: notNegative },
  ]),
  [
    'NAdam',
    (options) => new NAdam([p], options),
    {
      lr: notNegative,
      betas: [[0.9], 'two numbers'],
      eps: notNegative,
      weightDecay: notNegative,
      momentumDecay: notNegative,
    },
  ],
  [
    'LBFGS',
    (options) => new LBFGS([p], options),
    {
      lr: positive,
      maxIter: counted,
      maxEvaluations: counted,
      toleranceGrad: notNegative,
      toleranceChange: notNegative,
      historySize: counted,
    },
  ],
  [
    'minimize',
    (options) => minimize(square, [1], options),
    {
      method: ['bfgs', "'lbfgs' or 'newton-cg'"],
      maxIter: whole,
      gtol: notNegative,
      ftol: notNegative,
      memory: counted,
      xtol: notNegative,
      hessianProduct: null,
      onProgress: null,
    },
  ],
  [
    'ReduceOnPlateau',
    (options) => new ReduceOnPlateau(groups, options),
    {
      mode: ['least', "'min' or 'max'"],
      factor: [1, 'a number ≥ 0 and < 1'],
      patience: whole,
      threshold: notNegative,
      thresholdMode: ['share', "'rel' or 'abs'"],
      cooldown: whole,
      minLr: notNegative,
      eps: notNegative,
    },
  ],
  [
    'oneCycle',
    (options: object) => oneCycle({ steps: 10, ...options }),
    {
      steps: [1, 'an integer ≥ 2'],
      pctStart: share,
      divFactor: positive,
      finalDivFactor: positive,
      anneal: ['sin', "'cos' or 'linear'"],
    },
  ],
];

const open: [name: string, make: (options: object) => unknown, ranges: Record<string, Range>][] = [
  ['stepDecay', (o) => stepDecay({ stepSize: 3, ...o }), { stepSize: counted, gamma: positive }],
  ['multiStepDecay', (o) => multiStepDecay({ milestones: [0, 3], ...o }), { gamma: positive }],
  ['exponentialDecay', (o) => exponentialDecay({ gamma: 0.5, ...o }), { gamma: positive }],
  ['inverseTimeDecay', (o) => inverseTimeDecay({ k: 1, ...o }), { k: notNegative }],
  ['linearDecay', (o) => linearDecay({ final: 0, steps: 5, ...o }), { final: notNegative, steps: counted }],
  ['cosineDecay', (o) => cosineDecay({ steps: 5, ...o }), { steps: counted, final: notNegative }],
  ['warmup', (o) => warmup({ steps: 5, ...o }), { steps: counted, start: share }],
];

const shown = (value: unknown) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));

describe('options out of range', () => {
  for (const [name, make, ranges] of [...closed, ...open]) {
    it(name, () => {
      for (const [option, range] of Object.entries(ranges)) {
        if (range === null) continue;
        const [wrong, wanted] = range;
        const message = `${name}: ${option} must be ${wanted}, got ${shown(wrong)}`;
        expectError(() => make({ [option]: wrong } as never), OptionError, message);
      }
    });
  }

  it.each(closed)('%s: options that there are not', (name, make, ranges) => {
    const names = Object.keys(ranges);
    const known = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
    const message = `${name}: there is no option zzzzzzzzzzzz, only ${known}`;
    expectError(() => make({ zzzzzzzzzzzz: 1 } as never), OptionError, message);
  });

  it('those that do not go together', () => {
    const nesterov = 'SGD: nesterov needs momentum > 0 and dampening 0';
    expectError(() => new SGD([p], { nesterov: true, momentum: 0.9, dampening: 0.1 }), OptionError, nesterov);
    expectError(() => new RMSprop([p], { nesterov: true }), OptionError, 'RMSprop: nesterov needs momentum > 0');
    for (const [betas, at] of [
      [[-0.1, 0.9], 0],
      [[0.9, 1], 1],
    ] as const) {
      const message = `NAdam: betas[${at}] must be a number ≥ 0 and < 1, got ${betas[at]}`;
      expectError(() => new NAdam([p], { betas }), OptionError, message);
    }
    const milestones = 'multiStepDecay: milestones[0] must be an integer ≥ 0, got -1';
    expectError(() => multiStepDecay({ milestones: [-1, 2] }), OptionError, milestones);
    // biome-ignore lint/suspicious/noThenProperty: schedules are not awaited
    expectError(() => warmup({ steps: 2, then: 5 as never }), OptionError, 'warmup: then must be a schedule, got 5');
  });
});

describe('parameters that cannot be optimized', () => {
  const make = (params: unknown) => () => new SGD(params as Tensor[]);
  const all = 'SGD: params must be all tensors, or all groups { params, ... }; number';
  const leaf = 'SGD: parameter 1 must be a leaf that requires a gradient; parameter(t) makes one';
  it.each([
    ['nothing', null, 'SGD: params must be an array of tensors or of groups { params, ... }, got null'],
    ['a number among tensors', [p, 3], `${all} 0 is a Tensor`],
    ['a tensor among groups', [{ params: [p] }, p], `${all} 1 is a Tensor`],
    ['null among groups', [{ params: [p] }, null], `${all} 1 is null`],
    ['a group without parameters', [{ lr: 1 }], `${all} 0 is an object`],
    ['a number in a group', [{ params: [p, 3] }], 'SGD: parameter 1 must be a Tensor, got 3'],
    ['a result', [p, mul(p, 2)], leaf],
    ['the same in two groups', [{ params: [p] }, { params: [p] }], 'SGD: parameter 0 of group 1 is there twice'],
  ])('%s', (_, params, message) => expectError(make(params), OptionError, message));
});

describe('groups and states', () => {
  const pair = () => [parameter(tensor([1, 2])), parameter(tensor([3]))] as const;

  it('prints every group, and saves its options with the number of its parameters', () => {
    const [a, b] = pair();
    const optimizer = new SGD([{ params: [a, b], lr: 0.5 }, { params: [p] }], { momentum: 0.9 });
    expect(String(optimizer)).toBe(
      'SGD(2 parameters, lr: 0.5, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false; 1 parameters, lr: 0.001, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false)',
    );
    const options = { momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false };
    expect(optimizer.stateDict()).toEqual({
      states: [
        { step: 0, tensors: {} },
        { step: 0, tensors: {} },
        { step: 0, tensors: {} },
      ],
      groups: [
        { lr: 0.5, ...options, params: 2 },
        { lr: 0.001, ...options, params: 1 },
      ],
    });
  });

  it('zeroGrad forgets every gradient', () => {
    const [a, b] = pair();
    sum(mul(a, b)).backward();
    new SGD([{ params: [a] }, { params: [b] }]).zeroGrad();
    expect([a.grad, b.grad]).toEqual([null, null]);
    sum(mul(a, b)).backward();
    new LBFGS([a, b]).zeroGrad();
    expect([a.grad, b.grad]).toEqual([null, null]);
  });

  it('loading a state from before the first step forgets what was remembered', () => {
    const [a] = pair();
    const optimizer = new SGD([a], { momentum: 0.9 });
    const before = optimizer.stateDict();
    sum(a).backward();
    optimizer.step();
    expect(optimizer.stateDict().states[0]!.step).toBe(1);
    optimizer.loadStateDict(before);
    expect(optimizer.stateDict()).toEqual(before);
  });

  it('a state that does not fit is told', () => {
    const [a, b] = pair();
    const optimizer = new SGD([a, b], { momentum: 0.9 });
    sum(a).add(sum(b)).backward();
    optimizer.step();
    const saved = optimizer.stateDict();
    expectError(
      () => new SGD([{ params: [a] }, { params: [b] }]).loadStateDict(saved),
      DataError,
      'SGD: the saved state is of 2 parameters in 1 groups, but the optimizer has 2 in 2',
    );
    expectError(
      () => new SGD([a]).loadStateDict(saved),
      DataError,
      'SGD: the saved state is of 2 parameters in 1 groups, but the optimizer has 1 in 1',
    );
    expectError(
      () => new SGD([parameter(tensor([[1, 2, 3]])), b]).loadStateDict(saved),
      ShapeError,
      'SGD: the saved momentum of parameter 0 is [2] but the parameter is [1, 3]',
    );
    expectError(
      () => new Scheduler(groups, exponentialDecay({ gamma: 0.5 })).loadStateDict({ step: 1, initial: [1, 2] }),
      DataError,
      'Scheduler: the saved state is of 2 groups, but the optimizer has 1',
    );
  });

  it('a damaged state is refused before anything changes, and no kernel reads behind the end of a tensor', () => {
    const [a, b] = pair();
    const optimizer = new Adam([a, b]);
    sum(a).add(sum(b)).backward();
    optimizer.step();
    const { states, groups: saved } = optimizer.stateDict();
    const [first, second] = states as [(typeof states)[0], (typeof states)[0]];
    const text = () =>
      JSON.stringify(
        optimizer
          .stateDict()
          .states.map(({ step, tensors }) => [step, tensors.mean!.toArray(), tensors.meanSquare!.toArray()]),
      ) + JSON.stringify(optimizer.stateDict().groups);
    const before = text();
    const number = tensor([0]).reshape([]);
    const refused: [unknown, typeof DataError | typeof ShapeError, string][] = [
      [null, DataError, 'the saved state must hold groups and states, got null'],
      [{ states, groups: [null] }, DataError, 'group 0 has 2 parameters, but the saved one undefined'],
      [{ states, groups: [{ params: 2 }] }, DataError, 'the saved group 0 lacks lr'],
      [{ states, groups: [{ ...saved[0], lr: -1 }] }, DataError, 'lr must be a number ≥ 0, got -1'],
      [
        { states: [first, { ...second, step: 0.5 }], groups: saved },
        DataError,
        'the saved state of parameter 1 must have step and tensors, got an object',
      ],
      [
        { states: [first, { step: 1, tensors: { mean: second.tensors.mean } }], groups: saved },
        DataError,
        'the saved state of parameter 1 lacks meanSquare',
      ],
      [
        { states: [first, { step: 1, tensors: { ...second.tensors, more: a } }], groups: saved },
        DataError,
        "the saved state of parameter 1 has 'more', which is a Tensor",
      ],
      [
        { states: [{ step: 1, tensors: { ...first.tensors, mean: number } }, second], groups: saved },
        ShapeError,
        'the saved mean of parameter 0 is [] but the parameter is [2]',
      ],
      [
        {
          states: [first, { step: 1, tensors: { ...second.tensors, mean: cast(second.tensors.mean!, 'int32') } }],
          groups: saved,
        },
        DataError,
        'the saved mean of parameter 1 must be float32, got int32',
      ],
    ];
    for (const [state, kind, message] of refused) {
      expectError(() => optimizer.loadStateDict(state as ReturnType<Adam['stateDict']>), kind, `Adam: ${message}`);
      expect(text()).toBe(before);
    }
    const scheduler = new Scheduler(groups, exponentialDecay({ gamma: 0.5 }));
    for (const state of [null, { step: -1, initial: [1] }, { step: 1, initial: [Number.NaN] }, { step: 1 }]) {
      expectError(
        () => scheduler.loadStateDict(state as never),
        DataError,
        `Scheduler: the saved state must have step and initial, got ${state === null ? 'null' : 'an object'}`,
      );
    }
    expectError(
      () => new ReduceOnPlateau(groups).loadStateDict({ best: '1', badSteps: 0, cooling: 0 } as never),
      DataError,
      'ReduceOnPlateau: the saved state must have best, badSteps and cooling, got an object',
    );
    expectError(
      () => new LBFGS([p]).loadStateDict({ steps: [tensor([1, 2])], changes: [] }),
      DataError,
      'LBFGS: the saved state must have as many steps as changes, got an object',
    );
    const one = (values: number[]) => tensor(values, { dtype: 'float64' });
    const lbfgs = new LBFGS([p]);
    const [good, n] = [one(Array(p.size).fill(2)), p.size];
    lbfgs.loadStateDict({ steps: [good], changes: [good] });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -2]) {
      expectError(
        () => lbfgs.loadStateDict({ steps: [good, one(Array(n).fill(value))], changes: [good, good] }),
        DataError,
        'LBFGS: the saved steps must each have a finite product above 0 with their changes',
      );
      expect(lbfgs.stateDict().steps).toHaveLength(1);
    }
  });
});

describe('clipping', () => {
  /** Gradients [3, 0] and [4], of norm 5, in either dtype; the last parameter has none. */
  function withGradients(dtype: 'float32' | 'float64'): Tensor[] {
    const [a, b] = [parameter(tensor([1, 1], { dtype })), parameter(tensor([1], { dtype }))];
    const factors = tensor([3, 0], { dtype });
    sum(mul(a, factors))
      .add(sum(mul(b, 4)))
      .backward();
    return [a, b, parameter(tensor([1], { dtype }))];
  }
  const gradients = (params: Tensor[]) => params.map(({ grad }) => grad?.toArray() ?? null);

  it('shortens a long gradient, and leaves a short one as it is', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const params = withGradients(dtype);
      expect(clipGradNorm(params, 5.1)).toBe(5);
      expect(gradients(params)).toEqual([[3, 0], [4], null]);
      expect(clipGradNorm(params, 0.5)).toBe(5);
      expectClose([...params[0]!.grad!.toTypedArray(), ...params[1]!.grad!.toTypedArray()], [0.3, 0, 0.4], {
        rtol: 1e-6,
      });
      const limited = withGradients(dtype);
      clipGradValue(limited, 3.5);
      expect(gradients(limited)).toEqual([[3, 0], [3.5], null]);
    }
  });

  it('needs a limit', () => {
    expectError(() => clipGradNorm([p], 0), OptionError, 'clipGradNorm: maxNorm must be a number > 0, got 0');
    expectError(() => clipGradValue([p], -1), OptionError, 'clipGradValue: limit must be a number > 0, got -1');
  });
});
