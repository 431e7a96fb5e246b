import test from 'ava';
import fc from 'fast-check';
import { addressBytes, ipv4Text, ipv6Text } from '../../src/linux/ip-text.ts';

test('IPv6 text is that of RFC 5952', (t) => {
  const canonical = (text: string) => ipv6Text(addressBytes(text));
  // Section 4: leading zeros, the longest run, the first of equal runs, no `::` for one group, lower case.
  t.is(canonical('2001:0db8:0:0:1:0:0:1'), '2001:db8::1:0:0:1');
  t.is(canonical('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1');
  t.is(canonical('2001:DB8::'), '2001:db8::');
  t.is(canonical('0:0:0:0:0:0:0:0'), '::');
  t.is(canonical('0:0:0:0:0:0:0:1'), '::1');
  t.is(canonical('1:0:0:2:0:0:0:3'), '1:0:0:2::3');
  t.is(canonical('fd00:0:0:0:1::'), 'fd00::1:0:0:0');
  t.is(canonical('::ffff:10.0.0.1'), '::ffff:10.0.0.1');
});

test('bytes and text go back and forth', (t) => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const sparse = fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 });
  fc.assert(fc.property(bytes(4), (four) => t.deepEqual(addressBytes(ipv4Text(four)), four)));
  fc.assert(fc.property(bytes(16), (sixteen) => t.deepEqual(addressBytes(ipv6Text(sixteen)), sixteen)));
  fc.assert(
    fc.property(sparse, (some) => t.deepEqual(addressBytes(ipv6Text(Uint8Array.from(some))), Uint8Array.from(some))),
  );
});

for (const wrong of [
  '',
  '10.0.0',
  '10.0.0.256',
  '1.2.3.4.5',
  ':',
  ':::',
  '1::2::3',
  '1:2:3',
  '12345::',
  'fd00::g',
  '1:2:3:4:5:6:7::8',
  '::1.2.3',
]) {
  test(`no address: ${JSON.stringify(wrong)}`, (t) => {
    t.throws(() => addressBytes(wrong), { message: /not an IP address/ });
  });
}
