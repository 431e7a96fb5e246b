import test from 'ava';
import { check, drop, plant, swap, told } from '../planted.ts';

test('a wrong ASN is found at the statement that has it', (t) => {
  const { findings, line } = plant({
    'spine-1': swap('neighbor eth2 remote-as 4200001002', 'neighbor eth2 remote-as 4200001009'),
  });
  t.deepEqual(told(findings, 'remote-as'), [
    `error spine-1:${line('spine-1', 'remote-as 4200001009')} neighbor eth2 (leaf-2) has remote-as 4200001009, but leaf-2 is in ASN 4200001002`,
  ]);
  t.is(findings.length, 1);
  t.is(findings[0]!.link, 'spine-1:eth2--leaf-2:eth1');
});

test('a wrong ASN of a peer-group is found for each member', (t) => {
  const { findings, line } = plant({ 'leaf-1': swap('SPINES remote-as 4200000000', 'SPINES remote-as 65000') });
  t.is(told(findings, 'remote-as').length, 2);
  t.true(findings.every((finding) => finding.node === 'leaf-1' && finding.line === line('leaf-1', 'remote-as 65000')));
});

test('without intent the same is found', (t) => {
  const { findings } = plant(
    { 'leaf-1': swap('SPINES remote-as 4200000000', 'SPINES remote-as 65000') },
    { withIntent: false },
  );
  t.is(told(findings, 'remote-as').length, 2);
});

test('a neighbour without ASN', (t) => {
  const { findings, line } = plant({ 'leaf-3': drop('neighbor eth3 remote-as') });
  t.deepEqual(told(findings, 'remote-as'), [
    `error leaf-3:${line('leaf-3', 'neighbor eth3 interface')} neighbor eth3 (server-3-1) has no remote-as, so its session never starts`,
  ]);
});

test('external and internal are judged by both ASNs', (t) => {
  const text = (asn: number, remote: string) =>
    `router bgp ${asn}\n no bgp ebgp-requires-policy\n neighbor eth1 interface remote-as ${remote}\n`;
  t.deepEqual(told(check({ a: text(1, 'external'), b: text(2, 'external') }, ['a:eth1 b:eth1']), 'remote-as'), []);
  t.deepEqual(told(check({ a: text(1, 'external'), b: text(1, 'internal') }, ['a:eth1 b:eth1']), 'remote-as'), [
    'error a:3 neighbor eth1 (b) has remote-as external, but b is in ASN 1, and a in 1',
  ]);
});
