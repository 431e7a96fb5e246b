import test from 'ava';
import { drop, plant, swap, told } from '../planted.ts';

test('a router with another ASN than the intent gives it is told once, not by each neighbour', (t) => {
  const { findings, line } = plant({ 'leaf-2': swap('router bgp 4200001002', 'router bgp 4200009999') });
  t.deepEqual(told(findings, 'identity'), [
    `error leaf-2:${line('leaf-2', 'router bgp')} router bgp 4200009999, but the intent gives leaf-2 ASN 4200001002: every neighbour that expects it refuses the session`,
  ]);
  t.is(findings.length, 1);
});

test('another router ID, and a missing address', (t) => {
  const { findings, line } = plant({
    'spine-2': swap('bgp router-id 10.255.0.2', 'bgp router-id 10.255.0.99'),
    'server-1-1': drop('ip address 10.64.1.1/32'),
  });
  t.deepEqual(told(findings, 'identity'), [
    `error server-1-1:${line('server-1-1', 'interface lo')} interface lo lacks 10.64.1.1/32, which the intent gives it`,
    `warning spine-2:${line('spine-2', 'router-id')} bgp router-id 10.255.0.99, but the intent gives spine-2 10.255.0.2`,
  ]);
});

test('a router without BGP', (t) => {
  const { findings } = plant({ 'server-4-1': (text) => text.replace(/^router bgp(?:.|\n)*?^exit$/m, '') });
  t.deepEqual(told(findings, 'identity'), [
    'error server-4-1:1 there is no BGP instance; the intent has router bgp 4200100004',
  ]);
});
