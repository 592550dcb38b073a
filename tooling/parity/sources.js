/**
 * What the sources say without being run: which names the packages export, and, for an expression of a test, which of these names it is made with and which fixtures it
 * reads. Names are followed through variables, loops, helpers and imports of test files by TypeScript's own binding.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript-5';
import { filesUnder, packages, root } from '../workspace.js';

/**
 * @typedef {object} Export
 * @property {string} package
 * @property {string} from the entry of the package behind its name, '' or '/dense'
 * @property {string} name
 * @property {'class' | 'function' | 'value'} kind
 * @property {string} file where it is declared, from the repository's root
 * @property {boolean} internal a class that only the package constructs
 * @property {Set<string>} gives what stands in the types of what it returns, and its methods
 */

/**
 * @typedef {object} Reached
 * @property {Map<Export, number>} names what an expression is made with, and after how many declarations it is met
 * @property {Set<string>} fixtures from the repository's root
 * @property {boolean} all whether it takes a package's exports as a whole, to look one up by its name
 */

export class Sources {
  /** Every exported name of every package that is a value. @type {Export[]} */
  exports = [];
  /** Test files and their helpers by path from the repository's root, each with its package. @type {Map<string, { package: string, source: ts.SourceFile }>} */
  tests = new Map();
  /** What the JSON files of fixtures hold, by path from the repository's root. @type {Map<string, any>} */
  fixtures = new Map();
  /** @type {Map<ts.Symbol, Export>} */
  #exportOf = new Map();
  /** @type {ts.TypeChecker} */
  #checker;

  /** @param {import('../workspace.js').Package[]} list */
  constructor(list = packages()) {
    const entries = list.flatMap(({ short, folder, manifest }) =>
      Object.entries(manifest.exports ?? {})
        .filter(([, { source }]) => source?.endsWith('.ts'))
        .map(([entry, { source }]) => ({ short, folder, from: entry.slice(1), file: join(folder, source) })),
    );
    const tests = list.flatMap(({ short, folder }) =>
      filesUnder(join(folder, 'test'), ['.ts', '.js']).map((file) => ({ short, file })),
    );
    const program = ts.createProgram({
      rootNames: [...entries, ...tests].map(({ file }) => file),
      options: {
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        customConditions: ['source'],
        allowImportingTsExtensions: true,
        allowJs: true,
        noEmit: true,
        noLib: true,
        types: [],
      },
    });
    this.#checker = program.getTypeChecker();
    for (const { short, folder, from, file } of entries)
      this.#readExports(short, path(folder), from, program.getSourceFile(file));
    for (const file of list.flatMap(({ folder }) => filesUnder(join(folder, 'test'), ['.json']))) {
      if (path(file).includes('/fixtures/')) this.fixtures.set(path(file), JSON.parse(readFileSync(file, 'utf8')));
    }
    for (const { short, file } of tests) {
      const source = program.getSourceFile(file);
      if (source !== undefined) this.tests.set(path(file), { package: short, source });
    }
  }

