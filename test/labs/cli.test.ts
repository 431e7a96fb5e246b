/** The command line on a real lab: two spines, two racks. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { json, leafstorm, listing, MAIN, NODE, type Ran, temporaryFolder } from '../support/cli.ts';
import { leftovers } from '../support/leftovers.ts';

const NAME = 'clilab';
const NODES = ['spine-1', 'spine-2', 'leaf-1', 'leaf-2'];
const CONTAINERS = NODES.map((node) => `clab-${NAME}-${node}`);
const SMALL = ['--set', 'spines=2', '--set', 'racks=2', '--set', 'servers=0', '--set', `name=${NAME}`];

const { dir: cwd, remove } = temporaryFolder();
const cli = (...args: string[]) => leafstorm(args, { cwd });
const config = (node: string) => join(cwd, NAME, 'configs', node, 'frr.conf');

test.before(async () => void (await cli('destroy', NAME, '--cleanup')));
test.after.always(async () => {
  await cli('destroy', NAME, '--cleanup');
  remove();
});

/** Fields that containerlab's `inspect -f json` has for every node. */
const INSPECTED = [
  'lab_name',
  'labPath',
  'absLabPath',
  'name',
  'container_id',
  'image',
  'kind',
  'group',
  'state',
  'status',
  'ipv4_address',
  'ipv6_address',
  'owner',
];

