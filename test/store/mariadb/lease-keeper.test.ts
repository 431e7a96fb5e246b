import test from 'ava';
import { LeaseKeeper } from '../../../src/store/mariadb/lease-keeper.ts';
import { TIMERS } from '../../../src/store/mariadb/manager-protocol.ts';
import { leaseInMemory } from '../../support/lease-in-memory.ts';

async function holding() {
  const store = leaseInMemory();
  const a = new LeaseKeeper(store, 'a', TIMERS);
  await store.replace('none', { epoch: 1, phase: 'held', holder: 'a', renewals: 0 });
  const granted = await a.look();
  if (granted === undefined || granted === 'none' || !(await a.take(granted)))
    throw new Error('the lease was not taken');
  return { store, a };
}

test('a lease is held from when it is taken up, and renewed', async (t) => {
  const { store, a } = await holding();
  t.is(a.epoch, 1);
  t.is(await a.renew(), 'renewed');
  t.is(store.standing!.record.renewals, 2);
});

test("a renewal writes nothing over another's lease, not even once it has seen it", async (t) => {
  const { store, a } = await holding();
  const others = { epoch: 2, phase: 'held', holder: 'b', renewals: 4 } as const;
  await store.replace(store.standing!.revision, others);
  t.is(await a.renew(), 'taken');
  t.is(await a.renew({ served: { member: 'a', position: '0-1-9' } }), 'taken');
  t.deepEqual(store.standing!.record, others);
});

test('whoever dropped the lease does not hold it again because a renewal came late', async (t) => {
  const { a } = await holding();
  const late = a.renew();
  a.drop();
  await late;
  t.is(a.epoch, 0);
  t.false(a.hasExpired);
});
