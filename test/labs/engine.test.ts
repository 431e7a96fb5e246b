import { execFileSync, spawn } from 'node:child_process';
import { createSocket, type SocketOptions } from 'node:dgram';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { readTopology, type Topology } from 'containerlab-ts';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { InputError } from '../../src/errors.ts';
import { inNamespace } from '../../src/linux/namespace.ts';
import { createRandom } from '../../src/random.ts';
import { leftovers } from '../support/leftovers.ts';
import { bgpRouter, link, node, router, topology } from '../support/topology.ts';

const SEED = 7;
const DEPLOYER = new URL('../support/deploy-and-wait.ts', import.meta.url).pathname;
const DISK = { 'leafstorm-disk': '/var/lib/store=67108864' };

function small(name: string): Topology {
  return topology(
    name,
    [
      bgpRouter('r1', 65001, '10.0.0.1', ['eth1']),
      bgpRouter('r2', 65002, '10.0.0.2', ['eth1', 'eth2']),
      node('h1', {
        labels: DISK,
        env: { COLOUR: 'blue sky' },
        exec: ['ip addr add 192.0.2.2/24 dev eth1', 'sh -c "echo \'two words\' > /tmp/said"'],
      }),
    ],
    [link('r1:eth1', 'r2:eth1'), link('r2:eth2', 'h1:eth1', 1500)],
  );
}

function containersOf({ name, nodes }: Topology): string[] {
  return nodes.map((one) => `clab-${name}-${one.name}`);
}

async function within<T>(ms: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= until) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(50);
  }
}

async function withLab(
  given: Topology,
  work: (lab: RunningLab, said: readonly string[]) => Promise<void>,
): Promise<void> {
  const said: string[] = [];
  await embedded.destroy(given.name);
  const lab = await embedded.deploy(given, { seed: SEED, say: (line) => said.push(line) });
  try {
    await work(lab, said);
  } finally {
    await lab.destroy({ cleanup: true });
  }
}

test.serial('routers route, commands run, faults of links take effect, and nothing is left', async (t) => {
  const given = small('engbasic');
  await withLab(given, async (lab, said) => {
    t.deepEqual(
      said.filter((line) => /ended with|failed|unknown command/i.test(line)),
      [],
    );
    t.deepEqual(await embedded.labs().then((names) => names.includes('engbasic')), true);
    const r1 = lab.node('r1');
    t.is(r1.recipe, 'frr');
    t.true(existsSync(`${r1.vtyDir}/bgpd.vty`) && existsSync(`${r1.vtyDir}/zebra.vty`));
    t.deepEqual(
      (await lab.processes('r1'))
        .map(({ program }) => program)
        .filter((name) => name.endsWith('d') || name === 'zebra')
        .sort(),
      ['bgpd', 'zebra'],
      'no BFD and no static routes are configured, so neither daemon runs',
    );
    await within(20_000, 'r1 has a route to r2', async () => {
      const { stdout } = await lab.exec('r1', ['ip', 'route', 'show', '10.0.0.2']);
      return stdout.includes('dev eth1') ? true : undefined;
    });
    t.is((await lab.exec('h1', ['cat', '/tmp/said'])).stdout, 'two words\n');
    t.is((await lab.exec('h1', ['printenv', 'COLOUR', 'CLAB_INTFS'])).stdout, 'blue sky\n1\n');
    t.is((await lab.exec('h1', ['hostname'])).stdout, 'h1\n');
    t.is((await lab.exec('h1', ['sh', '-c', 'exit 3'])).code, 3);
    t.is((await lab.exec('h1', ['cat'], { input: 'in' })).stdout, 'in');
    t.is((await lab.exec('h1', ['sleep', '987'], { timeoutMs: 300 })).code, 124);
    t.false(
      (await lab.exec('h1', ['ps', 'ax'])).stdout.includes('sleep 987'),
      'a command whose time was up is ended inside, too',
    );

    const wire = 'r1:eth1--r2:eth1';
    t.deepEqual(await lab.linkState('r2:eth2--h1:eth1'), {
      a: { exists: true, adminUp: true, carrier: true, mtu: 1500 },
      z: { exists: true, adminUp: true, carrier: true, mtu: 1500 },
    });
    await lab.setLink(wire, 'down');
    const cut = await lab.linkState(wire);
    t.deepEqual([cut.a.adminUp, cut.z.adminUp, cut.z.carrier], [false, true, false]);
    await lab.setLink(wire, 'up');
    t.true((await lab.linkState(wire)).z.carrier);

    t.is(await lab.kill('r1', 'bgpd'), 1);
    await within(5_000, 'bgpd is gone', async () =>
      (await lab.processes('r1')).some(({ program }) => program === 'bgpd') ? undefined : true,
    );
    await lab.startProgram('r1', 'bgpd');
    t.true((await lab.processes('r1')).some(({ program }) => program === 'bgpd'));
    await lab.spawn('h1', 'talk', ['sh', '-c', 'echo "$WORD"; exec sleep 4321'], { WORD: 'hello' });
    await within(5_000, 'the log of a spawned program', async () =>
      readFileSync(`${lab.node('h1').dir}/log/talk.log`, 'utf8') === 'hello\n' ? true : undefined,
    );

    const again = await embedded.attach('engbasic');
    t.deepEqual(again.nodes, lab.nodes);
    t.deepEqual(again.links, lab.links);
    await t.throwsAsync(embedded.deploy(given, { seed: SEED }), { instanceOf: InputError, message: /running already/ });
  });
  t.deepEqual(leftovers('engbasic', containersOf(given)), []);
  await t.throwsAsync(embedded.attach('engbasic'), { instanceOf: InputError });
});

