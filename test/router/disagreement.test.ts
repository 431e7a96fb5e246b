import test from 'ava';
import { compareWithKernel } from '../../src/router/disagreement.ts';
import type { ZebraRoute } from '../../src/router/zebra.ts';

function zebra(prefix: string, interfaces: readonly string[], more: Partial<ZebraRoute> = {}): ZebraRoute {
  return {
    prefix,
    protocol: 'bgp',
    selected: true,
    installed: true,
    distance: 20,
    metric: 0,
    nextHops: interfaces.map((name) => ({ interface: name, installed: true, active: true, drops: false })),
    ...more,
  };
}

const kernel = (entries: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(entries).map(([prefix, names]) => [prefix, names.map((name) => ({ interface: name }))]));

test('nothing to find where both say the same, in whatever order', (t) => {
  t.deepEqual(
    compareWithKernel('a', [zebra('10.0.0.1/32', ['e2', 'e1'])], kernel({ '10.0.0.1/32': ['e1', 'e2'] })),
    [],
  );
});

test('a next hop, a route and a stranger', (t) => {
  const said = [zebra('10.0.0.1/32', ['e1', 'e2']), zebra('10.0.0.2/32', ['e1'])];
  const found = compareWithKernel('a', said, kernel({ '10.0.0.1/32': ['e2'], '10.0.0.3/32': ['e1'] }));
  t.deepEqual(
    found.map(({ message }) => message),
    [
      'a: 10.0.0.1/32: zebra says e1 e2, the kernel has e2',
      'a: 10.0.0.2/32: zebra says e1, the kernel has no route',
      'a: 10.0.0.3/32: zebra says no route, the kernel has e1',
    ],
  );
});

test('routes that zebra has not installed, connected ones and next hops not in the kernel are not its word', (t) => {
  const half = zebra('10.0.0.1/32', ['e1', 'e2']);
  const nextHops = half.nextHops.map((hop) => ({ ...hop, installed: hop.interface === 'e1' }));
  const said = [
    { ...half, nextHops },
    zebra('10.0.0.2/32', ['e1'], { installed: false }),
    zebra('10.0.0.3/32', ['e1'], { selected: false }),
    zebra('10.0.0.4/32', ['lo'], { protocol: 'connected' }),
  ];
  t.deepEqual(compareWithKernel('a', said, kernel({ '10.0.0.1/32': ['e1'] })), []);
});

test('a route that drops', (t) => {
  const drop = zebra('10.0.0.0/8', [], { nextHops: [{ installed: true, active: true, drops: true }] });
  t.deepEqual(compareWithKernel('a', [drop], kernel({ '10.0.0.0/8': [] })), []);
  t.is(
    compareWithKernel('a', [drop], kernel({}))[0]?.message,
    'a: 10.0.0.0/8: zebra says a route that drops, the kernel has no route',
  );
});
