import { DataError, OptionError } from '@maru-ml/base';
import { fromBytes, type MatrixLike, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClassifier, checkRegressor, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import {
  DecisionTreeClassifier,
  DecisionTreeClassifierModel,
  DecisionTreeRegressor,
  DecisionTreeRegressorModel,
} from '@maru-ml/tree';
import { describe, expect, it } from 'vitest';
import {
  AdaBoostClassifier,
  AdaBoostClassifierModel,
  AdaBoostRegressor,
  AdaBoostRegressorModel,
  BaggingClassifier,
  BaggingClassifierModel,
  BaggingRegressor,
  BaggingRegressorModel,
  StackingClassifier,
  StackingClassifierModel,
  StackingRegressor,
  StackingRegressorModel,
  VotingClassifier,
  VotingClassifierModel,
  VotingRegressor,
  VotingRegressorModel,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };
import { numbers, rounded } from './data.ts';
import members from './fixtures/members.json' with { type: 'json' };

const classes = { DecisionTreeClassifierModel, DecisionTreeRegressorModel };
const stump = new DecisionTreeClassifier({ maxDepth: 1 });
const deep = new DecisionTreeClassifier({ maxDepth: 4 });
const small = new DecisionTreeRegressor({ maxDepth: 2 });
const large = new DecisionTreeRegressor({ maxDepth: 5 });

// The kit makes estimators of options alone.
type Options = Record<string, unknown>;
class Votes extends VotingClassifier {
  constructor(options: Options = {}) {
    super({ stump, deep }, options);
  }
}
class Means extends VotingRegressor {
  constructor(options: Options = {}) {
    super({ small, large }, options);
  }
}
class Stacks extends StackingClassifier {
  constructor(options: Options = {}) {
    super({ stump, deep }, new DecisionTreeClassifier({ maxDepth: 3 }), options);
  }
}
class StackedNumbers extends StackingRegressor {
  constructor(options: Options = {}) {
    super({ small, large }, large, options);
  }
}
class Bags extends BaggingClassifier {
  constructor(options: Options = {}) {
    super(deep, options);
  }
}
class BagsOfNumbers extends BaggingRegressor {
  constructor(options: Options = {}) {
    super(large, options);
  }
}
class Boosted extends AdaBoostClassifier {
  constructor(options: Options = {}) {
    super(new DecisionTreeClassifier({ maxDepth: 2 }), options);
  }
}
class BoostedNumbers extends AdaBoostRegressor {
  constructor(options: Options = {}) {
    super(large, options);
  }
}

interface Loads {
  fromJSON(json: unknown, options: { classes: typeof classes }): unknown;
}
function spec(name: keyof typeof traits, Estimator: Spec['Estimator'], Model: Loads, options: Options): Spec {
  return {
    name,
    Estimator,
    Model: {
      fromJSON: (json: unknown) => Model.fromJSON(json, { classes }),
    },
    options,
    traits: traits[name] as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype): MatrixLike => tensor(rows, { dtype }),
  };
}
checkClassifier(spec('VotingClassifier', Votes, VotingClassifierModel, { voting: 'soft', weights: [1, 2] }));
checkRegressor(spec('VotingRegressor', Means, VotingRegressorModel, {}));
checkClassifier(spec('StackingClassifier', Stacks, StackingClassifierModel, { cv: 3 }));
checkRegressor(spec('StackingRegressor', StackedNumbers, StackingRegressorModel, { passthrough: true }));
checkClassifier(spec('BaggingClassifier', Bags, BaggingClassifierModel, { seed: 0, maxFeatures: 0.9 }));
checkRegressor(spec('BaggingRegressor', BagsOfNumbers, BaggingRegressorModel, { seed: 0, oobScore: true }));
checkClassifier(spec('AdaBoostClassifier', Boosted, AdaBoostClassifierModel, { nEstimators: 5, seed: 0 }));
checkRegressor(spec('AdaBoostRegressor', BoostedNumbers, AdaBoostRegressorModel, { nEstimators: 5, seed: 0 }));

const x = numbers(7, 200, 4).map((row) => row.map(Math.fround));
const noise = numbers(11, 200, 1);
const y = x.map(([a, b, c], i) => rounded(3 * a! + 2 * Math.abs(b!) + a! * c! + 0.5 * noise[i]![0]!, 3));
const held = numbers(17, 40, 4).map((row) => row.map(Math.fround));
const labels = (edges: number[]) => y.map((value) => edges.filter((edge) => value >= edge).length);
const two = labels([1]);
const three = labels([0, 2]);

