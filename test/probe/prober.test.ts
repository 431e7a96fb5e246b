import test from 'ava';
import { intervalFor, startProber } from '../../src/probe/prober.ts';

test('the wanted interval holds until the budget of 20,000 packets a second is spent', (t) => {
  t.is(intervalFor(1, 1), 1);
  t.is(intervalFor(20, 1), 1);
  t.is(intervalFor(64, 1), 3.2);
  t.is(intervalFor(64, 10), 10);
  t.is(intervalFor(1600, 5), 80);
});

const flow = { from: 'a', to: 'b', family: 4, sourcePort: 61_000, destinationPort: 63_999, path: [] } as const;

test('a flow of an unknown endpoint is named', async (t) => {
  await t.throwsAsync(startProber({ endpoints: [], flows: [flow], intervalMs: 1 }), { message: /flow names b/ });
});

test('a namespace that is not there is named with its node', async (t) => {
  const endpoint = { ipv4: '10.0.0.1', ipv6: 'fd00::1', netns: '/run/netns/prb-absent' };
  const endpoints = ['a', 'b'].map((node) => ({ ...endpoint, node }));
  await t.throwsAsync(startProber({ endpoints, flows: [flow], intervalMs: 1 }), { message: /on b: .*prb-absent/ });
});

test('an interval must be one', async (t) => {
  await t.throwsAsync(startProber({ endpoints: [], flows: [], intervalMs: 0 }), { instanceOf: RangeError });
  await t.throwsAsync(startProber({ endpoints: [], flows: [], intervalMs: Number.NaN }), { instanceOf: RangeError });
});
