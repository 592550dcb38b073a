import {
  DataError,
  OptionError,
  Random,
  type RandomState,
  randomFromState,
  readable,
  ShapeError,
  show,
} from '@maru-ml/base';
import { assign, free, isTensor, type Tensor, zeroGrad } from '@maru-ml/tensor';

/** What tells a module from other objects, whichever copy of the package made it. */
const MODULE = Symbol.for('maru.module');

/** Parameters and buffers by their names, such as 'fc1.weight'. */
export type StateDict = Record<string, Tensor>;

export interface LoadOptions {
  /** Refuse names that are missing or too many; true. */
  strict?: boolean;
}

/**
 * A part of a network with parameters of its own: a layer, or a net made of other modules. A subclass makes its parameters
 * and modules in the constructor, as fields, and computes with them in `forward`.
 *
 * ```ts
 * class Net extends Module {
 *   fc1 = new Linear(784, 256);
 *   fc2 = new Linear(256, 10);
 *   forward(x: Tensor): Tensor {
 *     return this.fc2.forward(relu(this.fc1.forward(x)));
 *   }
 * }
 * ```
 */
export abstract class Module<Inputs extends unknown[] = [Tensor], Output = Tensor> {
  constructor() {
    // Set once, not declared as a member, so that modules of two copies of the package are of one type.
    if (!(MODULE in this)) Object.defineProperty(Module.prototype, MODULE, { value: true });
    readable(this);
  }

  /** Whether layers such as dropout behave as in training; changed by `train` and `eval`. */
  training = true;

  /** Computes the output. */
  abstract forward(...inputs: Inputs): Output;

  /** The modules that are fields of this one, by field; elements of an array as 'blocks.0'. */
  namedChildren(): [string, AnyModule][] {
    return [...fields(this)].filter((field): field is [string, AnyModule] => isModule(field[1]));
  }

  /** This module and all below it, by path. */
  namedModules(path = ''): [string, AnyModule][] {
    const own: [string, AnyModule][] = [[path, this as AnyModule]];
    const below = this.namedChildren().flatMap(([name, child]) => child.namedModules(join(path, name)));
    return [...own, ...below];
  }

  /** All parameters by path, each once. They carry their path as their name afterwards. */
  namedParameters(): [string, Tensor][] {
    return this.named('parameter');
  }

  /** All parameters, each once. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, t]) => t);
  }

  /** All buffers (what is saved but not trained) by path. */
  namedBuffers(): [string, Tensor][] {
    return this.named('buffer');
  }

  /** Parameters and buffers by path, tensors named as in PyTorch ('norm.running_mean'). They are the module's own, not copies. */
  stateDict(): StateDict {
    return Object.fromEntries([...this.namedParameters(), ...this.namedBuffers()]);
  }

  /**
   * Copies values into the parameters and buffers.
   * @throws DataError for missing or unknown names, ShapeError for another shape; then nothing has changed
   */
  loadStateDict(dict: StateDict, { strict = true }: LoadOptions = {}): this {
    for (const [name, t] of this.checkStateDict(dict, strict)) assign(t, dict[name]!);
    return this;
  }

  /** @internal The own tensors that a state has values for, by name. Throws as `loadStateDict`. */
  checkStateDict(dict: StateDict, strict = true): [string, Tensor][] {
    if (typeof dict !== 'object' || dict === null) {
      throw new DataError(`loadStateDict: the state must be tensors by their names, got ${show(dict)}`);
    }
    const own = this.stateDict();
    const missing = Object.keys(own).filter((name) => !Object.hasOwn(dict, name));
    const unknown = Object.keys(dict).filter((name) => !Object.hasOwn(own, name));
    if (strict && missing.length > 0)
      throw new DataError(`loadStateDict: ${missing.join(', ')} missing from the saved state`);
    if (strict && unknown.length > 0) throw new DataError(`loadStateDict: the module has no ${unknown.join(', ')}`);
    const pairs = Object.entries(own).filter(([name]) => Object.hasOwn(dict, name));
    for (const [name, t] of pairs) {
      const saved: unknown = dict[name];
      if (!isTensor(saved)) throw new DataError(`loadStateDict: ${name} must be a tensor, got ${show(saved)}`);
      if (saved.shape.length === t.shape.length && saved.shape.every((n, i) => n === t.shape[i])) continue;
      throw new ShapeError(
        `loadStateDict: ${name} is [${t.shape.join(', ')}] but the saved one is [${saved.shape.join(', ')}]`,
      );
    }
    return pairs;
  }

