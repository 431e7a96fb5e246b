/** What only the host can refuse, given to the real command: exit status, one message with its remedy, and nothing left. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { leafstorm, listing, type Ran, temporaryFolder } from '../support/cli.ts';
import { leftovers } from '../support/leftovers.ts';

const NAME = 'clibad';
const CONTAINERS = [`clab-${NAME}-a`, `clab-${NAME}-b`];
const topology = (more = '') => `name: ${NAME}
topology:
  defaults: {kind: linux, image: "alpine:3"${more}}
  nodes: {a: {}, b: {}}
  links:
    - endpoints: ["a:eth1", "b:eth1"]
`;

/** A folder with a topology, and a state folder of its own. */
function place(t: ExecutionContext, text = topology()) {
  const { dir, remove } = temporaryFolder();
  t.teardown(remove);
  const [cwd, state] = [join(dir, 'lab'), join(dir, 'state')];
  mkdirSync(cwd);
  mkdirSync(state);
  writeFileSync(join(cwd, 'lab.clab.yml'), text);
  const env = { LEAFSTORM_STATE: state };
  return { dir, cwd, state, env, left: () => leftovers(NAME, CONTAINERS, state) };
}

/** Messages begin with our name; phases of a deploy, indented, may come before. */
function refused(t: ExecutionContext, ran: Ran, status: number, message: RegExp): void {
  t.is(ran.status, status, ran.stderr);
  t.is(ran.stdout, '');
  const messages = ran.stderr.split('\n').filter((line) => line.startsWith('leafstorm: '));
  t.is(messages.length, 1, ran.stderr);
  t.regex(messages[0]!, message);
  t.is(ran.stderr.trimEnd().split('\n').at(-1), messages[0]);
  t.notRegex(ran.stderr, /^\s+at .*:\d+:\d+\)?$|TypeError|ENOSPC|EACCES/m);
}

test.serial('a lab that runs already is left alone', async (t) => {
  const { cwd, state, env, left } = place(t);
  const cli = (...args: string[]) => leafstorm(args, { cwd, env });
  try {
    t.is((await cli('deploy', 'lab.clab.yml')).status, 0);
    const [files, inside] = [listing(cwd), listing(join(state, NAME)).length];
    refused(t, await cli('deploy', 'lab.clab.yml'), 65, /lab clibad is running already; .*destroy clibad/);
    refused(t, await cli('run', 'lab.clab.yml'), 65, /lab clibad is running already.*destroy clibad/);
    // Names of namespaces and control groups belong to the host, not to a state folder.
    const elsewhere = await leafstorm(['deploy', 'lab.clab.yml'], {
      cwd,
      env: { LEAFSTORM_STATE: join(cwd, '..', 'other') },
    });
    refused(t, elsewhere, 65, /clibad runs already, with another state folder/);
    t.deepEqual(listing(cwd), files);
    t.is(listing(join(state, NAME)).length, inside);
    const ping = await cli('exec', NAME, '--cmd', 'true');
    t.is(ping.status, 0, 'the lab that was there still runs');
  } finally {
    await cli('destroy', NAME, '--cleanup');
  }
  t.deepEqual(left(), []);
  refused(t, await cli('destroy', NAME), 65, /no lab clibad/);
});

test.serial('without root', async (t) => {
  const { dir, cwd, state, left } = place(t);
  for (const path of [dir, cwd, state]) chmodSync(path, 0o777);
  const nobody = { cwd, uid: 65534, env: { LEAFSTORM_STATE: state } };
  for (const verb of ['deploy', 'run'])
    refused(t, await leafstorm([verb, 'lab.clab.yml'], nobody), 69, /run it as root/);
  chmodSync(join(cwd, 'lab.clab.yml'), 0o600);
  refused(t, await leafstorm(['check', 'lab.clab.yml'], nobody), 65, /may not read or write .*lab\.clab\.yml; change/);
  chmodSync(cwd, 0o755);
  refused(t, await leafstorm(['generate', 'pod'], nobody), 65, /may not read or write .*\/lab\/pod/);
  chmodSync(cwd, 0o777);
  refused(t, await leafstorm(['run', 'pod'], nobody), 69, /run it as root/);
  t.deepEqual(listing(cwd), ['lab.clab.yml']);
  t.deepEqual(left(), []);
  // What needs no root works without.
  const checked = await leafstorm(['check', 'pod'], nobody);
  t.is(checked.status, 0, checked.stderr);
});

test.serial('without runc', async (t) => {
  const { cwd, env, left } = place(t);
  const runc = execFileSync('which', ['runc'], { encoding: 'utf8' }).trim();
  // In a mount namespace of its own, where something that cannot be executed lies over it.
  const before = ['unshare', '--mount', '/bin/sh', '-c', 'mount --bind /dev/null "$0" && exec "$@"', runc];
  for (const verb of ['deploy', 'run'])
    refused(
      t,
      await leafstorm([verb, 'lab.clab.yml'], { cwd, env, before }),
      69,
      /not on this machine: runc; install it with: apt-get install runc/,
    );
  t.deepEqual(listing(cwd), ['lab.clab.yml']);
  t.deepEqual(left(), []);
});

