import test from 'ava';
import { below, check, plant, swap, told } from '../planted.ts';

test('a rack’s prefix announced from another rack', (t) => {
  const { findings, line } = plant({ 'leaf-2': below('network 10.64.2.0/24', '  network 10.64.3.0/24') });
  t.deepEqual(told(findings, 'duplicate-prefix'), [
    `error leaf-2:${line('leaf-2', 'network 10.64.3.0/24')} network 10.64.3.0/24 is the prefix of leaf-3`,
  ]);
});

test('a prefix that moved to another node is found at both', (t) => {
  const { findings } = plant({ 'leaf-2': swap('network 10.64.2.0/24', 'network 10.64.3.0/24') });
  t.deepEqual(
    findings.filter(({ rule }) => /prefix$/.test(rule)).map(({ rule, node }) => `${rule} ${node}`),
    ['missing-prefix leaf-2', 'duplicate-prefix leaf-2'],
  );
});

test('anycast of the intent is no duplicate', (t) => {
  const { findings } = plant({});
  t.deepEqual(told(findings, 'duplicate-prefix'), []);
});

test('without intent it is a warning: it may be anycast', (t) => {
  const text = (asn: number) =>
    `router bgp ${asn}\n no bgp network import-check\n address-family ipv4 unicast\n  network 10.0.0.9/8\n exit-address-family\n`;
  t.deepEqual(told(check({ a: text(1), b: text(2).replace('10.0.0.9', '10.0.0.0') }, []), 'duplicate-prefix'), [
    'warning b:4 network 10.0.0.0/8 is also announced by a',
  ]);
});
