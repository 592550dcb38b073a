import { DataError, OptionError, readable, ShapeError, show } from '@maru-ml/base';
import { asSaved, assign, isTensor, resident, scope, type Tensor, zeroGrad, zerosLike } from '@maru-ml/tensor';

/** What an optimizer works on: tensors that require gradients, or groups of them with options of their own. */
export type Parameters<O> = Iterable<Tensor> | Iterable<ParameterGroupOptions<O>>;

/** Parameters whose options differ from the optimizer's. */
export type ParameterGroupOptions<O> = Partial<O> & { params: Iterable<Tensor> };

/** A group as the optimizer holds it; `lr` and the others may be changed between steps, as schedules do. */
export type ParameterGroup<O> = O & { params: Tensor[] };

/** What an optimizer remembers of a parameter: how many steps it took, and tensors such as a momentum. */
export interface ParameterState {
  step: number;
  tensors: Record<string, Tensor>;
}

/** Which tensors an optimizer remembers: those like the parameter, always or sometimes there, and single numbers. */
export type Memory = Readonly<Record<string, 'always' | 'sometimes' | 'number'>>;

/** An optimizer's memory in a form that can be saved: states in the order of the parameters, options of the groups. */
export interface OptimizerState {
  states: ParameterState[];
  groups: Record<string, unknown>[];
}

/**
 * What all optimizers share: groups of parameters, their states, and a step that runs `update` on each parameter that has a
 * gradient. States are made when a parameter is first met and stay in memory that kernels reach without copies.
 */
export abstract class Optimizer<O extends { lr: number } = { lr: number }> {
  /** The algorithm, as errors and the text form name it. */
  readonly name: string;
  readonly paramGroups: ParameterGroup<O>[];
  /** @internal */
  readonly states: Map<Tensor, ParameterState> = new Map();
  /** @internal */
  readonly check: (options: Partial<O>) => O;
  /** @internal */
  readonly memory: Memory | null;

  /**
   * @param check checks the options of a group and fills in defaults
   * @param memory the tensors that `update` keeps of a parameter, to which a loaded state is held; any
   */
  constructor(name: string, params: Parameters<O>, check: (options: Partial<O>) => O, memory: Memory | null = null) {
    const owner = name;
    this.name = name;
    this.check = check;
    this.memory = memory;
    readable(this);
    if (typeof (params as { parameters?: unknown } | null)?.parameters === 'function') {
      throw new OptionError(`${owner}: params must be tensors, got a module; pass its parameters()`);
    }
    if (typeof (params as Iterable<Tensor> | null)?.[Symbol.iterator] !== 'function') {
      throw new OptionError(
        `${owner}: params must be an array of tensors or of groups { params, ... }, got ${show(params)}`,
      );
    }
    const given = [...(params as Iterable<Tensor | ParameterGroupOptions<O>>)];
    if (given.length === 0) throw new OptionError(`${owner}: there are no parameters to optimize`);
    const groups = given.every(isTensor)
      ? [{ params: given } as unknown as ParameterGroupOptions<O>]
      : (given as ParameterGroupOptions<O>[]);
    const seen = new Set<Tensor>();
    this.paramGroups = groups.map((group, i) => {
      if (isTensor(group) || group?.params === undefined) {
        throw new OptionError(
          `${owner}: params must be all tensors, or all groups { params, ... }; number ${i} is ${show(group)}`,
        );
      }
      const { params: tensors, ...options } = group;
      const list = [...tensors];
      for (const [j, p] of list.entries()) {
        if (!isTensor(p)) throw new OptionError(`${owner}: parameter ${j} must be a Tensor, got ${show(p)}`);
        if (p.gradFn !== null || !p.requiresGrad) {
          throw new OptionError(
            `${owner}: parameter ${j} must be a leaf that requires a gradient; parameter(t) makes one`,
          );
        }
        if (seen.has(p)) throw new OptionError(`${owner}: parameter ${j} of group ${i} is there twice`);
        seen.add(p);
      }
      return { ...check(options as unknown as Partial<O>), params: list };
    });
  }

  /** Changes one parameter in place by its gradient. */
  protected abstract update(p: Tensor, gradient: Tensor, state: ParameterState, options: O): void;

  /** Takes one step along the gradients of the parameters. Parameters without a gradient stay as they are. */
  step(): void {
    scope(() => {
      for (const group of this.paramGroups) {
        for (const p of group.params) {
          if (p.grad === null) continue;
          let state = this.states.get(p);
          if (state === undefined) {
            state = { step: 0, tensors: {} };
            this.states.set(p, state);
          }
          state.step++;
          this.update(p, p.grad, state, group);
        }
      }
    });
  }

  /** Forgets the gradients of all parameters. Call it before each `backward`, which adds to them. */
  zeroGrad(): void {
    for (const group of this.paramGroups) for (const p of group.params) zeroGrad(p);
  }

