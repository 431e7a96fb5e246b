import test from 'ava';
import { planLab } from '../../../src/engine/embedded/plan.ts';
import { nodeSysctls, sysctlPath } from '../../../src/engine/embedded/sysctls.ts';
import { InputError } from '../../../src/errors.ts';
import { link, node, topology } from '../../support/topology.ts';

const pair = (prefix?: string) => topology('lab', [node('a'), node('z')], [link('a:eth1', 'z:eth1')], prefix);

test('containers are named as containerlab names them', (t) => {
  const names = (prefix?: string) => planLab(pair(prefix), 1).nodes.map(({ container }) => container);
  t.deepEqual(names(), ['clab-lab-a', 'clab-lab-z']);
  t.deepEqual(names(''), ['a', 'z']);
  t.deepEqual(names('__lab-name'), ['lab-a', 'lab-z']);
  t.throws(() => names('../x'), { instanceOf: InputError, message: /prefix/ });
});

test('addresses of links repeat with the seed, differ between ends, and leave given ones alone', (t) => {
  const macs = (seed: number) => planLab(pair(), seed).links.flatMap(({ a, z }) => [a.mac, z.mac]);
  t.deepEqual(macs(1), macs(1));
  t.notDeepEqual(macs(1), macs(2));
  t.is(new Set(macs(1)).size, 2);
  for (const mac of macs(1)) t.regex(mac, /^aa:c1:ab(:[0-9a-f]{2}){3}$/);
  const given = pair();
  const fixed = { ...given, links: given.links.map((one) => ({ ...one, a: { ...one.a, mac: '02:00:00:00:00:01' } })) };
  t.is(planLab(fixed, 1).links[0]?.a.mac, '02:00:00:00:00:01');
});

test('every problem is reported at once, with its place', (t) => {
  const bad = topology(
    'lab',
    [
      node('a', { exec: ['echo "'] }),
      node('a'),
      node('b', { networkMode: 'host' }),
      node('c', { labels: { 'leafstorm-disk': '/d' } }),
    ],
    [
      link('a:eth1', 'b:much-too-long-a-name'),
      link('a:eth1', 'c:eth1'),
      { ...link('a:eth2', 'b:eth2'), type: 'vxlan' },
    ],
  );
  const { problems } = t.throws(() => planLab(bad, 1), { instanceOf: InputError })!;
  for (const expected of [
    /exec: the quote/,
    /two nodes a|link/,
    /network-mode host/,
    /leafstorm-disk: "\/d"/,
    /cannot name an interface/,
    /end of another link/,
    /type vxlan/,
  ]) {
    t.true(
      problems.some((problem) => expected.test(problem) && problem.startsWith('test.clab.yml:7: ')),
      `${expected}`,
    );
  }
});

test('an interface keeps the dots of its name in a sysctl', (t) => {
  t.is(sysctlPath('net.ipv4.ip_forward'), 'net/ipv4/ip_forward');
  t.is(sysctlPath('net.ipv4.conf.eth1/100.forwarding'), 'net/ipv4/conf/eth1.100/forwarding');
  t.is(sysctlPath('net/ipv4/conf/eth1.100/forwarding'), 'net/ipv4/conf/eth1.100/forwarding');
});

test('routers forward and hash unlike each other; hosts do not forward', (t) => {
  const of = (name: string, router: boolean, seed = 1) => new Map(nodeSysctls({ name, router }, seed));
  t.is(of('r', true).get('net/ipv6/conf/all/forwarding'), '1');
  t.is(of('h', false).get('net/ipv4/ip_forward'), '0');
  const hash = (name: string, seed?: number) => of(name, true, seed).get('net/ipv4/fib_multipath_hash_seed');
  t.not(hash('r1'), hash('r2'));
  t.not(hash('r1', 1), hash('r1', 2));
  t.is(hash('r1'), hash('r1'));
});
