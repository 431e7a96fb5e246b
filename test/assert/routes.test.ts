import test from 'ava';
import { assertConverged, assertRoutes } from '../../src/assert/index.ts';

const lacks = (node: string, prefix: string) => ({ node, prefix, expected: ['eth1'], actual: undefined });

test('a lab that is right in time passes', (t) => {
  t.like(assertConverged('lab', 900, 1000, []), { name: 'converged', target: 'lab', verdict: 'pass', measured: 900 });
});

test('a lab that is late names the router that had most to catch up with', (t) => {
  const late = [lacks('a', '10.0.2.0/24'), lacks('b', '10.0.1.0/24'), lacks('b', '10.0.3.0/24')];
  const found = assertConverged('lab', 1100, 1000, late);
  t.like(found, { target: 'b', verdict: 'fail', measured: 1100 });
  t.is(
    found.why,
    '1100 ms, limit 1000 ms; when it was over, b lacked most: 10.0.1.0/24 via eth1 is missing; 10.0.3.0/24 via eth1 is missing',
  );
});

test('routers to blame come beside those that lack a route', (t) => {
  const origins = [{ target: 'c', why: 'does not announce 10.0.1.0/24, which is its own' }];
  t.deepEqual(
    assertRoutes('lab', 3, [lacks('a', '10.0.1.0/24')], origins).map(({ target, verdict }) => [target, verdict]),
    [
      ['c', 'fail'],
      ['a', 'fail'],
    ],
  );
});