describe('the numbers of scikit-learn', () => {
  const { answers } = members as { answers: Record<string, number[]> };
  const leaf = { minSamplesLeaf: 15 };
  const tree = (maxDepth: number) => new DecisionTreeClassifier({ maxDepth, ...leaf });
  const regressor = (maxDepth: number) => new DecisionTreeRegressor({ maxDepth, ...leaf });
  const close = (actual: ArrayLike<number>, name: string) =>
    expectClose(Array.from(actual), answers[name]!, { rtol: 1e-9, atol: 1e-12, name });

  it('of votes', () => {
    const both = { one: tree(1), three: tree(3) };
    close(
      new VotingClassifier(both, { voting: 'soft', weights: [1, 2] }).fit(x, three).predictProba!(held).data,
      'soft',
    );
    close(new VotingClassifier({ ...both, two: tree(2) }).fit(x, three).predict(held), 'hard');
    const numbersOf = { one: regressor(1), three: regressor(3) };
    close(new VotingRegressor(numbersOf, { weights: [1, 3] }).fit(x, y).predict(held), 'mean');
  });

  it('of stacks', () => {
    const both = { one: tree(1), three: tree(3) };
    close(new StackingClassifier(both, tree(1)).fit(x, two).predictProba!(held).data, 'stack of two classes');
    const passed = new StackingClassifier(both, tree(2), { cv: 4, passthrough: true });
    close(passed.fit(x, three).predictProba!(held).data, 'stack of three classes');
    const numbersOf = { one: regressor(1), three: regressor(3) };
    close(new StackingRegressor(numbersOf, regressor(3), { cv: 7 }).fit(x, y).predict(held), 'stack of numbers');
  });

  it('of AdaBoost', () => {
    const model = new AdaBoostClassifier(tree(1), { nEstimators: 8 }).fit(x, two);
    close(model.decisionFunction(held) as Float64Array, 'adaboost decision');
    close(model.predictProba(held).data, 'adaboost probabilities');
    close(model.estimatorWeights, 'adaboost weights');
    close(model.estimatorErrors, 'adaboost errors');
    const slow = new AdaBoostClassifier(tree(2), { nEstimators: 8, learningRate: 0.5 }).fit(x, three);
    close(slow.predictProba(held).data, 'adaboost of three classes');
    const staged = [...slow.stagedPredict(held)];
    expect(staged.length).toBe(8);
    expect(staged[7]).toEqual(slow.predict(held));
  });
});

describe('by hand', () => {
  it('AdaBoost weighs a stump that is wrong in one of four rows with log 3', () => {
    const rows = [[1], [2], [3], [4]];
    const model = new AdaBoostClassifier(stump, { nEstimators: 1 }).fit(rows, ['a', 'b', 'a', 'a']);
    // Splitting after 2 or 1 leaves one row wrong: ε = 1/4, α = log((1 - ε) / ε).
    expectClose(Array.from(model.estimatorErrors), [0.25]);
    expectClose(Array.from(model.estimatorWeights), [Math.log(3)]);
  });

  it('votes are counted, of equals the first', () => {
    const always = (label: number) => new DecisionTreeClassifier({ maxDepth: 1, classWeight: { [label]: 1000 } });
    const rows = [[1], [1], [1], [1]];
    const model = new VotingClassifier({ a: always(0), b: always(1) }).fit(rows, [0, 0, 1, 1]);
    expect(model.predict([[1]])).toEqual([0]);
    const heavier = new VotingClassifier({ a: always(0), b: always(1) }, { weights: [1, 1.5] }).fit(rows, [0, 0, 1, 1]);
    expect(heavier.predictOne([1])).toBe(1);
  });

  it('a bag of one model without drawing is the model', () => {
    const bag = new BaggingRegressor(large, { nEstimators: 1, bootstrap: false, seed: 0 }).fit(x, y);
    expect(Array.from(bag.predict(held))).toEqual(Array.from(large.fit(x, y).predict(held)));
  });

  it('a bag scores rows by models that did not see them', () => {
    const bag = new BaggingClassifier(deep, { nEstimators: 30, oobScore: true, seed: 0 }).fit(x, two);
    expect(bag.oobScore!).toBeGreaterThan(0.85);
    expect(bag.oobScore!).toBeLessThan(bag.score(x, two));
  });
});

describe('errors', () => {
  it('name what is wrong with members', () => {
    const owner = 'VotingClassifier: ';
    expectError(() => new VotingClassifier({}), OptionError, `${owner}estimators must not be empty`);
    const list = () => new VotingClassifier([stump] as never);
    expectError(
      list,
      OptionError,
      `${owner}estimators must be an object of estimators by name, got [a DecisionTreeClassifier]`,
    );
    const none = () => new VotingClassifier({ a: 3 as never });
    expectError(none, OptionError, `${owner}estimators.a must be an estimator, got 3`);
    const weights = () => new VotingClassifier({ stump }, { weights: [1, 2] });
    expectError(weights, OptionError, `${owner}weights has 2 numbers, but there is 1 estimator`);
    const zero = () => new VotingClassifier({ stump }, { weights: [0] });
    expectError(zero, OptionError, `${owner}weights must not be all 0`);
  });

  it('name a class that is missing when loading', () => {
    const json = JSON.parse(JSON.stringify(new BaggingClassifier(stump, { nEstimators: 1, seed: 0 }).fit(x, two)));
    expectError(
      () => BaggingClassifierModel.fromJSON(json),
      OptionError,
      'BaggingClassifierModel.fromJSON: models[0] is a DecisionTreeClassifierModel, whose class is not in classes, got none; use { classes: { DecisionTreeClassifierModel } }',
    );
  });

  it('of AdaBoost with a model no better than chance, and of one class', () => {
    const rows = [[1], [1], [1], [1]];
    expectError(
      () => new AdaBoostClassifier(stump).fit(rows, ['a', 'b', 'a', 'b']),
      DataError,
      'AdaBoostClassifier: the first model is no better than chance (it gets 0.5 of the weight wrong); take a better estimator',
    );
    expectError(
      () => new AdaBoostClassifier(stump).fit(rows, ['a', 'a', 'a', 'a']),
      DataError,
      "AdaBoostClassifier: y must have at least two classes, got only 'a'",
    );
  });

  it('of stacks with more folds than a class has rows', () => {
    expectError(
      () => new StackingClassifier({ stump }, deep).fit([[1], [2], [3], [4], [5]], [0, 0, 0, 0, 1]),
      DataError,
      'StackingClassifier: cv is 5, but the class at place 1 has 1 row; lower cv',
    );
  });
});
