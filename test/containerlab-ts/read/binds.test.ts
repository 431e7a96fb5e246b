import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { checkBinds } from 'containerlab-ts';
import { faults, good } from '../support.ts';

const inLab = (binds: string) => `name: lab\ntopology:\n  nodes:\n    a: {kind: linux, binds: ${binds}}\n`;

test('sources become absolute, targets normal', (t) => {
  const [node] = good(inLab('["a/b:/x/", "/etc/hosts:/y//z:ro", "./c:/c:rw,Z", "~/d:/d", "d/../e:/e"]')).nodes;
  t.deepEqual(
    node?.binds.map(({ source, target, readOnly, options }) => [source, target, readOnly, options ?? []]),
    [
      ['/labs/a/b', '/x', false, []],
      ['/etc/hosts', '/y/z', true, []],
      ['/labs/c', '/c', false, ['Z']],
      [`${homedir()}/d`, '/d', false, []],
      ['/labs/e', '/e', false, []],
    ],
  );
});

test('binds that are refused', (t) => {
  const bad = (bind: string) => faults(inLab(`[${JSON.stringify(bind)}]`))[0]?.replace(/^4:30 the bind "[^ ]+" /, '');
  for (const source of ['..', '../x', 'a/../../x', './../x', '~/../x'])
    t.is(bad(`${source}:/x`), "leads out of the lab's folder", source);
  for (const target of ['x', './x', '/a/../b'])
    t.is(bad(`a:${target}`), 'has a target that is not an absolute path without ".."', target);
  for (const bind of ['/only', 'a:/b:ro:x']) t.is(bad(bind), 'does not have a source and a target', bind);
  t.is(bad(':/x'), 'has an empty source');
  t.is(bad('a:'), 'has an empty target');
  t.is(bad('a:/x:roo'), 'has an unknown option "roo"');
  t.is(bad('a\n:/x'), 'has a control character');
});

test('of two binds for one target the more specific wins', (t) => {
  const [node] = good(`name: lab
topology:
  defaults: {kind: linux, binds: ["one:/x", "common:/y"]}
  nodes: {a: {binds: ["two:/x/"]}}
`).nodes;
  t.deepEqual(
    node?.binds.map(({ source, target }) => `${source} ${target}`),
    ['/labs/two /x', '/labs/common /y'],
  );
});

test('sources that do not exist are found on the host, each once', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'ct-binds-'));
  try {
    mkdirSync(join(dir, 'a'));
    writeFileSync(join(dir, 'a/frr.conf'), '');
    const topology = good(
      'name: lab\ntopology:\n  defaults: {kind: linux, binds: ["gone:/gone"]}\n  nodes:\n    a: {binds: ["a/frr.conf:/x", "a:/y", "__clabNodeDir__/z:/z", "/no/such/file:/w"]}\n    b: {}\n',
      join(dir, 'lab.clab.yml'),
    );
    t.deepEqual(
      checkBinds(topology).map(({ message, at }) => [message, at.line]),
      [
        [`"${dir}/gone", the source of a bind, does not exist`, 3],
        ['"/no/such/file", the source of a bind, does not exist', 5],
      ],
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});
