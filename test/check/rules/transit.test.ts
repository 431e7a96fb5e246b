import test from 'ava';
import { below, check, drop, plant, swap, told } from '../planted.ts';

test('a leaf whose policy towards the spines lets everything pass', (t) => {
  const { findings, line } = plant({
    'leaf-1': swap('ip prefix-list OWN-4 seq 20 permit 10.64.1.0/24 le 32', 'ip prefix-list OWN-4 seq 20 permit any'),
  });
  t.deepEqual(told(findings, 'transit'), [
    `error leaf-1:${line('leaf-1', 'OWN-4 seq 20 permit any')} leaf-1 is transit: route-map TO-SPINES out of neighbor eth1 (spine-1), neighbor eth2 (spine-2) passes 10.255.0.1/32, 10.255.0.2/32, 10.255.1.2/32 and 10 more (ipv4) on from one spine to another`,
  ]);
});

test('a leaf without outbound policy', (t) => {
  const { findings, line } = plant({
    'leaf-1': (text) => drop('route-map TO-SPINES out')(text.replace(' bgp ebgp-requires-policy\n', '')),
  });
  t.deepEqual(
    told(findings, 'transit').map((one) => one.split(':').slice(0, 2).join(':')),
    [`error leaf-1:${line('leaf-1', 'neighbor SPINES activate')} leaf-1 is transit`],
  );
});

test('a wrong route-map, an added entry', (t) => {
  const wrong = plant({
    'leaf-1': swap('neighbor SPINES route-map TO-SPINES out', 'neighbor SPINES route-map TO-SERVERS out'),
  });
  t.is(told(wrong.findings, 'transit').length, 1);
  t.is(wrong.findings[0]!.line, wrong.line('leaf-1', 'SPINES route-map TO-SERVERS'));
  const added = plant({
    'leaf-1': below('match ipv6 address prefix-list OWN-6', 'exit', '!', 'route-map TO-SPINES permit 50'),
  });
  t.is(told(added.findings, 'transit').length, 2);
  t.true(added.findings.every(({ line }) => line === added.line('leaf-1', 'TO-SPINES permit 50')));
});

test('a leaf that passes floating service addresses of other racks on', (t) => {
  const unmatched = plant({ 'leaf-1': drop('match as-path RACK') });
  t.deepEqual(told(unmatched.findings, 'transit'), [
    `error leaf-1:${unmatched.line('leaf-1', 'route-map TO-SPINES permit 30')} leaf-1 is transit: route-map TO-SPINES out of neighbor eth1 (spine-1), neighbor eth2 (spine-2) passes service addresses of 10.96.0.0/16 from other racks (ipv4) on from one spine to another`,
  ]);
  const opened = plant({ 'leaf-1': swap('RACK seq 10 permit ^4200100001$', 'RACK seq 10 permit .*') });
  t.is(told(opened.findings, 'transit').filter((one) => one.startsWith('error')).length, 2);
  t.true(opened.findings.every(({ line }) => line === opened.line('leaf-1', 'RACK seq 10')));
});

test('a policy opened elsewhere than towards the spines is a warning', (t) => {
  const { findings } = plant({ 'leaf-2': swap('deny 10.64.2.0/24 le 32', 'permit 10.64.2.0/24 le 32') });
  t.deepEqual(
    told(findings, 'transit').map((one) => one.replace(/:\d+/, '')),
    [
      'warning leaf-2 route-map FROM-SPINES in of neighbor eth1 (spine-1), neighbor eth2 (spine-2) lets 10.64.2.0/24, 10.64.2.1/32 (ipv4) through, which the intent stops',
    ],
  );
});

test('a spine that lets more than the fabric through', (t) => {
  const { findings, line } = plant({ 'spine-1': drop('match ip address prefix-list FABRIC-4') });
  t.deepEqual(
    told(findings, 'transit')[0],
    `warning spine-1:${line('spine-1', 'route-map FABRIC permit 10')} route-map FABRIC in of neighbor eth1 (leaf-1), neighbor eth2 (leaf-2), neighbor eth3 (leaf-3) and 1 more lets what is not of the fabric (ipv4) through, which the intent stops`,
  );
  t.is(told(findings, 'transit').length, 4);
});

test('without intent, a node of the group leaf', (t) => {
  const text = (asn: number, ...ports: string[]) =>
    [
      `router bgp ${asn}`,
      ' no bgp ebgp-requires-policy',
      ...ports.map((port) => ` neighbor ${port} interface remote-as external`),
    ].join('\n');
  const findings = check(
    { x: text(1, 'eth1', 'eth2'), y: text(9, 'eth1'), z: text(9, 'eth1') },
    ['x:eth1 y:eth1', 'x:eth2 z:eth1'],
    { x: { group: 'leaf' }, y: { group: 'spine' }, z: { group: 'spine' } },
  );
  t.deepEqual(
    told(findings, 'transit').map((one) => one.split(' has ')[0]),
    ['warning x:3 x'],
  );
});
