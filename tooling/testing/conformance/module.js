/** The checks of modules of neural networks. */
import { assert, refusal, same, values } from './kit.js';

/**
 * @typedef {object} ModuleSpec
 * @property {string} name such as 'Linear'
 * @property {(seed: number) => any} create makes the module with weights from the seed
 * @property {() => any[]} inputs makes the arguments of `forward`, the same ones at each call
 * @property {(output: any) => any} [loss] the scalar that is differentiated; the sum of the output's squares by default
 * @property {(message: string) => never} [fail]
 */

/** @typedef {{ name: string, applies?: (spec: ModuleSpec) => boolean, run: (spec: ModuleSpec) => void }} ModuleCheck */

/** @type {ModuleCheck[]} */
export const moduleChecks = [
  {
    name: 'same seed, same parameters and same output',
    run(spec) {
      const [first, second] = [spec.create(1), spec.create(1)];
      same(state(second), state(first), 'state');
      same(output(second.eval(), spec), output(first.eval(), spec), 'output');
    },
  },
  {
    name: 'other seed, other parameters, if there are any that are drawn',
    run(spec) {
      const [first, second] = [spec.create(1), spec.create(2)];
      const drawn = JSON.stringify(state(first)) !== JSON.stringify(state(second));
      const constant = Object.values(state(first)).every((value) => new Set(flatten(value)).size <= 1);
      assert(drawn || constant, 'parameters must depend on the seed');
    },
  },
  {
    name: 'in use it gives the same output each time and changes nothing',
    run(spec) {
      const module = spec.create(1).eval();
      const before = state(module);
      const first = output(module, spec);
      same(output(module, spec), first, 'output');
      same(state(module), before, 'state');
    },
  },
  {
    name: 'train and eval return the module and reach all modules in it',
    run(spec) {
      const module = spec.create(1);
      assert(module.training === true, 'a new module must be in training');
      assert(module.eval() === module && module.training === false, 'eval must end training and return the module');
      assert(module.train() === module && module.training === true, 'train must start training and return the module');
      for (const mode of [false, true]) {
        module.train(mode);
        for (const [path, part] of module.namedModules()) {
          assert(part.training === mode, `training of '${path}' must be ${mode}`);
        }
      }
    },
  },
  {
    name: 'every parameter is named, comes once, is trained, and gets a gradient of its shape',
    run(spec) {
      const module = spec.create(1);
      const named = module.namedParameters();
      const names = new Set(named.map((/** @type {[string, any]} */ pair) => pair[0]));
      same(names.size, named.length, 'number of different names');
      same(new Set(module.parameters()).size, named.length, 'number of different parameters');
      const out = module.forward(...spec.inputs());
      const loss = spec.loss === undefined ? out.mul(out).sum() : spec.loss(out);
      if (named.length > 0) loss.backward();
      for (const [name, parameter] of named) {
        assert(parameter.requiresGrad, `${name} must require a gradient`);
        assert(parameter.grad !== null, `${name} must get a gradient`);
        same(parameter.grad.shape, parameter.shape, `shape of the gradient of ${name}`);
      }
      module.zeroGrad();
      for (const [name, parameter] of named) {
        const gone = parameter.grad === null || flatten(values(parameter.grad)).every((value) => value === 0);
        assert(gone, `zeroGrad must forget the gradient of ${name}`);
      }
    },
  },
  {
    name: 'its state dict makes another module give the same output',
    run(spec) {
      const [from, to] = [spec.create(1), spec.create(2)];
      from.forward(...spec.inputs()); // running statistics move
      assert(to.loadStateDict(from.stateDict()) === to, 'loadStateDict must return the module');
      same(state(to), state(from), 'state');
      same(output(to.eval(), spec), output(from.eval(), spec), 'output');
    },
  },
  {
    name: 'refuses a state dict with missing, unknown or mis-shaped entries, and has not changed then',
    applies: (spec) => Object.keys(spec.create(1).stateDict()).length > 0,
    run(spec) {
      const module = spec.create(1);
      const before = state(module);
      const dict = spec.create(2).stateDict();
      const [[name = '', tensor] = []] = Object.entries(dict);
      const { [name]: _, ...missing } = dict;
      for (const [what, bad] of Object.entries({
        missing,
        unknown: { ...dict, 'not.there': tensor },
        'mis-shaped': { ...dict, [name]: tensor.reshape([1, ...tensor.shape]) },
      })) {
        const { message } = refusal(() => module.loadStateDict(bad), `a state dict with a ${what} entry`);
        const subject = what === 'unknown' ? 'not.there' : name;
        assert(message.includes(subject), `the refusal must name ${subject}, got '${message}'`);
        same(state(module), before, `state after a state dict with a ${what} entry`);
      }
    },
  },
  {
    name: 'prints its name',
    run(spec) {
      const printed = String(spec.create(1));
      assert(printed.startsWith(`${spec.name}(`), `the text must start with '${spec.name}(', got '${printed}'`);
    },
  },
];

/** The module's numbers by name. @param {any} module @returns {Record<string, any>} */
function state(module) {
  return Object.fromEntries(Object.entries(module.stateDict()).map(([name, tensor]) => [name, values(tensor)]));
}

/** @param {any} module @param {ModuleSpec} spec @returns {any} */
function output(module, spec) {
  const out = module.forward(...spec.inputs());
  return Array.isArray(out) ? out.map(values) : values(out);
}

/** @param {any} value @returns {number[]} */
function flatten(value) {
  return Array.isArray(value) ? /** @type {any} */ (value).flat(Number.POSITIVE_INFINITY) : [value];
}
