import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { watchRoles } from '../../src/lab/role-watch.ts';
import type { UntimedEvent } from '../../src/report/index.ts';
import type { MemberRole } from '../../src/store/store.ts';

test('what changes is told once; one that cannot be asked for a moment ends nothing', async (t) => {
  const answers: (readonly MemberRole[] | Error)[] = [
    [
      { member: 'a', role: 'leader', term: 2 },
      { member: 'b', role: 'follower', term: 2 },
    ],
    new Error('being broken'),
    [
      { member: 'a', role: 'silent', term: null },
      { member: 'b', role: 'leader', term: 3 },
    ],
  ];
  let asked = 0;
  const roles = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const told: UntimedEvent[] = [];
  const stop = watchRoles([{ kind: 'etcd', roles }], (event) => told.push(event));
  while (asked < 5) await sleep(20);
  await stop();
  t.deepEqual(
    told.map((event) => event.type === 'role' && [event.member, event.role, event.term]),
    [
      ['a', 'leader', 2],
      ['b', 'follower', 2],
      ['a', 'silent', null],
      ['b', 'leader', 3],
    ],
  );
});

test('what changed since the last look is told at the end', async (t) => {
  let leader = 'a';
  let asked = 0;
  const roles = async (): Promise<readonly MemberRole[]> => {
    asked++;
    return [{ member: leader, role: 'leader', term: 2 }];
  };
  const told: UntimedEvent[] = [];
  const stop = watchRoles([{ kind: 'etcd', roles }], (event) => told.push(event));
  while (asked < 1) await sleep(1);
  leader = 'b';
  await stop();
  t.deepEqual(
    told.map((event) => event.type === 'role' && event.member),
    ['a', 'b'],
  );
});
