import test from 'ava';
import { DATA_DIR, etcdArgv } from '../../src/store/etcd/argv.ts';

const MEMBERS = [
  { name: 'a', node: 's1', address: '10.0.0.1' },
  { name: 'b', node: 's2', address: 'fd00::2' },
];

test('a member listens on its own address only and knows its peers', (t) => {
  const argv = etcdArgv(MEMBERS[0]!, MEMBERS, 'lab1');
  t.is(argv[0], 'etcd');
  for (const listen of argv.filter((word) => word.includes('listen')))
    t.regex(listen, /=http:\/\/10\.0\.0\.1:23(79|80)$/);
  t.true(argv.includes('--initial-cluster=a=http://10.0.0.1:2380,b=http://[fd00::2]:2380'));
  t.true(argv.includes('--initial-cluster-token=lab1'));
  t.true(argv.includes(`--data-dir=${DATA_DIR}`));
  t.false(argv.includes('--unsafe-no-fsync'));
});

test('timers and the planted defect', (t) => {
  const argv = etcdArgv(MEMBERS[1]!, MEMBERS, 'lab1', { heartbeatMs: 50, electionMs: 500, noFsync: true });
  for (const word of ['--heartbeat-interval=50', '--election-timeout=500', '--unsafe-no-fsync'])
    t.true(argv.includes(word));
});