test.serial('from generate to destroy', async (t) => {
  const ended = (ran: Ran, status: number, what: string) => t.is(ran.status, status, `${what}: ${ran.stderr}`);

  const generated = await cli('generate', 'pod', ...SMALL, '--out', NAME, '--json');
  ended(generated, 0, 'generate');
  t.like(json<object>(generated), { topology: join(cwd, NAME, `${NAME}.clab.yml`), nodes: 4, links: 4 });
  t.true(existsSync(config('leaf-1')));

  const checked = await cli('check', NAME, '--json');
  ended(checked, 0, 'check');
  t.deepEqual(json(checked), { findings: [] });

  const graph = await cli('graph', NAME);
  ended(graph, 0, 'graph');
  t.regex(graph.stdout, /^flowchart/);
  for (const node of NODES) t.true(graph.stdout.includes(`["${node}"]`), node);

  const deployed = await cli('deploy', '-t', join(NAME, `${NAME}.clab.yml`), '--json', '--seed', '7');
  ended(deployed, 0, 'deploy');
  const figures = json<Record<string, unknown>>(deployed);
  t.like(figures, { lab: NAME, seed: 7, nodes: 4, links: 4 });
  t.true(typeof figures['deployMs'] === 'number' && typeof figures['convergeMs'] === 'number');

  const inspected = json<Record<string, Record<string, string>[]>>(await cli('inspect', NAME, '-f', 'json'));
  t.deepEqual(Object.keys(inspected), [NAME]);
  t.deepEqual(
    inspected[NAME]!.map(({ name }) => name),
    CONTAINERS,
  );
  for (const node of inspected[NAME]!) {
    t.deepEqual(Object.keys(node), INSPECTED);
    t.like(node, { lab_name: NAME, kind: 'linux', state: 'running', labPath: `${NAME}/${NAME}.clab.yml` });
  }
  t.regex((await cli('inspect', '-t', NAME)).stdout, /clilab +clab-clilab-leaf-2 +linux/);

  await t.notThrowsAsync(execAndTell());
  await t.notThrowsAsync(breakAndHeal());
  await t.notThrowsAsync(capturePackets());
  await t.notThrowsAsync(saveAndReload());

  const again = await cli('deploy', NAME);
  ended(again, 65, 'a second deploy');
  t.regex(again.stderr, /^leafstorm: lab clilab is running already; .*\n$/);

  const shell = execFileSync(
    'script',
    ['--quiet', '--return', '--command', `${NODE} ${MAIN} shell leaf-1 --name ${NAME}`, '/dev/null'],
    { cwd, input: 'echo "at $(hostname)"; exit 0\n', encoding: 'utf8' },
  );
  t.regex(shell, /at leaf-1/);
  ended(await cli('shell', 'leaf-1', '--name', NAME), 64, 'a shell without a terminal');

  // What it was made from may be damaged by now: its name is enough.
  renameSync(config('leaf-2'), `${config('leaf-2')}.away`);
  ended(await cli('destroy', '-t', NAME, '--cleanup'), 0, 'destroy');
  renameSync(`${config('leaf-2')}.away`, config('leaf-2'));
  t.deepEqual(leftovers(NAME, CONTAINERS), []);
  t.true(existsSync(config('leaf-1')), 'a folder that the user made stays');
  for (const verb of [['destroy'], ['inspect'], ['save'], ['exec', '--cmd', 'true'], ['fault', 'link-down', 'x']]) {
    const [name = '', ...rest] = verb;
    const gone = await cli(name, NAME, ...rest);
    ended(gone, 65, `${name} of a lab that is not`);
    t.regex(gone.stderr, /^leafstorm: .*no lab clilab.*\n$/);
  }

  async function execAndTell(): Promise<void> {
    const said = await cli('exec', NAME, '--cmd', 'hostname', '--cmd', 'echo "two  words"', '-f', 'json');
    ended(said, 0, 'exec');
    const outcomes = json<Record<string, unknown[]>>(said);
    t.deepEqual(Object.keys(outcomes), CONTAINERS);
    t.deepEqual(outcomes['clab-clilab-leaf-2'], [
      { cmd: ['hostname'], 'return-code': 0, stdout: 'leaf-2\n', stderr: '' },
      { cmd: ['echo', 'two  words'], 'return-code': 0, stdout: 'two  words\n', stderr: '' },
    ]);
    const text = await cli('exec', NAME, '--node', 'spine-1', '--cmd', "vtysh -c 'show bgp summary'");
    ended(text, 0, 'exec of vtysh');
    t.regex(text.stdout, /clab-clilab-spine-1: vtysh -c show bgp summary\n[\s\S]*leaf-1\(eth1\)/);
    const failed = await cli('exec', NAME, '--node', 'leaf-1', '--cmd', 'sh -c "echo no >&2; exit 3"', '-f', 'json');
    ended(failed, 1, 'exec of what fails');
    t.like(json<Record<string, unknown[]>>(failed)['clab-clilab-leaf-1']![0], { 'return-code': 3, stderr: 'no\n' });
    ended(await cli('exec', NAME, '--node', 'leaf-9', '--cmd', 'true'), 65, 'exec on a node that is not');
    ended(await cli('exec', NAME), 64, 'exec of nothing');
    ended(await cli('exec', NAME, '--cmd', 'echo "a'), 64, 'exec of an open quote');
  }

  async function breakAndHeal(): Promise<void> {
    const link = 'spine-1:eth1--leaf-1:eth1';
    const broken = await cli('fault', NAME, 'link-down', link, '--for', '200ms', '--json');
    ended(broken, 0, 'fault');
    t.like(json<object>(broken), { kind: 'link-down', target: link, proof: { verdict: 'pass' } });
    t.regex(broken.stderr, /healed\n$/);
    const state = await cli('exec', NAME, '--node', 'spine-1', '--cmd', 'cat /sys/class/net/eth1/operstate');
    t.regex(state.stdout, /\nup\n$/);
    ended(await cli('fault', NAME, 'link-down', 'spine-1:eth9--leaf-1:eth1'), 65, 'a link that is not');
    ended(await cli('fault', NAME, 'meteor', link), 65, 'a fault that is not');
    ended(await cli('fault', NAME, 'link-down', link, '--for', '5'), 64, 'no duration');
  }

  async function capturePackets(): Promise<void> {
    const piped = await cli('capture', 'leaf-1:eth2', '--name', NAME, '--count', '3');
    ended(piped, 0, 'capture');
    t.is(packetsIn(piped.bytes), 3);
    ended(await cli('capture', 'leaf-1:eth2', '--name', NAME, '--count', '2', '-w', 'two.pcap'), 0, 'capture -w');
    t.is(packetsIn(readFileSync(join(cwd, 'two.pcap'))), 2);
    ended(await cli('capture', 'leaf-1:eth9', '--name', NAME), 65, 'an end that is not');
    ended(await cli('capture', 'leaf-1:eth2', '--name', NAME, '--count', 'x'), 64, 'no number');
  }

  async function saveAndReload(): Promise<void> {
    ended(await cli('save', NAME), 0, 'save');
    const saved = await cli('check', NAME, '--json');
    t.deepEqual(json(saved), { findings: [] }, 'what runs is what was meant');
    const unchanged = await cli('reload', 'leaf-1', '--name', NAME);
    ended(unchanged, 0, 'reload of what runs');
    t.is(unchanged.stdout, '');

    const text = readFileSync(config('leaf-1'), 'utf8');
    const edited = text
      .replace('SPINES timers connect 1', 'SPINES timers connect 7')
      .replace('!\n', '! a remark of mine\n')
      .replace('  network 10.64.1.0/24\n', '$&  network 10.64.1.128/25\n');
    writeFileSync(config('leaf-1'), edited);
    const reloaded = await cli('reload', 'leaf-1', '--name', NAME);
    ended(reloaded, 0, 'reload');
    t.regex(reloaded.stdout, /^- .*timers connect 1$/m);
    t.regex(reloaded.stdout, /^\+ .*timers connect 7$/m);
    t.regex(reloaded.stdout, /^\+ .*network 10\.64\.1\.128\/25$/m);
    t.is(readFileSync(config('leaf-1'), 'utf8'), edited, 'the file stays as its author wrote it');
    const shown = await cli('exec', NAME, '--node', 'leaf-1', '--cmd', "vtysh -c 'show running-config'");
    t.regex(shown.stdout, /neighbor SPINES timers connect 7/);
    t.regex(shown.stdout, /network 10\.64\.1\.128\/25/);

    writeFileSync(config('leaf-1'), edited.replace(' bgp router-id', ' bgp nonsense\n$&'));
    const refused = await cli('reload', 'leaf-1', '--name', NAME);
    ended(refused, 65, 'reload of what FRR does not know');
    t.regex(refused.stderr, /^leafstorm: .*leaf-1\/frr\.conf:\d+: FRR refuses it: .*nonsense.*\n$/);
    writeFileSync(config('leaf-1'), text);
  }
});