for (const [what, size] of [
  ['for anything', '4k'],
  ['for what is known of the lab', '16k'],
  ['for its nodes', '48k'],
] as const) {
  test.serial(`the disk is full: too small ${what}`, async (t) => {
    const { cwd, state, env, left } = place(t);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'leafstorm-test', state]);
    try {
      // What a lab needs of the disk before anything else, so that not even a page is free.
      if (size === '4k') writeFileSync(join(state, '.filler'), Buffer.alloc(4096));
      for (const verb of ['deploy', 'run']) {
        refused(t, await leafstorm([verb, 'lab.clab.yml'], { cwd, env }), 69, /the disk .*is full.*free some space/);
        t.deepEqual(left(), [], `${verb} left something`);
        t.deepEqual(listing(cwd), ['lab.clab.yml']);
      }
      const destroyed = await leafstorm(['destroy', NAME, '--cleanup'], { cwd, env });
      t.is(destroyed.status, 0, destroyed.stderr);
    } finally {
      await leafstorm(['destroy', NAME, '--cleanup'], { cwd, env });
      execFileSync('umount', [state]);
    }
  });
}

test.serial('a disk of a node that is larger than what is free', async (t) => {
  const { cwd, state, env, left } = place(t, topology(', labels: {leafstorm-disk: "/var/lib/store=33554432"}'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'leafstorm-test', state]);
  try {
    const ran = await leafstorm(['deploy', 'lab.clab.yml'], { cwd, env });
    t.is(ran.status, 65, ran.stderr);
    t.regex(
      ran.stderr,
      /^leafstorm: .*lab\.clab\.yml:4: node a: its disk .* 32 MiB, and \d MiB are free at .*: make the disk smaller/,
    );
    t.deepEqual(left(), []);
  } finally {
    await leafstorm(['destroy', NAME, '--cleanup'], { cwd, env });
    execFileSync('umount', [state]);
  }
});

test.serial('the disk of the run record is full', async (t) => {
  const { cwd, env, left } = place(t);
  const small = join(cwd, 'small');
  mkdirSync(small);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'leafstorm-test', small]);
  try {
    const ran = await leafstorm(['run', join(cwd, 'lab.clab.yml')], { cwd: small, env });
    refused(t, ran, 69, /disk is full.*free some space/);
    t.deepEqual(listing(small), []);
    t.deepEqual(left(), []);
    refused(t, await leafstorm(['generate', 'pod'], { cwd: small, env }), 69, /disk is full/);
    t.deepEqual(listing(small), []);
  } finally {
    execFileSync('umount', [small]);
  }
});

test.serial('a name that is taken: a namespace of somebody else, a lab that is being made', async (t) => {
  const { cwd, state, env, left } = place(t);
  const [taken = ''] = CONTAINERS;
  execFileSync('ip', ['netns', 'add', taken]);
  try {
    for (const verb of ['deploy', 'run'])
      refused(
        t,
        await leafstorm([verb, 'lab.clab.yml'], { cwd, env }),
        65,
        /network namespace clab-clibad-a exists already.*ip netns delete clab-clibad-a/,
      );
    const destroyed = await leafstorm(['destroy', NAME, '--cleanup'], { cwd, env });
    t.is(destroyed.status, 0, destroyed.stderr);
    t.true(existsSync(`/run/netns/${taken}`), 'what is not ours stays');
    t.deepEqual(listing(cwd), ['lab.clab.yml']);
  } finally {
    execFileSync('ip', ['netns', 'delete', taken]);
  }
  t.deepEqual(left(), []);

  const lock = join(state, '.lock', NAME);
  mkdirSync(join(state, '.lock'), { recursive: true });
  const before = ['flock', lock];
  refused(
    t,
    await leafstorm(['deploy', 'lab.clab.yml'], { cwd, env, before }),
    65,
    /is being deployed or destroyed by/,
  );
  t.deepEqual(listing(cwd), ['lab.clab.yml']);
});

test.serial('a node that does not start takes the rest down with it', async (t) => {
  // Too little memory for any process at all, which only the kernel can tell.
  const { cwd, env, left } = place(t, topology(', memory: 100kb'));
  try {
    const ran = await leafstorm(['deploy', 'lab.clab.yml'], { cwd, env });
    t.is(ran.status, 2, ran.stderr);
    t.regex(ran.stderr, /^leafstorm: node [ab] did not start .*memory/m);
    t.notRegex(ran.stderr, /^\s+at .*:\d+:\d+\)?$/m);
    t.deepEqual(left(), []);
  } finally {
    await leafstorm(['destroy', NAME, '--cleanup'], { cwd, env });
  }
});

test.serial('settings of the kernel that it does not have, or refuses, or that are none', async (t) => {
  for (const [setting, message] of [
    ['net.ipv4.conf.all.nosuch: 1', /lab\.clab\.yml:4: node a: sysctl .*nosuch = 1: this kernel has no such setting/],
    ['net.ipv4.conf.all.forwarding: banana', /sysctl .*forwarding = banana: the kernel refuses it/],
    ['net/../../../made: 1', /lab\.clab\.yml:3:\d+: "net\/.*made" is not the name of a sysctl\. Write it/],
  ] as const) {
    const { cwd, env, left } = place(t, topology(`, sysctls: {${setting}}`));
    try {
      refused(t, await leafstorm(['deploy', 'lab.clab.yml'], { cwd, env }), 65, message);
      t.deepEqual(left(), []);
    } finally {
      await leafstorm(['destroy', NAME, '--cleanup'], { cwd, env });
    }
  }
  t.false(existsSync('/made'));
});
