import test from 'ava';
import { junit } from '../../src/report/index.ts';

test('fail is a failure, unknown an error, and text cannot break out', (t) => {
  const text = junit({
    lab: 'pod',
    assertions: [
      { name: 'routes', target: 'leaf-1', verdict: 'fail', why: '<"&\'>\n\u0000' },
      { name: 'bfd', target: 'pod', verdict: 'pass', why: '' },
    ],
    faults: [{ kind: 'link-down', target: 'x', verdict: 'unknown', proof: { evidence: 'stalled' }, fibMs: 12.3 }],
    stores: [{ name: 'etcd', checker: 'linearizable', verdict: 'pass', lost: 0 }],
  });
  t.regex(text, /tests="4" failures="1" errors="1"/);
  t.true(text.includes('<failure message="&lt;&quot;&amp;&apos;&gt;&#10;"/>'));
  t.regex(text, /name="link-down x" time="0\.012"><error message="stalled"/);
});

test('a fault that failed says why, not how it is known to have struck', (t) => {
  const fault = {
    kind: 'link-down',
    target: 'x',
    verdict: 'fail' as const,
    proof: { evidence: 'no carrier' },
    fibMs: 900,
  };
  const text = junit({ lab: 'pod', assertions: [], faults: [{ ...fault, why: 'right after 900 ms' }], stores: [] });
  t.true(text.includes('<failure message="right after 900 ms"/>'));
});
