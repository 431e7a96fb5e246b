/** What users get wrong, given to the real command: one message with place and remedy, the right exit status, nothing made. No root needed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { leafstorm, listing, type Ran, temporaryFolder } from '../support/cli.ts';

const LONG = 'x'.repeat(300);

/** Runs a command in a folder with these files. @returns what it said, after looking that it left the folder as it was */
async function attempt(
  t: ExecutionContext,
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Ran & { readonly cwd: string }> {
  const { dir: cwd, remove } = temporaryFolder();
  t.teardown(remove);
  // Binds that lead upwards must have somewhere to lead.
  const lab = join(cwd, 'lab');
  mkdirSync(lab);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(lab, name), text);
  const env = { LEAFSTORM_STATE: join(cwd, 'state'), TMPDIR: cwd };
  const before = listing(cwd);
  const ran = await leafstorm(args, { cwd: lab, env });
  t.deepEqual(listing(cwd), before, `${args[0]} left something`);
  return { ...ran, cwd: lab };
}

/** Every line of standard error is a message, as many as there are problems, and none is a stack. */
function refused(t: ExecutionContext, ran: Ran, status: number, messages: readonly RegExp[]): void {
  t.is(ran.status, status, ran.stderr);
  t.is(ran.stdout, '');
  const lines = ran.stderr.trimEnd().split('\n');
  t.is(lines.length, messages.length, ran.stderr);
  for (const [at, message] of messages.entries()) t.regex(lines[at]!, message);
  for (const line of lines) {
    t.true(line.startsWith('leafstorm: ') && line.length < 700, line);
    t.notRegex(line, /^\s+at |\b(?:TypeError|RangeError|ENOENT|undefined|\[object)\b|\x1b/, line);
  }
}

/** A topology of two nodes and what is given. */
function topology({ name = 'bad', a = '{}', b = 'b', links = [] as readonly string[], more = '' }): string {
  const list = links.map((ends) => `    - endpoints: [${ends}]\n`).join('');
  return `name: ${name}
topology:
  defaults: {kind: linux, image: "alpine:3"}
  nodes:
    a: ${a}
    ${b}: {}
${more}${list === '' ? '' : `  links:\n${list}`}`;
}

/** Nine levels of nine aliases each: a gigabyte, were they followed. */
const EXPLODING = `name: bad
x0: &x0 [a, a, a, a, a, a, a, a, a]
${Array.from({ length: 9 }, (_, i) => `x${i + 1}: &x${i + 1} [${Array(9).fill(`*x${i}`).join(', ')}]`).join('\n')}
topology:
  nodes: {a: *x9}
`;

const FILES: readonly (readonly [what: string, text: string, messages: readonly RegExp[]])[] = [
  ['an unknown node in a link', topology({ links: ['"a:eth1", "c:eth1"'] }), [/lab\.clab\.yml:8:\d+: .*no node "c"/]],
  [
    'an interface used twice',
    topology({ links: ['"a:eth1", "b:eth1"', '"a:eth1", "b:eth2"'] }),
    [/lab\.clab\.yml:9:\d+: .*eth1.*(line 8|twice|already)/],
  ],
  ['two nodes of one name', topology({ b: 'a' }), [/lab\.clab\.yml:6:\d+: /]],
  ['a node with a blank', topology({ b: '"b c"' }), [/lab\.clab\.yml:6:\d+: .*"b c"/]],
  ['a node with a slash', topology({ b: '"../b"' }), [/lab\.clab\.yml:6:\d+: .*"\.\.\/b"/]],
  ['a node that is a shell command', topology({ b: '"$(touch made)"' }), [/lab\.clab\.yml:6:\d+: .*touch made/]],
  ['a node with a line break', topology({ b: '"b\\nc"' }), [/lab\.clab\.yml:6:\d+: .*"b\\nc"/]],
  ['a node of 300 characters', topology({ b: LONG }), [/lab\.clab\.yml:6:\d+: .*300 characters/]],
  ['a lab with a slash', topology({ name: '../../bad' }), [/lab\.clab\.yml:1:\d+: .*"\.\.\/\.\.\/bad"/]],
  ['a lab of 300 characters', topology({ name: LONG }), [/lab\.clab\.yml:1:\d+: .*300 characters/]],
  ['an interface with a blank', topology({ links: ['"a:eth 1", "b:eth1"'] }), [/lab\.clab\.yml:8:\d+: .*eth 1/]],
  [
    'an interface of 16 characters',
    topology({ links: ['"a:e234567890123456", "b:eth1"'] }),
    [/lab\.clab\.yml:8:\d+: .*16 characters/],
  ],
  [
    'a bind that leaves the folder',
    topology({ a: '{binds: ["../../etc/passwd:/etc/passwd"]}' }),
    [/lab\.clab\.yml:5:\d+: .*leads out of the lab's folder.*\. Move/],
  ],
  [
    'a bind of nothing',
    topology({ a: '{binds: ["nothing:/etc/nothing"]}' }),
    [/lab\.clab\.yml:5:\d+: .*nothing".* does not exist\. Create it/],
  ],
  ['an unknown kind', topology({ a: '{kind: teapot}' }), [/lab\.clab\.yml:5:\d+: .*teapot/]],
  ['a text', 'hello\n', [/lab\.clab\.yml:1:1: .*not a topology/]],
  ['a list', '- name: bad\n', [/lab\.clab\.yml:1:1: /]],
  ['nothing', '', [/lab\.clab\.yml:1:1: /]],
  ['no YAML', 'name: [bad\n', [/lab\.clab\.yml:\d+:\d+: /]],
  ["another program's YAML", 'services:\n  web: {image: nginx}\n', [/lab\.clab\.yml:1:\d+: /]],
  ['anchors that explode', EXPLODING, [/lab\.clab\.yml:\d+:\d+: .*alias/i]],
];

for (const [what, text, messages] of FILES) {
  test(`topology: ${what}`, async (t) => {
    refused(t, await attempt(t, ['run', 'lab.clab.yml'], { 'lab.clab.yml': text }), 65, messages);
  });
}

test("topology: an unknown image is told before anything is made, at its place in the user's file", async (t) => {
  const text = topology({ a: '{image: "teapot:1"}' });
  const message = /^leafstorm: \S+\/lab\/lab\.clab\.yml:5: .*teapot:1.*known are .*frr/;
  for (const verb of ['run', 'deploy'])
    refused(t, await attempt(t, [verb, 'lab.clab.yml'], { 'lab.clab.yml': text }), 65, [message]);
});

test('several problems are told together', async (t) => {
  const text = topology({ a: '{binds: ["gone:/x"], kind: teapot}', links: ['"a:eth1", "c:eth1"'] });
  const { status, stderr } = await attempt(t, ['check', 'lab.clab.yml'], { 'lab.clab.yml': text });
  t.is(status, 65);
  t.regex(stderr, /:5:\d+: .*teapot/);
  t.regex(stderr, /:8:\d+: .*"c"/);
});

test('designs: pools too small, sizes out of range, names, parameters that are none', async (t) => {
  const refuse = async (setting: string, message: RegExp) => {
    for (const verb of ['generate', 'run'])
      refused(t, await attempt(t, [verb, 'pod', '--set', setting]), 65, [message]);
  };
  await refuse('pools.rack4=10.0.0.0/23', /pools\.rack4.*10\.0\.0\.0\/23/);
  await refuse('pools.loopback4=10.255.0.0/30', /pools\.loopback4/);
  await refuse('racks=0', /racks: 0 is not a whole number of racks from 1 to 512/);
  await refuse('racks=many', /racks: "many"/);
  await refuse('name=$(id)', /name: "\$\(id\)" cannot be a lab's name/);
  await refuse('colour=red', /colour: no such parameter/);
});

test('what the user names: nothing, a folder without a topology, odd names', async (t) => {
  const verbs = ['check', 'run', 'deploy', 'graph', 'generate'];
  for (const [at, given] of ['nothing', '$(touch made)', 'a b', '../../nothing', 'a\nb', LONG, ''].entries()) {
    // Each with two of them, so that each meets odd names as well.
    for (const verb of [verbs[at % 5]!, verbs[(at + 2) % 5]!])
      refused(t, await attempt(t, [verb, given]), 65, [/there is no lab.* the labs are .*pod/]);
  }
  refused(t, await attempt(t, ['run', '.']), 65, [/a folder to run holds one topology file/]);
});

test('names of labs that would leave their folder, and labs that are not there', async (t) => {
  for (const [at, name] of ['../x', 'a b', '$(id)', LONG, '.'].entries()) {
    const makers = [
      ['run', 'pod', '--name', name],
      ['deploy', 'pod', '--name', name],
    ];
    const others = [
      ['destroy', name, '--cleanup'],
      ['inspect', name],
    ];
    for (const args of [makers[at % 2]!, others[at % 2]!])
      refused(t, await attempt(t, args), 65, [/cannot name a lab: it /]);
  }
  refused(t, await attempt(t, ['destroy']), 65, [/no lab is running/]);
  refused(t, await attempt(t, ['destroy', 'gone']), 65, [/no lab gone; none is running/]);
  refused(t, await attempt(t, ['exec', 'gone', '--cmd', 'true']), 65, [/no lab gone is running/]);
  refused(t, await attempt(t, ['judge', 'gone']), 65, [/gone\/verdict\.json is not there: a run record is/]);
});

test('wrong usage is 64', async (t) => {
  for (const args of [
    ['explode'],
    ['run'],
    ['run', 'pod', '--speed'],
    ['run', 'pod', '--seed', 'x'],
    ['run', 'pod', '--set', 'spines'],
    ['run', 'pod', '--engine', 'warp'],
    ['fault', 'x', 'y'],
    ['inspect', '-f', 'xml'],
    ['deploy'],
  ]) {
    const ran = await attempt(t, args);
    t.is(ran.status, 64, args.join(' '));
    t.regex(ran.stderr, /^leafstorm: .+\n(usage: .+\n)?$/);
  }
  t.is((await attempt(t, ['help'])).status, 0);
});