test.serial('a silent link drops all in one direction and counts it; a lossy one a share; carrier stays', async (t) => {
  const given = topology(
    'engloss',
    [
      node('a', { exec: ['ip addr add 192.0.2.1/24 dev eth1'] }),
      node('z', { exec: ['ip addr add 192.0.2.2/24 dev eth1'] }),
    ],
    [link('a:eth1', 'z:eth1')],
  );
  await withLab(given, async (lab) => {
    const wire = 'a:eth1--z:eth1';
    const lost = async (count: number) => {
      const { stdout } = await lab.exec('a', ['ping', '-q', '-c', `${count}`, '-i', '0.002', '-W', '1', '192.0.2.2']);
      return count - Number(/(\d+) received/.exec(stdout)?.[1]);
    };
    t.is(await lost(20), 0);
    await lab.impair(wire, { loss: { aToZ: 1 } });
    t.is(await lost(20), 20);
    const silent = await lab.dropped(wire);
    t.true(silent.aToZ >= 20);
    t.is(silent.zToA, 0);
    const state = await lab.linkState(wire);
    t.true(state.a.carrier && state.z.carrier);
    await lab.impair(wire, { loss: { zToA: 0.3 } });
    const share = (await lost(1000)) / 1000;
    t.true(share > 0.2 && share < 0.4, `lost ${share}`);
    t.is((await lab.dropped(wire)).aToZ, 0);
    await lab.impair(wire, { rate: 8_000_000 });
    t.regex((await lab.exec('a', ['tc', 'qdisc', 'show', 'dev', 'eth1'])).stdout, /tbf .*rate 8Mbit/);
    await lab.impair(wire, {});
    t.is(await lost(50), 0);
    t.notRegex((await lab.exec('a', ['tc', 'qdisc', 'show', 'dev', 'eth1'])).stdout, /tbf/);
    t.deepEqual(await lab.dropped(wire), { aToZ: 0, zToA: 0 });
    await t.throwsAsync(lab.impair(wire, { loss: { aToZ: 1.5 } }), { instanceOf: RangeError });
  });
  t.deepEqual(leftovers('engloss', containersOf(given)), []);
});