  /** The memory of the optimizer, to be saved beside the parameters. The tensors are the optimizer's own, not copies. */
  stateDict(): OptimizerState {
    const states: ParameterState[] = [];
    const groups: Record<string, unknown>[] = [];
    for (const { params, ...options } of this.paramGroups) {
      for (const p of params) states.push(this.states.get(p) ?? { step: 0, tensors: {} });
      groups.push({ ...options, params: params.length });
    }
    return { states, groups };
  }

  /**
   * Takes over a memory that `stateDict` gave, for the same parameters in the same order.
   * @throws DataError, ShapeError where it does not fit; then nothing has changed
   */
  loadStateDict(dict: OptimizerState): void {
    const owner = this.name;
    const params = this.paramGroups.flatMap((group) => group.params);
    const { groups, states } = Object(dict) as Partial<OptimizerState>;
    if (!Array.isArray(groups) || !Array.isArray(states)) {
      throw new DataError(`${owner}: the saved state must hold groups and states, got ${show(dict)}`);
    }
    if (groups.length !== this.paramGroups.length || states.length !== params.length) {
      throw new DataError(
        `${owner}: the saved state is of ${states.length} parameters in ${groups.length} groups, but the optimizer has ${params.length} in ${this.paramGroups.length}`,
      );
    }
    const options = groups.map((group, i) => this.savedOptions(group, i));
    for (const [i, state] of states.entries()) this.checkState(state, params[i]!, i);
    // All of it fits: only now anything changes.
    for (const [i, { step, tensors }] of states.entries()) {
      const copies = Object.entries(tensors).map(([name, t]) => [name, assign(stateLike(t), t)] as const);
      if (step === 0) this.states.delete(params[i]!);
      else this.states.set(params[i]!, { step, tensors: Object.fromEntries(copies) });
    }
    for (const [i, own] of options.entries()) Object.assign(this.paramGroups[i]!, own);
  }

  /** @internal The options of a saved group, checked as those of a new one. */
  savedOptions(group: unknown, i: number): O {
    const owner = this.name;
    const { params, ...own } = this.paramGroups[i]!;
    const { params: count, ...saved } = Object(group) as Record<string, unknown>;
    if (count !== params.length) {
      throw new DataError(`${owner}: group ${i} has ${params.length} parameters, but the saved one ${show(count)}`);
    }
    const missing = Object.keys(own).find((name) => !Object.hasOwn(saved, name));
    if (missing !== undefined) throw new DataError(`${owner}: the saved group ${i} lacks ${missing}`);
    return asSaved(owner, () => this.check(saved as Partial<O>));
  }

  /** @internal Throws unless this is what the optimizer remembers of a parameter. */
  checkState(state: unknown, p: Tensor, i: number): void {
    const owner = this.name;
    const { step, tensors } = Object(state) as Partial<ParameterState>;
    if (!Number.isSafeInteger(step) || step! < 0 || typeof tensors !== 'object' || tensors === null) {
      throw new DataError(`${owner}: the saved state of parameter ${i} must have step and tensors, got ${show(state)}`);
    }
    const known = this.memory === null ? null : Object.entries(this.memory);
    const lost =
      step === 0 ? undefined : known?.find(([name, how]) => how !== 'sometimes' && !Object.hasOwn(tensors, name));
    if (lost !== undefined) throw new DataError(`${owner}: the saved state of parameter ${i} lacks ${lost[0]}`);
    for (const [name, t] of Object.entries(tensors)) {
      const how = known === null ? 'always' : known.find(([own]) => own === name)?.[1];
      if (how === undefined || !isTensor(t)) {
        throw new DataError(`${owner}: the saved state of parameter ${i} has ${show(name)}, which is ${show(t)}`);
      }
      const single = t.ndim === 0 && (how === 'number' || known === null);
      if (!single && (t.size !== p.size || how === 'number')) {
        throw new ShapeError(
          `${owner}: the saved ${name} of parameter ${i} is [${t.shape.join(', ')}] but the parameter is [${p.shape.join(', ')}]`,
        );
      }
      const dtype = single ? 'float64' : p.dtype;
      if (known !== null && t.dtype !== dtype) {
        throw new DataError(`${owner}: the saved ${name} of parameter ${i} must be ${dtype}, got ${t.dtype}`);
      }
    }
  }

  toString(): string {
    const groups = this.paramGroups.map(({ params, ...options }) => {
      const text = Object.entries(options).map(([name, value]) => `${name}: ${value}`);
      return `${params.length} parameters, ${text.join(', ')}`;
    });
    return `${this.name}(${groups.join('; ')})`;
  }
}

/** Zeros like `t` that stay for as long as the optimizer. */
export function stateLike(t: Tensor): Tensor {
  return resident(zerosLike(t));
}
