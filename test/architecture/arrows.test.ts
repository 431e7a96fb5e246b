import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'ava';

const root = resolve(import.meta.dirname, '../..');
const src = join(root, 'src');

/** A room imports only from itself and from those before it. */
const rooms = [
  'containerlab-ts',
  'frr-config',
  'errors.ts',
  'verdict.ts',
  'random.ts',
  'linux',
  'fabric',
  // Data that the oracle predicts and the router measures.
  'router/routes.ts',
  'oracle',
  'check',
  'disk',
  // An interface alone: what implements it comes after the disks.
  'engine',
  'router',
  'probe',
  'fault',
  'history',
  'consistency',
  'store',
  'assert',
  'report',
  'lab',
  'deploy.ts',
  'ava',
  'cli',
  'index.ts',
];
const packages = new Set(['containerlab-ts', 'frr-config']);

function roomOf(path: string): string {
  const parts = relative(src, path).split('/');
  return rooms.includes(`${parts[0]}/${parts[1]}`) ? `${parts[0]}/${parts[1]}` : (parts[0] as string);
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier as string);
}

function typescriptFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What breaks the order, as `file imports specifier`. */
function wrongArrows(files: readonly string[], imports: (file: string) => readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    const room = roomOf(file);
    return imports(file)
      .filter((specifier) => {
        if (!specifier.startsWith('.')) return packages.has(room) && specifier === 'leafstorm';
        const target = resolve(dirname(file), specifier);
        if (relative(src, target).startsWith('..')) return room !== 'index.ts' && room !== 'lab';
        const other = roomOf(target);
        if (packages.has(room)) return other !== room;
        return rooms.indexOf(other) > rooms.indexOf(room) || !rooms.includes(other);
      })
      .map((specifier) => `${relative(root, file)} imports ${specifier}`);
  });
}

test('every room imports only from rooms before it', (t) => {
  const files = typescriptFiles(src);
  t.true(files.length > 50);
  t.deepEqual(wrongArrows(files, importsOf), []);
});

test('an arrow the wrong way is found', (t) => {
  const file = join(src, 'oracle', 'predict.ts');
  t.deepEqual(
    wrongArrows([file], () => ['../lab/run.ts', '../fabric/index.ts']),
    ['src/oracle/predict.ts imports ../lab/run.ts'],
  );
});

test('every room of src is in the order', (t) => {
  const there = readdirSync(src).filter((name) => name !== 'README.md');
  t.deepEqual(
    there.filter((name) => !rooms.includes(name)),
    [],
  );
});
