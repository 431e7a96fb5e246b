import test from 'ava';
import { below, plant, told } from '../planted.ts';

test('statements that no rule understands are warnings, management is not told', (t) => {
  const { findings, line } = plant({
    'leaf-1': (text) =>
      below(
        'no zebra nexthop kernel enable',
        'service integrated-vtysh-config',
        'ip protocol bgp route-tag 7',
      )(below('bgp log-neighbor-changes', ' bgp dampening')(text)),
  });
  t.deepEqual(told(findings, 'unknown-statement'), [
    `warning leaf-1:${line('leaf-1', 'route-tag')} "ip protocol bgp route-tag 7" is not understood and was not judged`,
    `warning leaf-1:${line('leaf-1', 'dampening')} "bgp dampening" in "router bgp 4200001001" is not understood and was not judged`,
  ]);
});

test('an unknown block is told once', (t) => {
  const { findings, line } = plant({
    'leaf-1': (text) => `${text}router ospf\n network 10.0.0.0/8 area 0\n passive-interface default\nexit\n`,
  });
  t.deepEqual(told(findings, 'unknown-statement'), [
    `warning leaf-1:${line('leaf-1', 'router ospf')} "router ospf" is not understood and was not judged`,
  ]);
});
