import test from 'ava';
import { check, drop, plant, told } from '../planted.ts';

test('with bgp ebgp-requires-policy, a direction without policy carries nothing', (t) => {
  const { findings, line } = plant({ 'leaf-2': drop('SERVERS route-map FROM-SERVERS in') });
  t.deepEqual(told(findings, 'missing-policy'), [
    `error leaf-2:${line('leaf-2', 'neighbor SERVERS activate')} no policy in for neighbor eth3 (server-2-1) in ipv4, and bgp ebgp-requires-policy is on: leaf-2 takes no route there`,
  ]);
});

test('the default depends on the profile and the version', (t) => {
  const text = (asn: number, head: string) =>
    `${head}\nrouter bgp ${asn}\n neighbor eth1 interface remote-as external\n`;
  const found = (head: string) =>
    told(check({ a: text(1, head), b: text(2, head) }, ['a:eth1 b:eth1']), 'missing-policy').length;
  t.is(found('frr version 8.4.4'), 4);
  t.is(found('frr defaults traditional'), 4);
  t.is(found('frr defaults datacenter'), 0);
  t.is(found('frr version 7.3'), 0);
});