  /** @param {string} short @param {string} folder @param {string} from @param {ts.SourceFile | undefined} source */
  #readExports(short, folder, from, source) {
    const module = source && this.#checker.getSymbolAtLocation(source);
    if (module === undefined) return;
    for (const symbol of this.#checker.getExportsOfModule(module)) {
      const target = this.#resolve(symbol);
      const declaration = target.declarations?.[0];
      if (!(target.flags & ts.SymbolFlags.Value) || declaration === undefined || this.#exportOf.has(target)) continue;
      // What is re-exported belongs to the package that declares it.
      const file = path(declaration.getSourceFile().fileName);
      if (!file.startsWith(`${folder}/`)) continue;
      const declarations = (target.declarations ?? []).flatMap((one) => [one, ...this.#classesBehind(one)]);
      const [internal, gives] = [isInternal(declaration), givenBy(declarations)];
      const entry = { package: short, from, name: symbol.name, kind: kindOf(declaration), file, internal, gives };
      this.#exportOf.set(target, entry);
      this.exports.push(entry);
    }
  }

  /** The class that an interface gives its name to: models do not export theirs. @param {ts.Declaration} declaration @returns {ts.Declaration[]} */
  #classesBehind(declaration) {
    const clauses = ts.isInterfaceDeclaration(declaration) ? (declaration.heritageClauses ?? []) : [];
    const symbols = clauses.flatMap(({ types }) =>
      types.map(({ expression }) => this.#checker.getSymbolAtLocation(expression)),
    );
    return symbols.flatMap(
      (symbol) => (symbol && this.#resolve(symbol).declarations?.filter(ts.isClassDeclaration)) ?? [],
    );
  }

  /** @param {ts.Symbol} symbol */
  #resolve(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /**
   * The call that a line of a stack trace points at.
   *
   * @param {string} file @param {number} line @param {number} column both from 1
   * @returns {ts.CallExpression | ts.NewExpression | undefined}
   */
  callAt(file, line, column) {
    const source = this.tests.get(file)?.source;
    if (source === undefined || line > source.getLineStarts().length) return undefined;
    const position = source.getPositionOfLineAndCharacter(line - 1, 0) + column - 1;
    /** @type {ts.CallExpression | ts.NewExpression | undefined} */
    let call;
    const visit = (/** @type {ts.Node} */ node) => {
      if (position < node.getStart() || position >= node.end) return;
      if (ts.isNewExpression(node) || (ts.isCallExpression(node) && position < node.expression.end)) call = node;
      ts.forEachChild(node, visit);
    };
    visit(source);
    return call;
  }

  /**
   * What these expressions are made with. Where they look something up in a table of the test's file, only the entries with one of the labels are followed, if
   * there are such.
   *
   * @param {readonly ts.Node[]} nodes
   * @param {string[]} labels the test's title and the like
   * @returns {Reached}
   */
  reach(nodes, labels) {
    /** @type {Reached} */
    const reached = { names: new Map(), fixtures: new Set(), all: false };
    /** @type {Set<ts.Node>} */
    const seen = new Set();
    /** @type {Set<string>} */
    const strings = new Set(labels);
    /** @type {RegExp[]} */
    const patterns = [];
    let level = [...nodes];
    for (let depth = 0; level.length > 0; depth++) {
      /** @type {ts.Node[]} */
      const next = [];
      const visit = (/** @type {ts.Node} */ node) => {
        if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
        if (ts.isObjectLiteralExpression(node)) {
          const chosen = chosenFrom(node, labels);
          for (const property of chosen.length > 0 ? chosen : node.properties) visit(property);
          return;
        }
        if (ts.isStringLiteralLike(node)) {
          strings.add(node.text);
          if (/(\bfixtures\/|\.json)$/.test(node.text)) patterns.push(patternOf(node, [node.text]));
        } else if (ts.isTemplateExpression(node)) {
          const parts = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
          if (parts.at(-1)?.endsWith('.json')) patterns.push(patternOf(node, parts));
        } else if (ts.isIdentifier(node)) {
          const symbol = ts.isShorthandPropertyAssignment(node.parent)
            ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
            : this.#checker.getSymbolAtLocation(node);
          const target = symbol && this.#resolve(symbol);
          const entry = target && this.#exportOf.get(target);
          if (entry !== undefined) reached.names.set(entry, Math.min(depth, reached.names.get(entry) ?? depth));
          else if (isNamespace(symbol)) reached.all = true;
          else if (symbol !== undefined) next.push(...definitions(symbol, target));
          return;
        }
        if (ts.isPropertyAccessExpression(node)) {
          // Only a namespace's members are names; other objects' members say nothing about where they come from.
          const inside =
            ts.isIdentifier(node.expression) && isNamespace(this.#checker.getSymbolAtLocation(node.expression));
          visit(inside ? node.name : node.expression);
          return;
        }
        if (ts.isPropertyAssignment(node)) visit(node.initializer);
        else ts.forEachChild(node, visit);
      };
      for (const node of level) visit(node);
      level = next.filter((node) => !seen.has(node) && seen.add(node));
    }
    const said = (/** @type {string} */ part) => strings.has(part) || labels.some((label) => label.includes(part));
    for (const pattern of patterns) {
      for (const file of this.fixtures.keys()) {
        const unknown = file.match(pattern)?.slice(1);
        if (unknown?.every(said)) reached.fixtures.add(file);
      }
    }
    return reached;
  }
}

/** The entries of a table whose key is a label, or else the one whose key is a word of a label. @param {ts.ObjectLiteralExpression} table @param {string[]} labels */
function chosenFrom({ properties }, labels) {
  const named = properties.filter(({ name }) => name !== undefined && textOf(name) !== '');
  const exact = named.filter(({ name }) => name !== undefined && labels.includes(textOf(name)));
  if (exact.length > 0 || named.length < 3) return exact;
  const words = new Set(labels.flatMap((label) => label.split(/\W+/)));
  const byWord = named.filter(({ name }) => name !== undefined && words.has(textOf(name)));
  return byWord.length === 1 ? byWord : [];
}

/** What a name of a test stands for: the expressions that it was made with. @param {ts.Symbol} symbol @param {ts.Symbol | undefined} target @returns {ts.Node[]} */
function definitions(symbol, target) {
  const imported = symbol.declarations?.find(ts.isImportClause)?.parent.moduleSpecifier;
  if (imported !== undefined && ts.isStringLiteral(imported) && imported.text.endsWith('.json')) return [imported];
  return (target?.declarations ?? []).flatMap(origins);
}

/** What a declaration of a test was made with. @param {ts.Node} declaration @returns {ts.Node[]} */
function origins(declaration) {
  if (!/\/test\//.test(path(declaration.getSourceFile().fileName))) return [];
  /** @type {ts.Node} */
  let node = declaration;
  while (ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)) node = node.parent; // biome-ignore format: one line
  if (ts.isVariableDeclaration(node)) {
    const loop = node.parent.parent;
    if (ts.isForOfStatement(loop) || ts.isForInStatement(loop)) return [loop.expression];
    return node.initializer === undefined ? [] : [node.initializer];
  }
  if (ts.isParameter(node)) {
    // A callback's argument comes from what the callback is given to: `cases.map((one) => …)`, `it.each(cases)('…', (one) => …)`.
    const call = node.parent.parent;
    return ts.isCallExpression(call) && call.expression !== node.parent ? [call.expression] : [];
  }
  if (ts.isFunctionDeclaration(node)) return node.body === undefined ? [] : [node.body];
  return ts.isClassDeclaration(node) || ts.isPropertyAssignment(node) ? [node] : [];
}

/** @param {ts.Symbol | undefined} symbol */
const isNamespace = (symbol) => symbol?.declarations?.some(ts.isNamespaceImport) ?? false;

/** @param {ts.PropertyName} name */
const textOf = (name) => ('text' in name ? name.text : '');

/** @param {ts.Declaration} declaration @returns {Export['kind']} */
function kindOf(declaration) {
  if (ts.isClassDeclaration(declaration)) return 'class';
  if (ts.isFunctionDeclaration(declaration)) return 'function';
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? 'function' : 'value';
}

/** Whether the constructor of a class is marked as internal. @param {ts.Declaration} declaration */
function isInternal(declaration) {
  const make = ts.isClassDeclaration(declaration) ? declaration.members.find(ts.isConstructorDeclaration) : undefined;
  return make !== undefined && ts.getJSDocTags(make).some(({ tagName }) => tagName.text === 'internal');
}

/** The names in the types that functions, or the methods of classes, are declared to return. @param {readonly ts.Declaration[]} declarations @returns {Set<string>} */
function givenBy(declarations) {
  /** @type {Set<string>} */
  const names = new Set();
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const declaration of declarations) {
    const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
    const functions = value !== undefined && ts.isClassDeclaration(value) ? value.members : [value];
    for (const one of functions) if (one !== undefined && ts.isFunctionLike(one) && one.type) visit(one.type);
  }
  return names;
}

/** @param {string} file an absolute path @returns {string} from the repository's root */
export const path = (file) => relative(root, file).replaceAll('\\', '/');

/** The paths of fixtures that a string in a test may mean; the parts between stand for something unknown, and a folder for all in it. @param {ts.Node} node @param {string[]} parts */
function patternOf(node, parts) {
  const [first = '', ...rest] = parts;
  const start = path(join(node.getSourceFile().fileName, '..', first)) + (/(^|\/)$/.test(first) ? '/' : '');
  const known = [start, ...rest].map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${known.join('(.+)')}${rest.length === 0 && start.endsWith('/') ? '' : '$'}`);
}

/**
 * What a fixture says of the libraries that made it: `scikit-learn 1.2.1`. NumPy is named where it is the reference itself, not where it only made the inputs.
 *
 * @param {any} fixture
 * @param {Record<string, string>} names other spellings of libraries
 */
export function librariesOf(fixture, names) {
  const notes = Object.assign({}, fixture, fixture.versions, fixture.made_by, typeof fixture.made === 'object' ? fixture.made : {}); // biome-ignore format: one line
  const found = Object.entries(notes)
    .filter(([name, value]) => typeof value === 'string' && /^\d+(\.\d+)+/.test(value) && name !== 'python')
    .map(([name, version]) => [names[name] ?? name, version]);
  const others = found.filter(([name]) => name !== 'NumPy');
  if (found.length === 0) return typeof fixture.source === 'string' ? [fixture.source] : [];
  return (others.length > 0 ? others : found).map((pair) => pair.join(' ')).sort();
}

/** @param {string} file from the repository's root */
export const readJson = (file) => (existsSync(join(root, file)) ? JSON.parse(readFileSync(join(root, file), 'utf8')) : undefined); // biome-ignore format: one line