test.serial('a paused node stands still while its kernel goes on forwarding', async (t) => {
  const given = topology(
    'engpause',
    [
      node('a', { exec: ['ip addr add 192.0.2.1/24 dev eth1'] }),
      node('z', {
        exec: ['ip addr add 192.0.2.2/24 dev eth1'],
        cmd: 'sh -c "while :; do echo >> /tmp/beat; sleep 0.02; done"',
      }),
    ],
    [link('a:eth1', 'z:eth1')],
  );
  await withLab(given, async (lab) => {
    const beats = () => readFileSync(`${lab.node('z').dir}/root/tmp/beat`).length;
    await within(5_000, 'z beats', async () => (beats() > 2 ? true : undefined));
    await lab.pause('z');
    const before = beats();
    await sleep(300);
    t.is(beats(), before);
    t.is((await lab.exec('a', ['ping', '-q', '-c', '1', '-W', '2', '192.0.2.2'])).code, 0);
    await lab.unpause('z');
    await within(5_000, 'z beats again', async () => (beats() > before ? true : undefined));
    await lab.pause('z');
  });
  t.deepEqual(leftovers('engpause', containersOf(given)), [], 'a frozen node is removed as well');
});

test.serial('a power cut keeps what was flushed and loses what was not; a kill loses nothing', async (t) => {
  const given = small('engpower');
  await withLab(given, async (lab) => {
    const store = async (name: string, text: string, flush: boolean) => {
      const flag = flush ? ['conv=fdatasync,notrunc'] : ['conv=notrunc'];
      const { code, stderr } = await lab.exec('h1', ['dd', `of=/var/lib/store/${name}`, 'bs=64', ...flag], {
        input: text,
      });
      t.is(code, 0, stderr);
    };
    const read = async (name: string) => (await lab.exec('h1', ['cat', `/var/lib/store/${name}`])).stdout;
    t.regex((await lab.exec('h1', ['findmnt', '-no', 'FSTYPE', '/var/lib/store'])).stdout, /ext4/);
    await store('flushed', 'kept', true);
    await store('overwritten', 'old', true);
    await lab.exec('h1', ['sync']);
    await store('overwritten', 'new', false);
    await store('unsynced', 'gone', false);
    await lab.spawn('h1', 'sleeper', ['sleep', '4322']);
    t.is(await lab.kill('h1', 'sleep').then((count) => count > 0), true);
    t.is(await read('unsynced'), 'gone', 'killing processes loses nothing');

    await lab.exec('h1', ['ip', 'route', 'add', '198.51.100.0/24', 'dev', 'eth1']);
    await lab.exec('h1', ['ip', 'link', 'add', 'br0', 'type', 'bridge']);
    await lab.setLink('r1:eth1--r2:eth1', 'down');
    const { atMs } = await lab.powerOff(['h1', 'r2', 'r1']);
    t.true(atMs > 0);
    t.deepEqual(await lab.processes('h1'), []);
    t.deepEqual((await lab.linkState('r2:eth2--h1:eth1')).a.adminUp, false);
    const inNode = (...argv: string[]) => lab.exec('h1', argv);
    t.not((await inNode('true')).code, 0, 'nothing can run in a node without power');
    await lab.powerOff(['h1']);

    await lab.powerOn(['h1', 'r2', 'r1']);
    t.is(await read('flushed'), 'kept');
    t.is(await read('overwritten'), 'old');
    t.is((await lab.exec('h1', ['cat', '/var/lib/store/unsynced'])).stdout, '');
    t.is((await lab.exec('h1', ['cat', '/tmp/said'])).stdout, 'two words\n', 'start-up commands run again');
    t.is((await lab.exec('h1', ['ip', 'route', 'show', '198.51.100.0/24'])).stdout, '', 'routes went with the power');
    t.not((await lab.exec('h1', ['ip', 'link', 'show', 'br0'])).code, 0);
    t.deepEqual(
      (await lab.linkState('r1:eth1--r2:eth1')).a.adminUp,
      false,
      'a link that a fault holds down stays down',
    );
    await lab.setLink('r1:eth1--r2:eth1', 'up');
    await within(30_000, 'r1 has a route to r2 again', async () =>
      (await lab.exec('r1', ['ip', 'route', 'show', '10.0.0.2'])).stdout.includes('dev eth1') ? true : undefined,
    );
    await lab.powerOff(['h1']);
  });
  t.deepEqual(leftovers('engpower', containersOf(given)), []);
});