  /** The states of the random generators in this module and below (those of dropout) by path, to be saved with a training. */
  randomStates(): Record<string, RandomState> {
    return Object.fromEntries(this.namedRandoms().map(([path, random]) => [path, random.state]));
  }

  /** Takes over the states that `randomStates` gave. @throws DataError where one is missing or none; then nothing has changed */
  loadRandomStates(states: Record<string, RandomState>): void {
    const pairs = this.namedRandoms().map(([path, random]) => {
      if (!Object.hasOwn(Object(states), path)) {
        throw new DataError(`loadRandomStates: ${path} missing from the saved states`);
      }
      return [random, randomFromState(states[path]!)] as const;
    });
    for (const [random, saved] of pairs) Object.assign(random.state, saved.state);
  }

  /** Makes the module and all below it behave as in training. */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Makes the module and all below it behave as in use: no dropout, running statistics. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const p of this.parameters()) zeroGrad(p);
  }

  /** Gives the memory of all parameters and buffers back now. The module cannot be used afterwards. */
  free(): void {
    for (const t of Object.values(this.stateDict())) free(t);
  }

  /** What stands in brackets after the module's name in its text form, such as '784, 256'. */
  describe(): string {
    return '';
  }

  toString(): string {
    const children = this.namedChildren();
    // Layers state their names themselves (`static name`), since bundlers rename classes; nets of one's own may do so, too.
    const head = `${this.constructor.name}(${this.describe()}`;
    if (children.length === 0) return `${head})`;
    const lines = children.map(([name, child]) => `  (${name}): ${String(child).replaceAll('\n', '\n  ')}`);
    return `${head}\n${lines.join('\n')}\n)`;
  }

  /** @internal */
  namedRandoms(): [string, Random][] {
    return this.namedModules().flatMap(([path, module]) =>
      [...fields(module)].flatMap(([name, value]): [string, Random][] =>
        value instanceof Random ? [[join(path, name), value]] : [],
      ),
    );
  }

  /** @internal Tensors of a role by path, each once. */
  named(role: Tensor['role']): [string, Tensor][] {
    const seen = new Set<Tensor>();
    const found: [string, Tensor][] = [];
    for (const [path, module] of this.namedModules()) {
      for (const [name, value] of fields(module)) {
        if (!isTensor(value) || value.role !== role || seen.has(value)) continue;
        seen.add(value);
        const full = join(path, snakeCase(name));
        value.name ||= full;
        found.push([full, value]);
      }
    }
    return found;
  }
}

/** A module whatever its inputs and output. */
export type AnyModule = Module<never[], unknown>;

/** Throws an `OptionError` unless a layer was given a tensor. */
export function checkTensor(owner: string, x: unknown): asserts x is Tensor {
  if (!isTensor(x))
    throw new OptionError(`${owner}: x must be a Tensor, got ${show(x)}; tensor(x) makes one of numbers`);
}

function isModule(value: unknown): value is AnyModule {
  return typeof value === 'object' && value !== null && MODULE in value;
}

/** The fields of a module, elements of arrays as 'name.0', 'name.1'. */
function* fields(module: object): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(module)) {
    if (Array.isArray(value)) yield* value.map((item, i): [string, unknown] => [`${name}.${i}`, item]);
    else yield [name, value];
  }
}

/** Tensors carry PyTorch's names, so that states can be exchanged: runningMean is 'running_mean'. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
