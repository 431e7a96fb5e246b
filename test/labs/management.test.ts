/** Needs root and the packages frr, frr-snmp, openssh-server and snmpd: a router reached over SSH and SNMP, from inside another router's network. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { dgramInNamespace } from '../../src/linux/dgram.ts';
import { run } from '../../src/linux/run.ts';
import { connectInNamespace } from '../../src/linux/tcp.ts';
import {
  bfdPeers,
  bgpRoutes,
  bgpSessions,
  type Frr,
  interfaces,
  nexthopGroups,
  openFrr,
  openSnmp,
  openSsh,
  runningConfig,
  type SnmpAuth,
  SnmpError,
  type SnmpOptions,
  SshError,
  type SshOptions,
  snmpBgpPeers,
  snmpInterfaces,
  snmpSystem,
  sshFrr,
  VtyError,
  zebraRoutes,
} from '../../src/router/index.ts';
import { leftovers } from '../support/leftovers.ts';
import { type ManagedPair, managedPair } from '../support/managed-router.ts';

const NAME = 'sshmanaged';
const R1 = '192.0.2.0';

let pair: ManagedPair;
let lab: RunningLab;
const said: string[] = [];

test.before(async () => {
  pair = managedPair(NAME);
  await embedded.destroy(NAME);
  lab = await embedded.deploy(pair.topology, { seed: 5, say: (line) => said.push(line) });
  await settled();
});

test.after.always(async () => {
  await lab?.destroy({ cleanup: true });
  pair?.remove();
  const left = leftovers(
    NAME,
    ['r1', 'r2'].map((node) => `clab-${NAME}-${node}`),
  );
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
});

async function within<T>(ms: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= until) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(100);
  }
}

/** Both routers' sessions are up and r2's loopback is in r1's table. */
async function settled(): Promise<void> {
  const frr = openFrr('r1', lab.node('r1').vtyDir!);
  try {
    await within(30_000, 'r1 has the route to r2', async () =>
      (await zebraRoutes(frr, 4)).find(({ prefix, installed }) => prefix === '198.51.100.2/32' && installed),
    );
  } finally {
    frr.close();
  }
}

/** From inside r2's network, where r1 answers, and not from the host's, where nobody does. */
function sshOptions(more: Partial<SshOptions> = {}): SshOptions {
  return {
    node: 'r1',
    host: R1,
    username: 'root',
    hostKeys: [`${R1} ${pair.hostKey}`],
    auth: { privateKey: { file: pair.keyFile } },
    connect: (host, port) => connectInNamespace(lab.node('r2').netns, host, port),
    timeoutMs: 15_000,
    ...more,
  };
}

function snmpOptions(auth: SnmpAuth, more: Partial<SnmpOptions> = {}): SnmpOptions {
  const createSocket = (type: 'udp4' | 'udp6') => dgramInNamespace(lab.node('r2').netns, type);
  return { node: 'r1', host: R1, auth, createSocket, ...more };
}

const byName = (left: { readonly name: string }, right: { readonly name: string }) =>
  left.name.localeCompare(right.name);

/** Without what differs from one moment to the next. */
const steady = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, one) => (/^uptime/.test(key) ? undefined : one)));

test.serial('the routers came up without a complaint', (t) => {
  t.deepEqual(
    said.filter((line) => /r[12]:/.test(line)),
    [],
  );
});

