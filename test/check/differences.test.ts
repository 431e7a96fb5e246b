import test from 'ava';
import { differences } from '../../src/check/index.ts';
import { below, drop, plant, pod, swap } from './planted.ts';

const diff = (edits: Parameters<typeof plant>[0]) => {
  const { configs, line } = plant(edits);
  return { found: differences(pod, configs), line };
};

test('configurations as generated do not differ', (t) => {
  t.deepEqual(diff({}).found, []);
});

test('comments, order and spelling do not count', (t) => {
  const { found } = diff({
    'leaf-1': (text) =>
      `! mine\n\n${text.replace(' bgp log-neighbor-changes\n', '').replace(' bgp router-id', ' bgp   log-neighbor-changes\n bgp router-id')}`,
  });
  t.deepEqual(found, []);
});

test('each statement that was added or removed is named with node, line and blocks', (t) => {
  const { found, line } = diff({
    'leaf-1': swap('neighbor SPINES remote-as 4200000000', 'neighbor SPINES remote-as 65000'),
    'spine-2': (text) => drop('network 10.255.0.2/32')(`! a line more\n${text}`),
    'server-1-1': below('no zebra nexthop kernel enable', 'ip route 10.64.3.0/24 blackhole'),
  });
  t.deepEqual(
    found.map(({ node, line: at, message }) => [node, at, message]),
    [
      [
        'spine-2',
        line('spine-2', 'address-family ipv4'),
        'removed: router bgp 4200000000 / address-family ipv4 unicast / network 10.255.0.2/32',
      ],
      ['leaf-1', line('leaf-1', 'router bgp'), 'removed: router bgp 4200001001 / neighbor SPINES remote-as 4200000000'],
      ['leaf-1', line('leaf-1', 'remote-as 65000'), 'added: router bgp 4200001001 / neighbor SPINES remote-as 65000'],
      ['server-1-1', line('server-1-1', 'ip route'), 'added: ip route 10.64.3.0/24 blackhole'],
    ],
  );
  t.true(Object.isFrozen(found) && found.every((one) => Object.isFrozen(one)));
});

test('statements that the model does not know, and whole blocks', (t) => {
  const { found, line } = diff({
    'leaf-2': below('bgp log-neighbor-changes', ' bgp dampening'),
    'leaf-3': (text) => text.replace(/^bfd\n(?:.|\n)*$/m, ''),
  });
  t.deepEqual(
    found.map(({ node, line: at, message }) => [node, at, message]),
    [
      ['leaf-2', line('leaf-2', 'dampening'), 'added: router bgp 4200001002 / bgp dampening'],
      ['leaf-3', 1, 'removed: bfd'],
      ['leaf-3', 1, 'removed: bfd / profile fabric'],
      ['leaf-3', 1, 'removed: bfd / profile fabric / detect-multiplier 3'],
      ['leaf-3', 1, 'removed: bfd / profile fabric / transmit-interval 100'],
      ['leaf-3', 1, 'removed: bfd / profile fabric / receive-interval 100'],
    ],
  );
});
