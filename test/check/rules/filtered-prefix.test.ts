import test from 'ava';
import { drop, plant, swap, told } from '../planted.ts';

test('a prefix that no longer leaves its leaf', (t) => {
  const { findings, line } = plant({ 'leaf-1': drop('OWN-4 seq 20') });
  t.deepEqual(told(findings, 'filtered-prefix'), [
    `error leaf-1:${line('leaf-1', 'OWN-4 seq 10')} TO-SPINES out of neighbor eth1 (spine-1), neighbor eth2 (spine-2) stops 10.64.1.0/24, 10.64.1.1/32 (ipv4), which the intent lets pass`,
  ]);
});

test('host routes that a changed length no longer lets pass', (t) => {
  const { findings, line } = plant({
    'leaf-1': swap(
      'ipv6 prefix-list OWN-6 seq 20 permit fd1e:af00:1:1::/64 le 128',
      'ipv6 prefix-list OWN-6 seq 20 permit fd1e:af00:1:1::/64',
    ),
  });
  t.deepEqual(told(findings, 'filtered-prefix'), [
    `error leaf-1:${line('leaf-1', 'OWN-6 seq 20')} TO-SPINES out of neighbor eth1 (spine-1), neighbor eth2 (spine-2) stops fd1e:af00:1:1::1/128 (ipv6), which the intent lets pass`,
  ]);
});

test('a spine that stops a rack', (t) => {
  const { findings } = plant({
    'spine-1': swap(
      'ip prefix-list FABRIC-4 seq 20 permit',
      'ip prefix-list FABRIC-4 seq 15 deny 10.64.4.0/24 le 32\nip prefix-list FABRIC-4 seq 20 permit',
    ),
  });
  t.deepEqual(
    told(findings, 'filtered-prefix').map((one) => /FABRIC (in|out) .* stops (.*) \(ipv4\)/.exec(one)?.slice(1)),
    [
      ['in', '10.64.4.0/24, 10.64.4.1/32'],
      ['out', '10.64.4.0/24, 10.64.4.1/32'],
    ],
  );
});

test('floating service addresses that a server’s leaf no longer lets pass', (t) => {
  const wrongServer = plant({ 'leaf-1': swap('RACK seq 10 permit ^4200100001$', 'RACK seq 10 permit ^4200100002$') });
  t.deepEqual(
    [...told(wrongServer.findings, 'filtered-prefix')]
      .sort((a, b) => (a.includes('FROM-') === b.includes('FROM-') ? 0 : a.includes('FROM-') ? -1 : 1))
      .map((one) => /(TO|FROM)-\S+ \w+ .* stops (.*), which/.exec(one)?.slice(1)),
    [
      ['FROM', 'service addresses of 10.96.0.0/16 from its own servers (ipv4)'],
      ['FROM', 'service addresses of fd1e:af00:2::/64 from its own servers (ipv6)'],
      ['TO', 'service addresses of 10.96.0.0/16 from its own servers (ipv4)'],
      ['TO', 'service addresses of fd1e:af00:2::/64 from its own servers (ipv6)'],
    ],
  );
  const spine = plant({ 'spine-1': drop('permit 10.96.0.0/16 ge 32') });
  t.deepEqual(
    told(spine.findings, 'filtered-prefix').map((one) => / stops (.*), which/.exec(one)?.[1]),
    Array.from({ length: 2 }, () => 'service addresses of 10.96.0.0/16 from other racks (ipv4)'),
  );
});

test('a policy written in other words does the same', (t) => {
  const { findings } = plant({
    'leaf-1': swap(
      'ip prefix-list OWN-4 seq 20 permit 10.64.1.0/24 le 32',
      'ip prefix-list OWN-4 seq 20 permit 10.64.1.0/24\nip prefix-list OWN-4 seq 30 permit 10.64.1.0/24 ge 25 le 32',
    ),
  });
  t.deepEqual(findings, []);
});
