import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readTopology } from 'containerlab-ts';
import { parseFrrConfig } from 'frr-config';
import { InputError } from '../../src/errors.ts';
import { readFabric, topologyOf, workOut, writeFabric } from '../../src/fabric/index.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const pod = workOut(leafSpine());

function folder(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-fabric-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const tree = (dir: string) => readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();

test('the folder holds the topology, the intent, a configuration a node and the daemons file', (t) => {
  const dir = join(folder(t), 'new', 'pod');
  const { topologyFile, files } = writeFabric(pod, dir);
  t.is(topologyFile, join(dir, 'pod.clab.yml'));
  t.is(files.length, 3 + pod.nodes.length);
  t.true(files.every((file) => existsSync(file)));
  t.deepEqual(readdirSync(dir).sort(), ['configs', 'fabric.json', 'pod.clab.yml']);
  t.regex(readFileSync(join(dir, 'configs/daemons'), 'utf8'), /^bgpd=yes\nbfdd=yes$/m);
});

test('what was written reads back: topology, intent and configurations', (t) => {
  const dir = folder(t);
  const { topologyFile } = writeFabric(pod, dir);
  t.deepEqual(readFabric(join(dir, 'fabric.json')), pod);
  t.true(Object.isFrozen(readFabric(join(dir, 'fabric.json')).nodes[0]!.config));
  for (const node of pod.nodes) {
    t.deepEqual(
      parseFrrConfig(readFileSync(join(dir, `configs/${node.name}/frr.conf`), 'utf8')),
      node.config,
      node.name,
    );
  }
  const { topology, problems } = readTopology(readFileSync(topologyFile, 'utf8'), { file: topologyFile });
  t.deepEqual(problems, []);
  t.deepEqual(
    topology!.links.map(({ a, z, mtu }) => [a.node, a.interface, z.node, z.interface, mtu]),
    pod.links.map(({ a, z, mtu }) => [a.node, a.interface, z.node, z.interface, mtu]),
  );
  const leaf = topology!.nodes.find(({ name }) => name === 'leaf-2')!;
  t.is(leaf.labels['leafstorm-role'], 'leaf');
  t.is(leaf.labels['leafstorm-rack'], 'rack-2');
  t.is(leaf.sysctls['net.ipv4.fib_multipath_hash_policy'], '3');
  t.deepEqual(leaf.binds.map(({ source, target }) => [source, target]).sort(), [
    [join(dir, 'configs/daemons'), '/etc/frr/daemons'],
    [join(dir, 'configs/leaf-2/frr.conf'), '/etc/frr/frr.conf'],
  ]);
});

test('servers with a disk say so, and links of another MTU than the usual one', (t) => {
  const document = topologyOf(workOut(leafSpine({ serverDiskBytes: 268435456, mtu: 1500 })));
  t.is(document.groups!['server']!.labels!['leafstorm-disk'], '/var/lib/store=268435456');
  t.is(document.groups!['leaf']!.labels!['leafstorm-disk'], undefined);
  t.true(document.links.every((link) => link['mtu'] === 1500));
  t.true(topologyOf(pod).links.every((link) => link['mtu'] === undefined));
});

test('a fabric that nobody edited is replaced, with what the new one no longer has', (t) => {
  const dir = folder(t);
  writeFabric(workOut(leafSpine({ racks: 6 })), dir);
  writeFabric(workOut(leafSpine({ racks: 2, name: 'other' })), dir);
  t.deepEqual(readdirSync(join(dir, 'configs')).sort(), [
    'daemons',
    'leaf-1',
    'leaf-2',
    'server-1-1',
    'server-2-1',
    'spine-1',
    'spine-2',
  ]);
  t.deepEqual(readdirSync(dir).sort(), ['configs', 'fabric.json', 'other.clab.yml']);
});

test('a folder with an edited configuration is left alone', (t) => {
  const dir = folder(t);
  writeFabric(pod, dir);
  const edited = join(dir, 'configs/leaf-1/frr.conf');
  writeFileSync(edited, readFileSync(edited, 'utf8').concat('! my work\n'));
  const before = tree(dir);
  const error = t.throws(() => writeFabric(workOut(leafSpine({ racks: 6 })), dir), { instanceOf: InputError });
  t.true(error!.message.startsWith(`${edited}: edited since it was generated`));
  t.deepEqual(tree(dir), before);
  t.regex(readFileSync(edited, 'utf8'), /! my work/);
});

test('a folder that holds something else is left alone', (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'thesis.tex'), 'years of work');
  const error = t.throws(() => writeFabric(pod, dir), { instanceOf: InputError });
  t.regex(error!.message, /holds thesis\.tex and no fabric; nothing was written/);
  t.deepEqual(readdirSync(dir), ['thesis.tex']);

  const second = folder(t);
  writeFabric(pod, second);
  writeFileSync(join(second, 'notes.md'), 'mine');
  t.throws(() => writeFabric(pod, second), { instanceOf: InputError, message: /notes\.md: not a file of the fabric/ });
  t.throws(() => writeFabric(pod, join(second, 'notes.md')), { instanceOf: InputError, message: /is not a folder/ });
});

test('what was written is removed again where writing fails half-way', (t) => {
  const dir = folder(t);
  // A node whose folder cannot be made: its name is taken by a file of the fabric.
  const broken = { ...pod, nodes: [...pod.nodes, { ...pod.nodes[0]!, name: 'daemons' }] };
  t.throws(() => writeFabric(broken, join(dir, 'pod')));
  t.deepEqual(readdirSync(dir), []);

  mkdirSync(join(dir, 'there'));
  writeFabric(pod, join(dir, 'there'));
  const before = tree(dir);
  const json = readFileSync(join(dir, 'there/fabric.json'), 'utf8');
  t.throws(() => writeFabric({ ...broken, design: { ...pod.design, racks: 9 } }, join(dir, 'there')));
  t.deepEqual(tree(dir), before);
  t.is(readFileSync(join(dir, 'there/fabric.json'), 'utf8'), json);
});

test('what is no fabric is refused with its file and what to do', (t) => {
  const dir = folder(t);
  const file = join(dir, 'fabric.json');
  const refusal = (text: string) => {
    writeFileSync(file, text);
    return t.throws(() => readFabric(file), { instanceOf: InputError })!.message;
  };
  t.regex(
    t.throws(() => readFabric(file), { instanceOf: InputError })!.message,
    /fabric\.json: cannot be read \(ENOENT\)/,
  );
  t.regex(refusal('{'), /not JSON/);
  t.regex(refusal('[]'), /not a fabric/);
  t.regex(refusal('{"name":"x"}'), /not a fabric/);
  t.regex(refusal('{"leafstorm":99}'), /version 99, and this leafstorm reads 1/);
  t.regex(
    refusal('{"leafstorm":1,"name":"x","design":{},"nodes":{},"links":[],"racks":[]}'),
    /nodes: expected an array, found an object.*\n.*\n?.*powerDomains: expected an array, found nothing/,
  );
  t.regex(
    refusal('{"leafstorm":1,"name":"x","design":{},"nodes":[{}],"links":[],"racks":[],"powerDomains":[]}'),
    /nodes\[0\]: expected a node/,
  );
});

test('an unwritable folder gives an error and leaves nothing', (t) => {
  if (process.getuid?.() === 0) {
    t.log('skipped: root may write everywhere');
    t.pass();
    return;
  }
  const dir = folder(t);
  chmodSync(dir, 0o500);
  t.throws(() => writeFabric(pod, join(dir, 'pod')), { code: 'EACCES' });
  chmodSync(dir, 0o700);
  t.deepEqual(readdirSync(dir), []);
});
