import test from 'ava';
import { assertBaseline } from '../../src/lab/baseline.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { Prediction } from '../../src/oracle/index.ts';

test('a router that cannot be asked is not right: neither its tables nor the ends of its links', async (t) => {
  const link = { name: 'r1:eth1--h1:eth1', a: { node: 'r1', interface: 'eth1' }, z: { node: 'h1', interface: 'eth1' } };
  const lab = {
    name: 'made-up',
    fabric: undefined,
    intent: { oracle: { configs: new Map([['r1', {}]]), links: [link] } },
    running: { node: (name: string) => ({ name, netns: '', vtyDir: undefined }), links: [{ ...link, mtu: 1500 }] },
  } as unknown as Lab;
  const nothing = { ipv4: new Map(), ipv6: new Map() };
  const prediction: Prediction = { routes: new Map([['r1', nothing]]), sessions: [], unmodelled: [] };
  const verdicts = new Map((await assertBaseline(lab, prediction)).map((one) => [one.name, one]));
  t.like(verdicts.get('daemons'), { verdict: 'fail', target: 'r1' });
  t.is(verdicts.get('routes')?.verdict, 'unknown');
  t.is(verdicts.get('mtu')?.verdict, 'unknown');
});
