import test from 'ava';
import { workOut } from '../../src/fabric/index.ts';
import { compileRegex } from '../../src/oracle/as-path-list.ts';
import { predict, withAnnouncements } from '../../src/oracle/index.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';
import { hops, inputOf } from './network.ts';
import { networks } from './networks.ts';

test('each neighbour hears what its AS path list lets through', (t) => {
  const prediction = predict(inputOf(networks.paths!));
  const heard = (node: string, own: number) =>
    [40, 41, 42, 43, 44, ...Array.from({ length: 8 }, (_, i) => 50 + i)].filter(
      (id) => id !== own && hops(prediction, node, `10.0.0.${id}/32`) !== undefined,
    );
  const listener = (name: string, i: number) => heard(`l${name}`, 50 + i);
  t.deepEqual(listener('own', 0), [40]);
  t.deepEqual(listener('near', 1), [41]);
  t.deepEqual(listener('far', 2), [43]);
  t.deepEqual(listener('either', 4), [42, 43]);
  t.deepEqual(listener('digits', 5), [43]);
  t.deepEqual(listener('none', 6), []);
  t.deepEqual(listener('missing', 7), []);
  // 44 comes through 42 and is stopped on import; everything but what came through 41 goes out.
  t.deepEqual(listener('not', 3), [40, 42, 50, 51, 52, 54, 55, 56, 57]);
  t.deepEqual(prediction.unmodelled, []);
});

test('regular expressions of FRR: a separator, alternatives, and what is not modelled', (t) => {
  t.true(compileRegex('_65001_')?.test('65000 65001'));
  t.false(compileRegex('_6500_')?.test('65000 65001'));
  t.true(compileRegex('^$')?.test(''));
  for (const regex of ['^(1)\\1$', '(', 'a', '.*?', '[[:digit:]]']) t.is(compileRegex(regex), undefined, regex);
  const text = ['bgp as-path access-list A permit ^65001\\.$', 'route-map M permit 10', ' match as-path A', 'exit'];
  const used = ['router bgp 1', ' neighbor eth1 interface remote-as 2', ' address-family ipv4 unicast'];
  const unmodelled = (lines: readonly string[]) =>
    predict(inputOf({ routers: { a: lines.join('\n') }, links: [] })).unmodelled.map(({ why }) => why);
  t.deepEqual(unmodelled([...text, ...used, '  neighbor eth1 route-map M out']), [
    'a regular expression that is not modelled',
  ]);
  t.deepEqual(unmodelled([...text, ...used]), []);
});

const fabric = workOut(leafSpine({ racks: 3, servers: 2 }));
const input = {
  configs: new Map(fabric.nodes.map(({ name, config }) => [name, config])),
  links: fabric.links,
};

test('a floating service address is reached from every rack, wherever it is, and leaves no route behind', (t) => {
  for (const node of ['server-1-1', 'server-3-2']) {
    for (const address of ['10.96.0.7', 'fd1e:af00:2::7']) {
      const prefix = address.includes(':') ? `${address}/128` : `${address}/32`;
      const prediction = predict(withAnnouncements(input, [{ node, address }]));
      t.deepEqual(prediction.unmodelled, []);
      for (const { name, role, rack } of fabric.nodes) {
        const found = hops(prediction, name, prefix);
        if (name === node) t.is(found, undefined);
        else if (role === 'server') t.deepEqual(found, ['eth1'], name);
        else if (role === 'spine') t.is(found?.length, 1);
        else t.is(found?.length, rack === fabric.nodes.find((one) => one.name === node)?.rack ? 1 : 2, name);
      }
    }
  }
  t.is(hops(predict(input), 'leaf-1', '10.96.0.7/32'), undefined);
});

test('two announce one address while a fail-over is under way: each rack takes its nearest', (t) => {
  const address = '10.96.0.7';
  const prediction = predict(
    withAnnouncements(input, [
      { node: 'server-1-1', address },
      { node: 'server-2-1', address },
    ]),
  );
  t.deepEqual(hops(prediction, 'leaf-1', '10.96.0.7/32'), ['eth3']);
  t.deepEqual(hops(prediction, 'leaf-2', '10.96.0.7/32'), ['eth3']);
  t.deepEqual(hops(prediction, 'leaf-3', '10.96.0.7/32'), ['eth1', 'eth2']);
});

test('a leaf is no transit for service addresses: without its links to one spine, nothing goes through another leaf', (t) => {
  const cut = new Set(
    fabric.links.map(({ name }) => name).filter((name) => /spine-1:.*--leaf-1:|spine-2:.*--leaf-2:/.test(name)),
  );
  const prediction = predict(withAnnouncements(input, [{ node: 'server-1-1', address: '10.96.0.7' }]), { links: cut });
  // leaf-1 has spine-2 only, leaf-2 has spine-1 only, and leaf-3, which has both, passes nothing on.
  t.is(hops(prediction, 'leaf-2', '10.96.0.7/32'), undefined);
  t.deepEqual(hops(prediction, 'leaf-3', '10.96.0.7/32'), ['eth2']);
});

test('addresses outside the pool, and of nobody', (t) => {
  const stray = predict(withAnnouncements(input, [{ node: 'server-1-1', address: '192.0.2.1' }]));
  t.is(hops(stray, 'leaf-1', '192.0.2.1/32'), undefined);
  t.throws(() => withAnnouncements(input, [{ node: 'nobody', address: '10.96.0.7' }]), {
    message: /nobody: runs no BGP/,
  });
  t.throws(() => withAnnouncements(input, [{ node: 'server-1-1', address: 'x' }]), { message: /x is no address/ });
});
