import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { labNames, loadSource, withSource } from '../../src/lab/source.ts';

const dir = mkdtempSync(join(tmpdir(), 'leafstorm-test-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));

const minimal = 'name: two\ntopology:\n  nodes:\n    a:\n      kind: linux\n      image: alpine:3\n';

test('the main lab is there', (t) => {
  t.true(labNames().includes('pod'));
});

test('a lab is generated where it is placed, and reads back', async (t) => {
  const source = await loadSource('pod', { servers: 0, racks: 3 });
  const topology = source.place(join(dir, 'pod'));
  t.is(source.name, 'pod');
  t.is(topology.nodes.length, 5);
  t.is(source.fabric?.links.length, 6);
});

test('a name that is nothing is refused with the labs that there are', async (t) => {
  for (const given of ['nothing', '../pod', 'pod/', '$(id)', 'a\nb', 'x'.repeat(300)]) {
    await t.throwsAsync(loadSource(given, {}), { instanceOf: InputError, message: /labs are .*pod/ }, given);
  }
});

test('a parameter that the design does not know, or cannot take, is refused', async (t) => {
  await t.throwsAsync(loadSource('pod', { spines: 65 }), { instanceOf: InputError, message: /spines/ });
  await t.throwsAsync(loadSource('pod', { spoons: 2 }), { instanceOf: InputError, message: /spoons/ });
  await t.throwsAsync(loadSource('pod', { pools: { rack4: '10.0.0.0/30' } }), {
    instanceOf: InputError,
    message: /rack4|10\.0\.0\.0/,
  });
});

test('a folder must hold one topology', async (t) => {
  const empty = join(dir, 'empty');
  mkdirSync(empty);
  await t.throwsAsync(loadSource(empty, {}), { instanceOf: InputError, message: /holds 0/ });
  writeFileSync(join(empty, 'a.clab.yml'), minimal);
  writeFileSync(join(empty, 'b.clab.yml'), minimal);
  await t.throwsAsync(loadSource(empty, {}), { instanceOf: InputError, message: /holds 2/ });
});

test('what is run is a copy, with what it binds', async (t) => {
  const from = join(dir, 'own');
  mkdirSync(join(from, 'configs'), { recursive: true });
  writeFileSync(join(from, 'configs', 'x.conf'), 'hostname x\n');
  writeFileSync(join(from, 'own.clab.yml'), `${minimal}      binds:\n        - configs/x.conf:/etc/x.conf\n`);
  const source = await loadSource(from, {});
  const topology = source.place(join(dir, 'copy'));
  t.is(topology.nodes[0]?.binds[0]?.source, join(dir, 'copy', 'configs', 'x.conf'));
  t.is(readFileSync(join(dir, 'copy', 'configs', 'x.conf'), 'utf8'), 'hostname x\n');
});

test('problems of a file come with their places', async (t) => {
  const file = join(dir, 'bad.clab.yml');
  writeFileSync(file, `${minimal}  links:\n    - endpoints: ["a:eth1", "b:eth1"]\n`);
  const error = await t.throwsAsync(loadSource(file, {}), { instanceOf: InputError });
  t.regex(error?.message ?? '', /bad\.clab\.yml:8:\d+: .*b/);
});

test('a generated topology is gone when its work is done, also where that fails', async (t) => {
  let seen = '';
  await t.throwsAsync(
    withSource('pod', {}, ({ topology }) => {
      seen = topology.file;
      throw new Error('enough');
    }),
    { message: 'enough' },
  );
  t.throws(() => readFileSync(seen), { code: 'ENOENT' });
});