test.serial('a run and its record, judged again', async (t) => {
  const run = await cli('run', 'pod', ...SMALL, '--baseline-only', '--json', '--seed', '3', '--junit', 'report.xml');
  t.is(run.status, 0, run.stderr);
  const verdict = json<{ record: string; assertions: { verdict: string }[] }>(run);
  t.like(verdict, { lab: NAME, engine: 'embedded', seed: 3, verdict: 'pass', nodes: 4, links: 4 });
  t.true(verdict.assertions.length > 5 && verdict.assertions.every((one) => one.verdict === 'pass'));
  t.regex(run.stderr, /replay +npx leafstorm run pod .*--seed 3/);
  t.regex(readFileSync(join(cwd, 'report.xml'), 'utf8'), /<testsuite/);
  const kept = listing(verdict.record);
  for (const file of ['verdict.json', 'events.jsonl', 'environment.json', `topology/${NAME}.clab.yml`])
    t.true(kept.includes(file), file);
  const judged = await cli('judge', join('runs', NAME, 'latest'), '--json');
  t.is(judged.status, 0, judged.stderr);
  t.like(json<object>(judged), { lab: NAME, verdict: 'pass' });
  for (const given of ['unknown', 'fail']) {
    const file = join(cwd, given, 'verdict.json');
    mkdirSync(join(cwd, given));
    writeFileSync(file, JSON.stringify({ ...verdict, verdict: given }));
    t.is((await cli('judge', given)).status, given === 'fail' ? 1 : 2);
    writeFileSync(file, '{"verdict": "pass"}');
    const foreign = await cli('judge', given);
    t.is(foreign.status, 65);
    t.regex(foreign.stderr, /^leafstorm: .*verdict\.json: .*run record.*\n$/);
  }
  t.is((await cli('judge', 'runs')).status, 65);
  t.deepEqual(leftovers(NAME, CONTAINERS), []);
});

test.serial('what was edited is found before the boot, and fails the run', async (t) => {
  const text = readFileSync(config('leaf-2'), 'utf8');
  // Wrong, though nothing breaks yet: a run goes on to its end, and fails.
  writeFileSync(config('leaf-2'), text.replace('bgp router-id 10.255.1.2', 'bgp router-id 10.255.1.1'));
  const checked = await cli('check', NAME, '--json');
  t.is(checked.status, 1, checked.stderr);
  const { findings } = json<{ findings: { node: string; file: string; line: number }[] }>(checked);
  t.true(findings.some(({ node, file, line }) => node === 'leaf-2' && file === config('leaf-2') && line > 1));
  const run = await cli('run', NAME, '--baseline-only', '--json', '--keep', 'on-fail');
  t.is(run.status, 1, run.stderr);
  t.is(json<{ verdict: string }>(run).verdict, 'fail');
  t.regex(run.stderr, /differs from the intent: leaf-2: added: .*router-id 10\.255\.1\.1/);
  t.is((await cli('inspect', NAME)).status, 0, 'a run that failed is kept where that was asked for');
  t.is((await cli('destroy', '--name', NAME, '--cleanup')).status, 0);
  t.deepEqual(leftovers(NAME, CONTAINERS), []);
});

/** Packets of a pcap file (link type Ethernet, little endian). @throws Error where it is none */
function packetsIn(bytes: Buffer): number {
  if (bytes.length < 24 || bytes.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('no pcap header');
  if (bytes.readUInt32LE(20) !== 1) throw new Error('not Ethernet');
  let packets = 0;
  for (let at = 24; at < bytes.length; packets++) at += 16 + bytes.readUInt32LE(at + 8);
  return packets;
}
