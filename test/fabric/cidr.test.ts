import test from 'ava';
import fc from 'fast-check';
import {
  canonicalPrefix,
  capacity,
  contains,
  formatAddress,
  formatPrefix,
  host,
  overlaps,
  type Prefix,
  parseAddress,
  parsePrefix,
  subnet,
} from '../../src/fabric/cidr.ts';

const prefix = (text: string): Prefix => parsePrefix(text)!;

test('IPv6 addresses are written as RFC 5952 asks', (t) => {
  const canonical = (text: string) => formatAddress('ipv6', parseAddress(text)!.address);
  t.is(canonical('2001:0DB8:0000:0000:0000:0000:0002:0001'), '2001:db8::2:1');
  t.is(canonical('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1');
  t.is(canonical('2001:0:0:1:0:0:0:1'), '2001:0:0:1::1');
  t.is(canonical('2001:db8:0:0:1:0:0:1'), '2001:db8::1:0:0:1');
  t.is(canonical('0:0:0:0:0:0:0:0'), '::');
  t.is(canonical('fd00:0:0:0:0:0:0:0'), 'fd00::');
  t.is(canonical('::FFFF:192.0.2.1'), '::ffff:192.0.2.1');
  t.is(canonical('64:ff9b::192.0.2.33'), '64:ff9b::c000:221');
});

test('what is no address is refused', (t) => {
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '01.2.3.4',
    'a.b.c.d',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'fe80::1%eth1',
    '1.2.3.4::',
    '1:2:3:4:5:6:7::8',
  ]) {
    t.is(parseAddress(text), undefined, text);
  }
  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/08', 'fd00::/129', '/8', '10.0.0.0/8/8']) {
    t.is(parsePrefix(text), undefined, text);
  }
});

test('every address survives being written and read', (t) => {
  const zeroes = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(zeroes, (groups) => {
      const address = groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
      return parseAddress(formatAddress('ipv6', address))?.address === address;
    }),
  );
  fc.assert(
    fc.property(
      fc.nat(0xffffffff),
      (value) => parseAddress(formatAddress('ipv4', BigInt(value)))?.address === BigInt(value),
    ),
  );
  t.pass();
});

test('host bits are cleared and told', (t) => {
  t.is(canonicalPrefix('10.1.2.3/8'), '10.0.0.0/8');
  t.is(canonicalPrefix('FD00:0::1/64'), 'fd00::/64');
  t.is(canonicalPrefix('any'), 'any');
  t.true(prefix('10.0.0.1/8') && parsePrefix('10.0.0.1/8')!.hasHostBits);
  t.false(parsePrefix('0.0.0.0/0')!.hasHostBits);
});

test('prefixes contain and overlap', (t) => {
  t.true(contains(prefix('10.0.0.0/8'), prefix('10.1.0.0/16')));
  t.true(contains(prefix('10.0.0.0/8'), prefix('10.0.0.0/8')));
  t.false(contains(prefix('10.1.0.0/16'), prefix('10.0.0.0/8')));
  t.false(contains(prefix('::/0'), prefix('10.0.0.0/8')));
  t.true(overlaps(prefix('10.1.0.0/16'), prefix('10.0.0.0/8')));
  t.false(overlaps(prefix('10.0.0.0/9'), prefix('10.128.0.0/9')));
});

test('pools are counted and cut', (t) => {
  t.is(capacity(prefix('10.0.0.0/22'), 24), 4n);
  t.is(capacity(prefix('10.0.0.0/25'), 24), 0n);
  t.is(capacity(prefix('fd00::/64')), 1n << 64n);
  t.is(formatPrefix(subnet(prefix('10.0.0.0/22'), 24, 3)), '10.0.3.0/24');
  t.is(formatPrefix(subnet(prefix('fd00::/48'), 64, 255)), 'fd00:0:0:ff::/64');
  t.is(formatPrefix(host(prefix('10.0.0.0/30'), 2)), '10.0.0.2/32');
  t.throws(() => subnet(prefix('10.0.0.0/22'), 24, 4), { message: '10.0.0.0/22 holds no /24 number 4' });
  t.throws(() => host(prefix('10.0.0.0/30'), -1), { instanceOf: RangeError });
});