/** Numbers that arrive as datagrams on a port inside a namespace, the highest so far. */
function listenIn(netns: string, port: number): Promise<{ highest(): number; close(): void }> {
  let highest = 0;
  const lookup = (name: string, _options: unknown, done: (error: null, address: string, family: number) => void) =>
    done(null, name, 4);
  return new Promise((resolve, reject) => {
    inNamespace(netns, () => {
      const socket = createSocket({ type: 'udp4', lookup } as SocketOptions);
      socket.on('message', (text) => {
        highest = Math.max(highest, Number(text.toString()));
      });
      socket.once('error', reject);
      socket.bind(port, '0.0.0.0', () => resolve({ highest: () => highest, close: () => socket.close() }));
    });
  });
}

test.serial(
  'every write that was acknowledged over the network survives a power cut in the middle of writing',
  async (t) => {
    // One acknowledgement a write, sent only once fdatasync(2) said that it is on the disk.
    const writer = `i=0; while printf '%s\\n' $((i+1)) | dd of=/var/lib/store/log oflag=append conv=notrunc,fdatasync status=none; do i=$((i+1)); echo -n $i > /dev/udp/192.0.2.2/4000; done`;
    const given = topology(
      'engacks',
      [
        node('h1', { labels: DISK, exec: ['ip addr add 192.0.2.1/24 dev eth1'] }),
        node('h2', { exec: ['ip addr add 192.0.2.2/24 dev eth1'] }),
      ],
      [link('h1:eth1', 'h2:eth1')],
    );
    await withLab(given, async (lab) => {
      for (let cut = 1; cut <= 3; cut++) {
        const acknowledged = await listenIn(lab.node('h2').netns, 4000);
        await lab.exec('h1', ['rm', '-f', '/var/lib/store/log']);
        await lab.spawn('h1', 'writer', ['bash', '-c', writer]);
        await within(20_000, 'fifty writes', async () => (acknowledged.highest() > 50 ? true : undefined));
        await lab.powerOff(['h1']);
        await sleep(20);
        const promised = acknowledged.highest();
        acknowledged.close();
        await lab.powerOn(['h1']);
        const { stdout } = await lab.exec('h1', ['cat', '/var/lib/store/log']);
        const kept = stdout.split('\n').filter((line) => line !== '');
        t.true(kept.length >= promised, `cut ${cut}: ${promised} acknowledged, ${kept.length} kept`);
        t.deepEqual(
          kept.slice(0, promised),
          Array.from({ length: promised }, (_, at) => `${at + 1}`),
        );
      }
    });
  },
);

test.serial(
  'a disk that somebody else holds is reported, for mounting it again would give the dead one back',
  async (t) => {
    const given = topology('engheld', [node('h1', { labels: DISK })], []);
    await withLab(given, async (lab) => {
      const [first] = await lab.processes('h1');
      const holder = spawn('sleep', ['60'], { cwd: `/proc/${first!.pid}/root/var/lib/store`, stdio: 'ignore' });
      try {
        await t.throwsAsync(lab.powerOff(['h1']), { message: /still in use .*h1\/disks\/0\.img/ });
      } finally {
        holder.kill('SIGKILL');
        await new Promise((resolve) => holder.once('exit', resolve));
      }
    });
    t.deepEqual(leftovers('engheld', containersOf(given)), []);
  },
);

test.serial('a node sees nothing private of the host', async (t) => {
  await withLab(small('engpriv'), async (lab) => {
    const look = async (path: string) => (await lab.exec('h1', ['ls', '-A', path])).stdout;
    t.is(await look('/root'), '');
    t.is(await look('/home'), '');
    t.is(await look('/etc/ssh'), '');
    t.is(await look('/etc/ssl/private'), '');
    t.not((await lab.exec('h1', ['test', '-e', '/etc/shadow'])).code, 0);
    t.not((await lab.exec('h1', ['touch', '/usr/bin/planted'])).code, 0, '/usr is read-only');
    t.not(
      (await lab.exec('h1', ['sh', '-c', 'echo 1 > /proc/sys/vm/drop_caches'])).code,
      0,
      'the host kernel is not theirs to set',
    );
    t.is((await lab.exec('h1', ['sh', '-c', 'ls /var/tmp /var/spool /mnt /srv'])).stdout.replace(/\/.*|\s/g, ''), '');
    t.is((await lab.exec('r1', ['vtysh', '-c', 'show version'])).code, 0);
  });
});

