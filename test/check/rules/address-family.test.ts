import test from 'ava';
import { check, drop, plant, swap, told } from '../planted.ts';

test('a family that one end does not activate', (t) => {
  const edit = (text: string) => {
    const ipv6 = text.indexOf('address-family ipv6');
    return text.slice(0, ipv6) + drop('neighbor LEAF activate')(text.slice(ipv6));
  };
  for (const withIntent of [true, false]) {
    const { findings, line } = plant({ 'server-2-1': edit }, { withIntent });
    t.deepEqual(told(findings, 'address-family'), [
      `error server-2-1:${line('server-2-1', 'address-family ipv6')} ipv6 unicast is not active for neighbor eth1 (leaf-2), as it is at the other end: the session exchanges no ipv6 route`,
    ]);
    t.is(findings[0]!.link, 'leaf-2:eth3--server-2-1:eth1');
  }
});

test('no neighbor X activate is found where it stands', (t) => {
  const { findings, line } = plant({ 'leaf-1': swap('  neighbor SPINES activate', '  no neighbor SPINES activate') });
  t.deepEqual(told(findings, 'address-family'), [
    `error leaf-1:${line('leaf-1', 'no neighbor SPINES activate')} ipv4 unicast is not active for neighbor eth1 (spine-1), neighbor eth2 (spine-2), as it is at the other end: the session exchanges no ipv4 route`,
  ]);
});

test('a session that is active in no family', (t) => {
  const text = (asn: number) =>
    `router bgp ${asn}\n no bgp ebgp-requires-policy\n no bgp default ipv4-unicast\n neighbor eth1 interface remote-as external\n`;
  t.deepEqual(told(check({ a: text(1), b: text(2) }, ['a:eth1 b:eth1']), 'address-family'), [
    'error a:4 neighbor eth1 (b) is active in no address family: its session carries no route',
    'error b:4 neighbor eth1 (a) is active in no address family: its session carries no route',
  ]);
});

test('different families at the two ends', (t) => {
  const text = (asn: number, family: string) =>
    `router bgp ${asn}\n no bgp ebgp-requires-policy\n no bgp default ipv4-unicast\n neighbor eth1 interface remote-as external\n address-family ${family} unicast\n  neighbor eth1 activate\n exit-address-family\n`;
  const findings = check({ a: text(1, 'ipv4'), b: text(2, 'ipv6') }, ['a:eth1 b:eth1']);
  t.deepEqual(
    findings.map(({ rule, node }) => `${rule} ${node}`),
    ['address-family a', 'address-family b'],
  );
});
