/**
 * The public interface of each package as text, in `docs/api/<package>.md`: a change of it shows in a diff, where a reader sees what it breaks.
 *
 *   node tooling/api.js          says which reports differ from what is built
 *   node tooling/api.js --fix    writes them; names of packages choose some
 *
 * A report holds every exported name of every export with its declaration, without comments, and what is private or marked @internal.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript-5';
import { filesUnder, packages, root } from './workspace.js';

const folder = join(root, 'docs/api');

/** The reports by package, of those named or of all. @param {string[]} names @returns {Map<string, string>} */
export function reports(names = []) {
  const all = packages().filter(({ short }) => names.length === 0 || names.includes(short));
  const entries = all.flatMap(({ folder, short, manifest }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([, { types }]) => types !== undefined)
      .map(([path, { types }]) => ({ short, name: manifest.name + path.slice(1), file: join(folder, types) })),
  );
  const missing = entries.find(({ file }) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${missing.name} is not built; npm run build`);
  const program = ts.createProgram({
    rootNames: entries.map(({ file }) => file),
    options: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
      types: [],
      noEmit: true,
      skipLibCheck: true,
      removeComments: true,
    },
  });
  const checker = program.getTypeChecker();
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const { short, name, file } of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
    const lines = symbols
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((symbol) => declarationsOf(symbol, checker));
    const block = `\n## ${name}\n\n\`\`\`ts\n${lines.join('\n')}\n\`\`\`\n`;
    texts.set(short, (texts.get(short) ?? `# The interface of @maru-ml/${short}\n`) + block);
  }
  return texts;
}

const printer = ts.createPrinter({ removeComments: true, omitTrailingSemicolon: false });

/** @param {ts.Symbol} symbol @param {ts.TypeChecker} checker @returns {string[]} */
function declarationsOf(symbol, checker) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declarations = (target.declarations ?? []).flatMap((declaration) => [
    ...classesBehind(declaration, checker),
    declaration,
  ]);
  return declarations.map((declaration) => {
    // The statement of a variable, not only its name.
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const text = printer.printNode(ts.EmitHint.Unspecified, withoutInternals(node), node.getSourceFile());
    return text.replace(/^export (default )?(declare )?/, '').replace(/^declare /, '');
  });
}

/** The class that an interface without members of its own gives its name to. @param {ts.Declaration} declaration @param {ts.TypeChecker} checker @returns {ts.Declaration[]} */
function classesBehind(declaration, checker) {
  if (!ts.isInterfaceDeclaration(declaration) || declaration.members.length > 0) return [];
  const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => types);
  return bases.flatMap(
    (base) => checker.getTypeAtLocation(base).symbol?.declarations?.filter(ts.isClassDeclaration) ?? [],
  );
}

/** A class or interface without its private and internal members. @param {ts.Node} node @returns {ts.Node} */
function withoutInternals(node) {
  const seen = (/** @type {ts.Node} */ member) =>
    !/@internal/.test(member.getFullText().slice(0, member.getLeadingTriviaWidth())) &&
    !(
      ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
    ) &&
    !('name' in member && member.name !== undefined && ts.isPrivateIdentifier(/** @type {ts.Node} */ (member.name)));
  if (ts.isClassDeclaration(node)) {
    const { modifiers, name, typeParameters, heritageClauses } = node;
    const members = node.members.filter(seen);
    return ts.factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, members);
  }
  if (ts.isInterfaceDeclaration(node)) {
    const { modifiers, name, typeParameters, heritageClauses } = node;
    const members = node.members.filter(seen);
    return ts.factory.updateInterfaceDeclaration(node, modifiers, name, typeParameters, heritageClauses, members);
  }
  return node;
}

/** Which reports are not what is built, one sentence each; with `fix` they are written. @param {boolean} fix @param {string[]} [names] */
export function checkReports(fix, names = []) {
  const wanted = reports(names);
  const known = packages().map(({ short }) => join(folder, `${short}.md`));
  const problems = [];
  mkdirSync(folder, { recursive: true });
  for (const file of filesUnder(folder, ['.md'])) {
    if (known.includes(file)) continue;
    if (fix) rmSync(file);
    else problems.push(`${file} belongs to no package; npm run fix`);
  }
  for (const [short, text] of wanted) {
    const file = join(folder, `${short}.md`);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (fix) writeFileSync(file, text);
    else
      problems.push(
        `docs/api/${short}.md is not the interface of what is built; npm run fix, and look at what changed`,
      );
  }
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkReports(
    process.argv.includes('--fix'),
    process.argv.slice(2).filter((argument) => !argument.startsWith('--')),
  );
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