test.serial('two labs of one topology, and names that begin alike, do not touch each other', async (t) => {
  const one = topology('eng', [node('a-b'), node('c')], [link('a-b:eth1', 'c:eth1')]);
  const two = topology('eng-a', [node('b'), node('c')], [link('b:eth1', 'c:eth1')]);
  const same = topology('eng-twin', [node('a-b'), node('c')], [link('a-b:eth1', 'c:eth1')]);
  for (const { name } of [one, two, same]) await embedded.destroy(name);
  const first = await embedded.deploy(one, { seed: SEED });
  try {
    await t.throwsAsync(embedded.deploy(two, { seed: SEED }), {
      instanceOf: InputError,
      message: /clab-eng-a-b belongs to lab eng/,
    });
    t.deepEqual(leftovers('eng-a', ['clab-eng-a-c']), []);
    const twin = await embedded.deploy(same, { seed: SEED });
    await twin.destroy();
    await embedded.destroy('eng-a');
    await embedded.destroy('en');
    t.is((await first.exec('a-b', ['true'])).code, 0);
    t.true((await first.linkState('a-b:eth1--c:eth1')).z.carrier);
  } finally {
    await first.destroy();
  }
  t.deepEqual(leftovers('eng', containersOf(one)), []);
  t.deepEqual(leftovers('eng-twin', containersOf(same)), []);
});

test.serial('a configuration that FRR does not understand is said, and the vtysh way loads what it does', async (t) => {
  const odd = router(
    'odd',
    'hostname odd\n!\nrouter ospf\n passive-interface eth3\nexit\n!\ninterface lo\n ip address 10.9.9.9/32\nexit\n!\n',
  );
  const wrong = router(
    'wrong',
    'hostname wrong\n!\nrouter bgp 65001\n neighbour eth1 interface\nexit\n!\nunheard of\n!\n',
  );
  await withLab(topology('engodd', [odd, wrong], [link('odd:eth1', 'wrong:eth1')]), async (lab, said) => {
    t.regex((await lab.exec('odd', ['ip', 'addr', 'show', 'dev', 'lo'])).stdout, /10\.9\.9\.9\/32/);
    t.true(
      said.some((line) => line.startsWith('wrong: ')),
      said.join('\n'),
    );
  });
});

test.serial('what cannot be deployed is refused whole, with place and remedy', async (t) => {
  const bad = topology(
    'engbad',
    [
      node('a', { image: 'vendor/nos:1' }),
      node('b', { kind: 'srl' }),
      node('c', {
        binds: [{ source: '/nowhere', target: '/x', readOnly: true, at: { file: 'f.yml', line: 3, column: 1 } }],
      }),
    ],
    [link('c:eth1', 'nobody:eth1'), link('c:eth2', 'c:eth2')],
  );
  const { problems } = (await t.throwsAsync(embedded.deploy(bad, { seed: SEED }), {
    instanceOf: InputError,
  })) as InputError;
  t.regex(problems.join('\n'), /test\.clab\.yml:7: node a: no recipe for image vendor\/nos:1; known are frr/);
  t.regex(problems.join('\n'), /node b: kind srl/);
  t.regex(problems.join('\n'), /there is no node nobody/);
  const missing = topology('engbad', [bad.nodes[2]!], []);
  await t.throwsAsync(embedded.deploy(missing, { seed: SEED }), {
    instanceOf: InputError,
    message: /f\.yml:3: node c: there is no \/nowhere/,
  });
  t.deepEqual(leftovers('engbad', containersOf(bad)), []);
});

test.serial('a deploy that fails half-way leaves nothing', async (t) => {
  const given = topology(
    'engfail',
    [node('a'), node('b', { sysctls: { 'net.ipv4.conf.eth9.forwarding': '1' } })],
    [link('a:eth1', 'b:eth1')],
  );
  await t.throwsAsync(embedded.deploy(given, { seed: SEED }), {
    message:
      /^test\.clab\.yml:7: node b: sysctl net\.ipv4\.conf\.eth9\.forwarding = 1: this kernel has no such setting/,
  });
  t.deepEqual(leftovers('engfail', containersOf(given)), []);
});

