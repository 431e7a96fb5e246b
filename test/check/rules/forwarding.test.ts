import test from 'ava';
import type { TopologyDocument } from 'containerlab-ts';
import { check, plant, swap, told } from '../planted.ts';

test('no ip forwarding, no ipv6 forwarding', (t) => {
  const { findings, line } = plant({
    'spine-1': swap('\nip forwarding', '\nno ip forwarding'),
    'leaf-1': swap('\nipv6 forwarding', '\nno ipv6 forwarding'),
  });
  t.deepEqual(told(findings, 'forwarding'), [
    `error leaf-1:${line('leaf-1', 'no ipv6')} no ipv6 forwarding: leaf-1 takes part in routing but passes no IPv6 packets on`,
    `error spine-1:${line('spine-1', 'no ip ')} no ip forwarding: spine-1 takes part in routing but passes no IPv4 packets on`,
  ]);
  t.is(findings.length, 2);
});

test('a sysctl of the topology', (t) => {
  const document = (whole: TopologyDocument): TopologyDocument => ({
    ...whole,
    nodes: {
      ...whole.nodes,
      'leaf-3': {
        ...whole.nodes['leaf-3'],
        sysctls: { 'net.ipv4.ip_forward': '0', 'net.ipv6.conf.all.disable_ipv6': '1' },
      },
    },
  });
  const { findings, topology } = plant({}, { document });
  const line = topology.nodes.find(({ name }) => name === 'leaf-3')!.at.line;
  t.deepEqual(told(findings, 'forwarding'), [
    `error leaf-3:${line} sysctl net.ipv4.ip_forward: 0 of leaf-3 switches off IPv4 forwarding`,
    `error leaf-3:${line} sysctl net.ipv6.conf.all.disable_ipv6: 1 of leaf-3 switches off IPv6, and with it unnumbered sessions`,
  ]);
});

test('a router without IPv6 routes need not forward IPv6', (t) => {
  t.deepEqual(told(check({ a: 'no ipv6 forwarding\nrouter bgp 1\n' }, []), 'forwarding'), []);
});