test.serial('words of a command arrive as they were, with output, errors and status', async (t) => {
  const ssh = await openSsh(sshOptions());
  const argv = ['printf', '%s|', 'a b', "it's", '$HOME', '', '*', '"', '\\', 'x\ny', '`id`', 'ä'];
  t.is((await ssh.exec(argv)).stdout, `${argv.slice(2).join('|')}|`);
  t.deepEqual(await ssh.exec(['sh', '-c', 'echo no >&2; exit 7']), { code: 7, stdout: '', stderr: 'no\n' });
  t.is((await ssh.exec(['sh', '-c', 'kill -9 $$'])).code, 137);
  t.is((await ssh.exec(['cat'])).stdout, '', 'nothing is typed');
  t.is((await ssh.command('hostname')).stdout, 'r1\n');
  await t.throwsAsync(ssh.exec(['sleep', '30'], { timeoutMs: 100 }), {
    instanceOf: SshError,
    message: /r1: ssh: .*within 100 ms/,
  });
  t.is((await ssh.exec(['true'])).code, 0, 'the connection lives on');
  const many = await Promise.all(Array.from({ length: 10 }, (_, i) => ssh.exec(['echo', `${i}`])));
  t.deepEqual(
    many.map(({ stdout }) => Number(stdout)),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  ssh.close();
});

test.serial('FRR says over SSH what it says over its vty sockets', async (t) => {
  const local = openFrr('r1', lab.node('r1').vtyDir!);
  const remote = sshFrr(await openSsh(sshOptions()));
  t.is(remote.node, 'r1');
  t.deepEqual(await remote.daemons(), local.daemons());
  const questions: Readonly<Record<string, (frr: Frr) => Promise<unknown>>> = {
    sessions: bgpSessions,
    'BGP routes': async (frr) => [...(await bgpRoutes(frr, 4))],
    routes: (frr) => zebraRoutes(frr, 4),
    'IPv6 routes': (frr) => zebraRoutes(frr, 6),
    interfaces,
    'BFD sessions': bfdPeers,
    groups: nexthopGroups,
    // vtysh has an order of its own.
    configuration: async (frr) =>
      (await runningConfig(frr)).map(({ config, ...rest }) => ({ ...rest, config: config.split('\n').sort() })),
  };
  for (const [what, ask] of Object.entries(questions)) {
    // What changes between two questions, such as a session that a stall of the machine ended, is asked again.
    let near: unknown;
    let far: unknown;
    let after: unknown;
    for (let tries = 0; tries < 100 && (near === undefined || !isDeepStrictEqual(near, after)); tries++) {
      near = steady(await ask(local));
      far = steady(await ask(remote));
      after = steady(await ask(local));
    }
    t.deepEqual(far, near, what);
    t.true((far as readonly unknown[]).length > 0, what);
  }
  const [session, peer] = await within(30_000, 'BGP and BFD are up', async () => {
    const [[bgp], [bfd]] = [await bgpSessions(remote), await bfdPeers(remote)];
    return bgp?.established && bfd?.up ? ([bgp, bfd] as const) : undefined;
  });
  t.like(session, { neighbour: '192.0.2.1', hostname: 'r2', remoteAs: 4200000002, established: true });
  t.like(peer, { peer: '192.0.2.1', up: true });
  await t.throwsAsync(remote.vty('mgmtd').command('show version'), { instanceOf: VtyError, message: /^r1: mgmtd: / });
  await t.throwsAsync(remote.vty('bgpd').command('show nonsense'), {
    instanceOf: VtyError,
    message: /Unknown command/,
  });
  await t.throwsAsync(remote.vty('bgpd').json('show version'), { message: /answered no JSON: FRRouting 8/ });
  t.throws(() => openFrr('r1', 'x').vty('bgpd').command('a\0b'), { instanceOf: TypeError });
  await t.throwsAsync(remote.vty('bgpd').command('show version\nconfigure'), { instanceOf: TypeError });
  local.close();
  remote.close();
});

test.serial('a wrong host key is refused before anything is said, with the fingerprint that was seen', async (t) => {
  const seen = (await openedAndClosed()).hostKey.fingerprint;
  t.regex(seen, /^SHA256:[A-Za-z0-9+/]{43}$/);
  for (const [hostKeys, why] of [
    [[`${R1} ${pair.otherHostKey}`], /none of the keys known for it/],
    [[`192.0.2.77 ${pair.hostKey}`], /no key of it is known/],
    [[], /no key of it is known/],
    [[`@revoked * ${pair.hostKey}`, `${R1} ${pair.hostKey}`], /revoked/],
  ] as const) {
    const error = await t.throwsAsync(openSsh(sshOptions({ hostKeys })), { instanceOf: SshError, message: why });
    t.true(error?.message.startsWith(`r1: ssh: ${R1}:22 shows host key ${seen} (ssh-ed25519), `));
  }
  (await openSsh(sshOptions({ hostKeys: [seen] }))).close();
  const { stdout } = await lab.exec('r1', ['cat', '/var/log/sshd.log']);
  t.is(stdout.match(/Accepted publickey/g)?.length, 4, 'only those that were shown the right key have logged in');

  async function openedAndClosed() {
    const ssh = await openSsh(sshOptions());
    ssh.close();
    return ssh;
  }
});

test.serial('a key that the router does not know, and a password', async (t) => {
  await t.throwsAsync(openSsh(sshOptions({ auth: { privateKey: { file: pair.otherKeyFile } } })), {
    instanceOf: SshError,
    message: `r1: ssh: ${R1}:22: refuses the login of user root`,
  });
  const password = sshOptions({ auth: { password: { file: pair.passwordFile } } });
  await t.throwsAsync(openSsh(password), { message: /refuses the login/ }, 'sshd_config has no passwords');
  const more = ['-o', 'PasswordAuthentication=yes', '-o', 'PermitRootLogin=yes'];
  await lab.spawn('r1', 'sshd-2222', [
    '/usr/sbin/sshd',
    '-D',
    '-e',
    '-p',
    '2222',
    '-f',
    '/etc/ssh/sshd_config',
    ...more,
  ]);
  const ssh = await within(10_000, 'the second sshd answers', async () => {
    try {
      return await openSsh({ ...password, port: 2222, hostKeys: [`[${R1}]:2222 ${pair.hostKey}`] });
    } catch (error) {
      if (/ECONNREFUSED/.test((error as Error).message)) return undefined;
      throw error;
    }
  });
  t.is((await ssh.exec(['id', '-un'])).stdout, 'root\n');
  ssh.close();
});

test.serial('the system group, for a community, for a user, over IPv6', async (t) => {
  const user: SnmpAuth = {
    user: 'operator',
    auth: { protocol: 'sha256', password: { file: pair.authFile } },
    priv: { protocol: 'aes', password: { file: pair.privFile } },
  };
  const community: SnmpAuth = { community: { file: pair.communityFile } };
  for (const options of [snmpOptions(community), snmpOptions(user), snmpOptions(community, { host: '2001:db8::1' })]) {
    const session = await openSnmp(options);
    const system = await snmpSystem(session);
    t.like(system, { name: 'r1', location: 'rack 1' });
    t.true(system.uptimeMs > 0 && system.description.startsWith('Linux r1 '));
    t.true((await snmpInterfaces(session)).length === 3 && (await snmpBgpPeers(session)).length === 1);
    session.close();
  }
});

test.serial('an agent that does not answer, and users that it does not know', async (t) => {
  const quick = { timeoutMs: 200, retries: 1 };
  const community: SnmpAuth = { community: { file: pair.communityFile } };
  process.env['LEAFSTORM_TEST_COMMUNITY'] = 'guessed-community';
  const cases: readonly (readonly [SnmpOptions, RegExp])[] = [
    [
      snmpOptions({ community: { env: 'LEAFSTORM_TEST_COMMUNITY' } }, quick),
      /no answer from 192\.0\.2\.0:161\/udp in 2 tries of 200 ms/,
    ],
    [snmpOptions(community, { ...quick, port: 1 }), /no answer/],
    [
      {
        ...snmpOptions(community, quick),
        createSocket: (type) => dgramInNamespace(lab.node('r1').netns, type),
        host: '192.0.2.1',
      },
      /no answer/,
    ],
    [snmpOptions(community, { ...quick, host: '198.18.0.1' }), /ENETUNREACH|EINVAL/],
    [snmpOptions(community, { ...quick, host: 'r1.example.net' }), /not? (a )?numeric|no numeric/],
    [snmpOptions({ user: 'nobody' }, quick), /Unknown User Name/i],
    [snmpOptions({ user: 'operator' }, quick), /./],
    [
      snmpOptions({ user: 'operator', auth: { protocol: 'sha256', password: { file: pair.privFile } } }, quick),
      /Wrong Digest/i,
    ],
  ];
  for (const [options, why] of cases) {
    const session = await openSnmp(options);
    const error = await t.throwsAsync(snmpSystem(session), { instanceOf: SnmpError, message: why });
    t.true(error?.message.startsWith('r1: snmp: '));
    t.false(
      [...pair.secrets, 'guessed-community'].some((secret) => error?.message.includes(secret)),
      error?.message,
    );
    session.close();
  }
});

test.serial('a namespace that is not there', async (t) => {
  const netns = '/run/netns/ssh-none';
  const connect = (host: string, port: number) => connectInNamespace(netns, host, port);
  await t.throwsAsync(openSsh(sshOptions({ connect })), { instanceOf: SshError, message: /^r1: ssh: .*ENOENT/ });
  const createSocket = (type: 'udp4' | 'udp6') => dgramInNamespace(netns, type);
  const options = snmpOptions({ community: { file: pair.communityFile } }, { createSocket });
  await t.throwsAsync(openSnmp(options), {
    instanceOf: SnmpError,
    message: /^r1: snmp: no socket to ask from: ENOENT/,
  });
});

test.serial('the script tells what a router says of itself', async (t) => {
  const known = {
    '--user': 'root',
    '--key': pair.keyFile,
    '--known-hosts': pair.knownHostsFile,
    '--netns': lab.node('r2').netns,
  };
  const script = resolve(import.meta.dirname, '../../scripts/router-facts.ts');
  const argv = [process.execPath, script, R1, ...Object.entries(known).map((pairs) => pairs.join('='))];
  const env = { ...process.env, SNMP_COMMUNITY: readFileSync(pair.communityFile, 'utf8').trim() } as Record<
    string,
    string
  >;
  const { code, stdout, stderr } = await within(30_000, 'the script tells of a session', async () => {
    const told = await run(argv, { env });
    return told.code !== 0 || (told.stdout.match(/Established/g)?.length ?? 0) === 2 ? told : undefined;
  });
  t.is(code, 0, stderr);
  t.regex(stdout, /^192\.0\.2\.1 +IPv4 AS 4200000002 r2 Established, 1 prefixes$/m);
  t.regex(stdout, /^eth2 +up, MTU 1400, \d+ octets in, \d+ out$/m);
  t.regex(stdout, /^192\.0\.2\.1 +AS 4200000002 Established for \d+ s$/m);
  const refused = await run(
    argv.map((word) => word.replace(pair.knownHostsFile, '/dev/null')),
    { env },
  );
  t.not(refused.code, 0);
  t.regex(refused.stderr, /no key of it is known/);
});

test.serial('interfaces over SNMP are those of zebra, and follow a link that goes down', async (t) => {
  const session = await openSnmp(snmpOptions({ community: { file: pair.communityFile } }));
  const local = openFrr('r1', lab.node('r1').vtyDir!);
  const before = await snmpInterfaces(session);
  const zebra = await interfaces(local);
  t.deepEqual(
    before
      .map(({ name, index, mtu, adminUp, operUp }) => ({ name, ifindex: index, mtu, adminUp, operUp }))
      .sort(byName),
    zebra.map(({ name, ifindex, mtu, adminUp, operUp }) => ({ name, ifindex, mtu, adminUp, operUp })).sort(byName),
  );
  const port = (list: typeof before, name: string) => list.find((one) => one.name === name)!;
  t.true(port(before, 'eth1').counters!.inPackets > 0n);
  t.regex(port(before, 'eth1').mac ?? '', /^aa:c1:ab:..:..:..$/);

  await lab.setLink('r1:eth2--r2:eth2', 'down');
  const down = await within(60_000, 'eth2 is down over SNMP', async () => {
    const now = port(await snmpInterfaces(session), 'eth2');
    return now.operUp ? undefined : now;
  });
  t.is(down.operStatus === 'down' || down.operStatus === 'lowerLayerDown', true, down.operStatus);
  t.true(down.lastChangeMs > 0);
  t.true(port(await snmpInterfaces(session), 'eth1').operUp);
  t.false((await interfaces(local)).find(({ name }) => name === 'eth2')!.operUp, 'as zebra says');
  await lab.setLink('r1:eth2--r2:eth2', 'up');
  await within(
    60_000,
    'eth2 is up again over SNMP',
    async () => port(await snmpInterfaces(session), 'eth2').operUp || undefined,
  );
  local.close();
  session.close();
});

test.serial('BGP sessions over SNMP are those of bgpd, and follow one that is shut down', async (t) => {
  const session = await openSnmp(snmpOptions({ community: { file: pair.communityFile } }));
  const [peer, ...others] = await within(30_000, 'the session is up', async () => {
    const found = await snmpBgpPeers(session);
    return found[0]?.established ? found : undefined;
  });
  t.deepEqual(others, []);
  t.like(peer, {
    peer: '192.0.2.1',
    localAddress: R1,
    remoteAs: 4200000002,
    routerId: '198.51.100.2',
    adminUp: true,
    state: 'Established',
    established: true,
  });
  const vtysh = (...lines: string[]) => lab.exec('r2', ['vtysh', ...lines.flatMap((line) => ['-c', line])]);
  const shutdown = 'neighbor 192.0.2.0 shutdown';
  await vtysh('configure terminal', 'router bgp 4200000002', shutdown);
  await within(
    10_000,
    'the session is lost over SNMP',
    async () => (await snmpBgpPeers(session))[0]?.established === false || undefined,
  );
  await vtysh('configure terminal', 'router bgp 4200000002', `no ${shutdown}`);
  const again = await within(30_000, 'the session is back over SNMP', async () =>
    (await snmpBgpPeers(session)).find(({ established }) => established),
  );
  t.true(again.transitions > peer!.transitions);
  session.close();
});

test.serial('an agent without BGP4-MIB says so', async (t) => {
  const session = await openSnmp(snmpOptions({ community: { file: pair.communityFile } }));
  t.is(await lab.kill('r1', 'bgpd'), 1);
  await within(20_000, 'the MIB is gone with its daemon', async () => {
    try {
      await snmpBgpPeers(session);
      return undefined;
    } catch (error) {
      return /shows no BGP4-MIB/.test((error as Error).message) || undefined;
    }
  });
  await lab.startProgram('r1', 'bgpd');
  await within(30_000, 'the MIB is back with its daemon', async () =>
    (await snmpBgpPeers(session).catch(() => [])).find(({ established }) => established),
  );
  session.close();
  t.pass();
});

test.serial('what manages a router comes back with its power', async (t) => {
  await lab.powerOff(['r1']);
  await t.throwsAsync(openSsh(sshOptions({ timeoutMs: 500 })), { instanceOf: SshError });
  await lab.powerOn(['r1']);
  await settled();
  const remote = sshFrr(await openSsh(sshOptions()));
  t.is((await bgpSessions(remote)).length, 1);
  remote.close();
  const programs = (await lab.processes('r1')).map(({ program }) => program);
  t.true(programs.includes('sshd') && programs.includes('snmpd'));
  t.is(await lab.kill('r1', 'snmpd'), 1);
  await lab.startProgram('r1', 'snmpd');
  const session = await openSnmp(snmpOptions({ community: { file: pair.communityFile } }));
  t.is((await snmpSystem(session)).name, 'r1');
  session.close();
});

test.serial('no secret is in the files of the lab, its logs among them', async (t) => {
  const grep = (words: readonly string[]) => {
    const patterns = words.flatMap((word) => ['-e', word]);
    // snmpd keeps its users' keys below /var/lib/snmp, as it does everywhere.
    return run(['grep', '-rlFs', '--exclude-dir=snmp', ...patterns, lab.dir]);
  };
  t.deepEqual(await grep(pair.secrets), { code: 1, stdout: '', stderr: '' });
  t.regex((await grep(['Accepted publickey for root'])).stdout, /sshd\.log/, 'the search finds what is there');
});
