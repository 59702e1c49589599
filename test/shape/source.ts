import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  /** Path of a module of ours from the project's root, or a package as it is written. */
  to: string;
  ours: boolean;
  typeOnly: boolean;
  /** Brought in while the module runs, not before it. */
  dynamic?: true;
}

export interface SourceModule {
  /** From the project's root, with slashes. */
  path: string;
  text: string;
  imports: Import[];
  /** Top-level statements that do something when the module is loaded, by their source. */
  effects: string[];
  /** Free functions and objects that are called or read somewhere in the module, by name. */
  names: Set<string>;
}

/** A node of the syntax tree (ESTree with TypeScript), as far as it is looked at here. */
interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Reads and parses every module of the extension under these folders. */
export function readModules(folders: readonly string[]): SourceModule[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/\.d\.ts$/.test(file))
      .map((file) => parseModule(posix.join(folder, file.replaceAll('\\', '/')))),
  );
}

/** Parses one module; `text` stands in for the file where a test brings its own. Throws on a syntax error. */
export function parseModule(path: string, text = readFileSync(join(root, path), 'utf8')): SourceModule {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const body = program.body as unknown as Node[];
  const names = new Set<string>();
  const dynamic: string[] = [];
  visit(body, (node) => {
    if (node.type === 'Identifier') names.add(String(node.name));
    if (node.type === 'MemberExpression') {
      const { object, property } = node as unknown as { object: Node; property: Node };
      if (['globalThis', 'window', 'self'].includes(String(object.name)))
        names.add(`global ${property.name}`);
    }
    if (node.type === 'CallExpression') {
      const callee = node.callee as Node;
      if (callee.type === 'Identifier') names.add(`call ${callee.name}`);
    }
    if (node.type === 'ImportExpression') dynamic.push(String((node.source as Node).value));
  });
  const statics = body
    .filter((node) => /^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && node.source)
    .map((node) => ({ source: String((node.source as Node).value), typeOnly: isTypeOnly(node) }));
  const later = dynamic.map((source) => ({ source, typeOnly: false, dynamic: true as const }));
  const imports = [...statics, ...later].map(({ source, ...how }): Import => {
    const ours = source.startsWith('.');
    const file = source.replace(/[?#].*$/, '');
    return { to: ours ? posix.join(posix.dirname(path), file) : source, ours, ...how };
  });
  const effects = body.filter(doesSomething).map((node) => text.slice(node.start, node.end));
  return { path, text, imports, effects, names };
}

/** Chains of modules that import themselves. Imports of types alone are gone in what runs, so they do not count. */
export function findCycles(modules: readonly SourceModule[]): string[][] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  const walk = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path]);
      return;
    }
    state.set(path, 'open');
    for (const { to, ours, typeOnly } of byPath.get(path)?.imports ?? [])
      if (ours && !typeOnly) walk(to, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of modules) walk(path, []);
  return cycles;
}

/**
 * Everything that a module brings into its bundle: modules of ours and packages, by value imports; `atOnce`: without
 * what is brought in while it runs.
 */
export function bundleOf(modules: readonly SourceModule[], entry: string, atOnce = false): Set<string> {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const reached = new Set<string>();
  const walk = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { to, typeOnly, dynamic } of byPath.get(path)?.imports ?? [])
      if (!typeOnly && !(atOnce && dynamic)) walk(to);
  };
  walk(entry);
  return reached;
}

/** The folder of a module, `depth` names deep. */
export const folderOf = (path: string, depth: number): string =>
  dirname(path).split('/').slice(0, depth).join('/');

function isTypeOnly(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = node.specifiers as Node[] | undefined;
  return (
    specifiers !== undefined &&
    specifiers.length > 0 &&
    specifiers.every((each) => each.importKind === 'type' || each.exportKind === 'type')
  );
}

const harmless = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'FunctionDeclaration',
  'ClassDeclaration',
  'VariableDeclaration',
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
  'TSModuleDeclaration',
  'TSDeclareFunction',
]);
/** What reaches outside of the module; making one at the top level is doing something on import. */
const outside = new Set([
  'browser',
  'chrome',
  'document',
  'window',
  'indexedDB',
  'localStorage',
  'sessionStorage',
  'navigator',
  'location',
  'fetch',
  'setTimeout',
  'setInterval',
  'addEventListener',
  'console',
  'openDB',
  'render',
]);

function doesSomething(statement: Node): boolean {
  if (/^Export(Named|Default)Declaration$/.test(statement.type)) {
    const declaration = statement.declaration as Node | null;
    if (!declaration) return false;
    return /Expression$/.test(declaration.type) ? reachesOutside(declaration) : doesSomething(declaration);
  }
  if (!harmless.has(statement.type)) return true;
  return (
    statement.type === 'VariableDeclaration' &&
    (statement.declarations as Node[]).some(({ init }) => reachesOutside(init))
  );
}

/** Looks at what runs at once: not into functions, types or properties' names. */
function reachesOutside(tree: unknown): boolean {
  let found = false;
  visit(
    tree,
    (node) => {
      if (node.type === 'AwaitExpression' || (node.type === 'Identifier' && outside.has(String(node.name))))
        found = true;
    },
    (node) => /Function|^TS/.test(node.type),
  );
  return found;
}

/** Calls `look` on every node, save those that are only names of properties; `skip` leaves a subtree out. */
function visit(tree: unknown, look: (node: Node) => void, skip: (node: Node) => boolean = () => false): void {
  if (Array.isArray(tree)) {
    for (const each of tree) visit(each, look, skip);
    return;
  }
  if (typeof tree !== 'object' || tree === null || typeof (tree as Node).type !== 'string') return;
  const node = tree as Node;
  if (skip(node)) return;
  look(node);
  for (const [key, value] of Object.entries(node)) {
    const isName = (key === 'property' || key === 'key') && node.computed !== true;
    if (!isName) visit(value, look, skip);
  }
}

/** Where words with letters stand in a component's markup, as text or in attributes that a person reads or hears. */
export function wordsInMarkup(path: string, text = readFileSync(join(root, path), 'utf8')): string[] {
  const found: string[] = [];
  const read = /^(aria-(label|description|valuetext|roledescription)|alt|label|placeholder|summary|title)$/;
  const keep = (value: unknown): void => {
    if (typeof value === 'string' && /\p{L}{2}/u.test(value)) found.push(`${path}: “${value.trim()}”`);
  };
  visit(parseSync(path, text).program.body, (node) => {
    if (node.type === 'JSXText') keep(node.value);
    if (node.type === 'JSXExpressionContainer') keep((node.expression as Node).value);
    if (node.type === 'JSXAttribute') {
      const { name, value } = node as unknown as { name: Node; value: Node | null };
      if (read.test(String(name.name))) keep(value?.value);
    }
  });
  return found;
}
