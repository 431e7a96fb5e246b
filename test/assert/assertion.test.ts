import test from 'ava';
import { assertRoutes, judgeAll, judgeLimit } from '../../src/assert/index.ts';

test('nothing looked at shows nothing', (t) => {
  t.is(judgeAll('sessions', 'pod', 'sessions', 0, [])[0]?.verdict, 'unknown');
});

test('each wrong target is named once, with what is wrong', (t) => {
  const made = judgeAll('mtu', 'pod', 'link ends', 8, [
    { target: 'leaf-1', why: 'eth1 has 1500' },
    { target: 'leaf-2', why: 'eth1 has 1500' },
    { target: 'leaf-1', why: 'eth2 has 1500' },
  ]);
  t.deepEqual(
    made.map(({ target, verdict, measured }) => [target, verdict, measured]),
    [
      ['leaf-1', 'fail', 2],
      ['leaf-2', 'fail', 1],
    ],
  );
  t.regex(made[0]?.why ?? '', /eth1.*eth2/);
});

test('a limit is kept, missed, or not measured', (t) => {
  t.is(judgeLimit('converged', 'pod', 'ms', 900, 1000).verdict, 'pass');
  t.is(judgeLimit('converged', 'pod', 'ms', 1001, 1000).verdict, 'fail');
  t.is(judgeLimit('converged', 'pod', 'ms', null, 1000).verdict, 'unknown');
});

test('routes that are missing, too many, or elsewhere are told apart', (t) => {
  const [made] = assertRoutes('pod', 1, [
    { node: 'leaf-1', prefix: '10.0.0.1/32', expected: ['eth1', 'eth2'], actual: ['eth1'] },
    { node: 'leaf-1', prefix: '10.0.0.2/32', expected: ['eth1'], actual: undefined },
    { node: 'leaf-1', prefix: '10.0.0.3/32', expected: undefined, actual: [] },
  ]);
  t.is(made?.verdict, 'fail');
  t.is(
    made?.why,
    '10.0.0.1/32 goes via eth1 instead of eth1, eth2; 10.0.0.2/32 via eth1 is missing; 10.0.0.3/32 via dropped must not be there',
  );
});
