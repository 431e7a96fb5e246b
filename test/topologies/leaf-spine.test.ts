import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { type LeafSpineParameters, leafSpine } from '../../topologies/leaf-spine.ts';

function problems(parameters: object): readonly string[] {
  try {
    leafSpine(parameters as LeafSpineParameters);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

test('every parameter has a default', (t) => {
  const design = leafSpine();
  t.like(design, { kind: 'leaf-spine', name: 'pod', spines: 2, racks: 4, servers: 1, mtu: 9500, serverDiskBytes: 0 });
  t.deepEqual(design.asn, { spine: 4200000000, leaf: 4200001000, server: 4200100000 });
  t.deepEqual(design.bfd, { intervalMs: 100, multiplier: 3 });
  t.deepEqual(design.timers, { keepalive: 3, hold: 9, connect: 1, coalesceMs: 20, raIntervalMs: 1000 });
  t.true(Object.isFrozen(design) && Object.isFrozen(design.timers));
});

test('a part of a nested parameter leaves the rest at its default', (t) => {
  const design = leafSpine({
    bfd: { multiplier: 5 },
    timers: { hold: 30 },
    asn: { leaf: 65000 },
    pools: { rack4: '172.16.0.0/12' },
  });
  t.deepEqual(design.bfd, { intervalMs: 100, multiplier: 5 });
  t.is(design.timers.keepalive, 3);
  t.is(design.timers.hold, 30);
  t.is(design.asn.leaf, 65000);
  t.is(design.pools.loopback4, '10.255.0.0/20');
});

test('BFD can be switched off, and asked for where the size would leave it out', (t) => {
  t.is(leafSpine({ bfd: false }).bfd, undefined);
  t.is(leafSpine({ spines: 8, racks: 200 }).bfd, undefined);
  t.truthy(leafSpine({ spines: 8, racks: 200, bfd: true }).bfd);
  t.is(leafSpine({ spines: 8, racks: 200, bfd: { intervalMs: 5000 } }).bfd?.intervalMs, 5000);
});

test('the largest design is accepted', (t) => {
  t.deepEqual(problems({ spines: 64, racks: 512, servers: 64, timers: { coalesceMs: 0 } }), []);
});

test('every problem is told, with its parameter, what is wrong and what would do', (t) => {
  const cases: [object, RegExp][] = [
    [{ spines: 0 }, /^leaf-spine: spines: 0 is not a whole number of spines from 1 to 64$/],
    [{ spines: 65 }, /spines: 65/],
    [{ racks: 513 }, /racks: 513 .* 1 to 512/],
    [{ racks: '4' }, /racks: "4"/],
    [{ racks: Number.NaN }, /racks: /],
    [{ servers: -1 }, /servers: -1 .* 0 to 64/],
    [{ servers: 1.5 }, /servers: 1.5/],
    [{ name: 'Pod 1' }, /name: "Pod 1"/],
    [{ name: '../pod' }, /name: /],
    [{ name: '' }, /name: /],
    [{ name: 'x'.repeat(33) }, /name: /],
    [{ mtu: 1279 }, /mtu: 1279 .* 1280 to 65535/],
    [{ serverDiskBytes: 1 }, /serverDiskBytes: 1 is neither 0/],
    [{ timers: { keepalive: 9 } }, /timers.keepalive: 9 s is not below timers.hold 9 s/],
    [{ timers: { hold: 0 } }, /timers.hold: 0/],
    [{ bfd: { intervalMs: 1 } }, /bfd.intervalMs: 1 .* 10 to 60000/],
    [{ bfd: 3 }, /bfd: 3 must be an object/],
    [{ asn: { leaf: 4200000000 - 1 } }, /asn.leaf: ASNs 4200000000 to 4200000003 overlaps asn.spine ASN 4200000000/],
    [{ asn: { server: 4294967293 } }, /asn.server: ASNs 4294967294 to 4294967297 leaves the 32-bit space/],
    [{ asn: { spine: 0 } }, /asn.spine: 0 is no ASN/],
    [{ asn: { leaf: 65534 - 2 } }, /asn.leaf: .* reserved ASN 65535/],
    [{ pools: { rack4: 'ten' } }, /pools.rack4: "ten" is no prefix/],
    [{ pools: { rack4: 'fd00::/48' } }, /pools.rack4: fd00::\/48 is of the wrong family/],
    [{ pools: { rack4: '10.64.0.1/14' } }, /pools.rack4: 10.64.0.1\/14 has host bits set; write 10.64.0.0\/14/],
    [
      { pools: { rack4: '10.64.0.0/23' } },
      /pools.rack4: 10.64.0.0\/23 must hold 4 racks of a \/24 each and holds 2; give it a \/22/,
    ],
    [
      { pools: { rack6: 'fd00::/63' } },
      /pools.rack6: fd00::\/63 must hold 4 racks of a \/64 each and holds 2; give it a \/62/,
    ],
    [{ pools: { loopback4: '10.255.0.0/30' } }, /pools.loopback4: .* 7 in all, and holds 4; give it a \/29/],
    [{ pools: { loopback6: 'fd00::/126' } }, /pools.loopback6: .* 7 in all, and holds 4; give it a \/125/],
    [{ pools: { loopback4: '10.64.0.0/20' } }, /pools.loopback4: 10.64.0.0\/20 overlaps pools.rack4 10.64.0.0\/14/],
    [{ spine: 2 }, /spine: no such parameter; there are name, spines/],
    [{ timers: { holdtime: 3 } }, /timers.holdtime: no such parameter; there are timers.keepalive/],
  ];
  for (const [parameters, expected] of cases) {
    const found = problems(parameters);
    t.is(found.length, 1, `${JSON.stringify(parameters)}: ${found.join(' | ')}`);
    t.regex(found[0]!, expected);
  }
});

test('all problems are told together', (t) => {
  const found = problems({ name: 'A', spines: 0, mtu: 1, nonsense: 1, bfd: { multiplier: 0 }, timers: { connect: 0 } });
  t.is(found.length, 6, found.join('\n'));
});
