/** What members hold in the end: the same, something else, or nobody knows. */
import test from 'ava';
import { judgeReplicas } from '../../src/lab/replica-verdict.ts';

const at = (replica: string, checksum = 7) => ({ replica, position: '0-1-9', tables: { 'lab.registers': checksum } });

test('members that hold the same pass, and one that holds something else is named', (t) => {
  t.is(judgeReplicas('mariadb', [at('a'), at('b'), at('c')]).verdict, 'pass');
  const found = judgeReplicas('mariadb', [at('a'), at('b'), at('c', 8)]);
  t.is(found.verdict, 'fail');
  t.regex(found.why, /lab.registers has checksum 7 on a and 8 on c/);
});

test('a member that could not be asked is named, and nobody knows; what the others show counts all the same', (t) => {
  const missing = ['c: the page is corrupt'];
  const found = judgeReplicas('mariadb', [at('a'), at('b')], missing);
  t.is(found.verdict, 'unknown');
  t.regex(found.why, /not compared: c: the page is corrupt$/);
  t.is(judgeReplicas('mariadb', [at('a'), at('b', 8)], missing).verdict, 'fail');
});