test.serial('destroy removes what a killed deploy left, at whatever instant it was killed', async (t) => {
  const given = small('engkill');
  const random = createRandom(SEED);
  await embedded.destroy('engkill');
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, [DEPLOYER], {
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    });
    child.send(given);
    await new Promise((resolve) => child.once('message', resolve));
    const after = random.integer(700);
    await sleep(after);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await embedded.destroy('engkill');
    t.deepEqual(leftovers('engkill', containersOf(given)), [], `killed after ${after} ms`);
  }
  await embedded.destroy('engkill');
});

test.serial('neighbour tables are raised for a big lab and put back, also after a crash', async (t) => {
  const ports = Array.from({ length: 70 }, (_, at) => `eth${at + 1}`);
  const given = topology(
    'engneigh',
    [node('a'), node('z')],
    ports.map((port) => link(`a:${port}`, `z:${port}`)),
  );
  const threshold = () => Number(readFileSync('/proc/sys/net/ipv6/neigh/default/gc_thresh3', 'utf8'));
  await embedded.destroy('engneigh');
  const before = threshold();
  const said: string[] = [];
  const lab = await embedded.deploy(given, { seed: SEED, say: (line) => said.push(line) });
  const raised = threshold();
  await lab.destroy();
  t.true(raised >= 2 * 70 * 8);
  if (before < raised) t.true(said.some((line) => line.startsWith('neighbour tables')));
  t.is(threshold(), before);
  const child = spawn(process.execPath, [DEPLOYER], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  child.send(given);
  await within(20_000, 'the thresholds are raised', async () => (threshold() >= raised ? true : undefined));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  await embedded.destroy('engneigh');
  t.is(threshold(), before);
  t.deepEqual(leftovers('engneigh', containersOf(given)), []);
});

test.serial('the state folder on a full disk: a clear message, and nothing is left', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-full-'));
  const given = topology(
    'engfull',
    Array.from({ length: 8 }, (_, at) => node(`n${at}`)),
    [],
  );
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir]);
  try {
    process.env['LEAFSTORM_STATE'] = dir;
    await t.throwsAsync(embedded.deploy(given, { seed: SEED }), { message: /disk of this host is full/ });
    t.deepEqual(leftovers('engfull', containersOf(given), dir), []);
  } finally {
    delete process.env['LEAFSTORM_STATE'];
    execFileSync('umount', [dir]);
    rmSync(dir, { recursive: true });
  }
});

test.serial('one name with two state folders is refused, and neither touches the other', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-state-'));
  const given = topology('engstate', [node('a')], []);
  const other = topology('engstate', [node('b')], []);
  await withLab(given, async (lab) => {
    try {
      process.env['LEAFSTORM_STATE'] = dir;
      await t.throwsAsync(embedded.deploy(other, { seed: SEED }), {
        instanceOf: InputError,
        message: /another state folder/,
      });
      await embedded.destroy('engstate');
    } finally {
      delete process.env['LEAFSTORM_STATE'];
      rmSync(dir, { recursive: true });
    }
    t.is((await lab.exec('a', ['true'])).code, 0);
  });
});

const PUBLISHED = new URL('../../../shared/inputs/clab-bgp-frr/bgp-frr.clab.yml', import.meta.url).pathname;

test.serial('a topology that somebody else published runs as it is', async (t) => {
  if (!existsSync(PUBLISHED)) {
    t.log(`skipped: ${PUBLISHED} is not there`);
    t.pass();
    return;
  }
  const { topology: read } = readTopology(readFileSync(PUBLISHED, 'utf8'), { file: PUBLISHED });
  const given = { ...read!, name: 'engpub' };
  await withLab(given, async (lab) => {
    const reached = await within(60_000, 'host11 reaches host31', async () =>
      (await lab.exec('host11', ['ping', '-q', '-c', '1', '-W', '1', '192.168.31.2'])).code === 0 ? true : undefined,
    );
    t.true(reached);
  });
  t.deepEqual(leftovers('engpub', containersOf(given)), []);
});
