import test from 'ava';
import type { Session } from '../../../src/store/mariadb/connection.ts';
import { handOver } from '../../../src/store/mariadb/hand-over.ts';
import { LeaseKeeper } from '../../../src/store/mariadb/lease-keeper.ts';
import { TIMERS } from '../../../src/store/mariadb/manager-protocol.ts';
import type { ServiceRoute } from '../../../src/store/mariadb/service-route.ts';
import { leaseInMemory } from '../../support/lease-in-memory.ts';

/** A session that answers every statement, `MASTER_GTID_WAIT` after `meanwhile` is over, and that it is not there yet so often. */
function sessionThat(meanwhile: () => Promise<void> = async () => {}, late = 0): Session {
  let left = late;
  const query = async (sql: string) => {
    if (!sql.includes('MASTER_GTID_WAIT')) return [{ position: '0-1-7' }];
    await meanwhile();
    return [{ waited: left-- > 0 ? -1 : 0 }];
  };
  return { query, closed: false, close() {} } as unknown as Session;
}

const route = { withdraw: async () => {} } as unknown as ServiceRoute;

/** `a` holds the lease; `b` is to have it. */
async function holding() {
  const store = leaseInMemory();
  const a = new LeaseKeeper(store, 'a', TIMERS);
  await store.replace('none', { epoch: 1, phase: 'held', holder: 'a', renewals: 0 });
  const granted = await a.look();
  if (granted === undefined || granted === 'none' || !(await a.take(granted)))
    throw new Error('the lease was not taken');
  return { store, a };
}

const next = (session: Session) => ({ member: { name: 'b', node: 'b', address: '10.0.0.2' }, session });

test('the lease is granted to whoever is to be next, once that one has everything', async (t) => {
  const { store, a } = await holding();
  t.deepEqual(await handOver(next(sessionThat()), sessionThat(), a, route), { position: '0-1-7', granted: true });
  const { epoch, holder, renewals, served } = store.standing!.record;
  t.deepEqual(
    { epoch, holder, renewals, served },
    {
      epoch: 2,
      holder: 'b',
      renewals: 0,
      served: { member: 'a', position: '0-1-7' },
    },
  );
  t.is(a.epoch, 0);
});

test('a lease that ended during the hand-over is not taken from who was elected meanwhile', async (t) => {
  const { store, a } = await holding();
  const elected = { epoch: 3, phase: 'held', holder: 'c', renewals: 5 } as const;
  const slow = sessionThat(async () => {
    a.drop();
    await store.replace(store.standing!.revision, elected);
    // As its loop does once it holds nothing.
    await a.look();
  });
  await t.throwsAsync(handOver(next(slow), sessionThat(), a, route), {
    message: 'the lease ended before it could be handed over',
  });
  t.deepEqual(store.standing!.record, elected);
});

test('while the next holder is not there yet the lease is renewed, and says who is next', async (t) => {
  const { store, a } = await holding();
  const seen: (readonly [string, number])[] = [];
  const slow = sessionThat(async () => {
    const { phase, next: holder, renewals } = store.standing!.record;
    seen.push([`${phase} ${holder}`, renewals]);
  }, 3);
  const before = store.standing!.record.renewals;
  await handOver(next(slow), sessionThat(), a, route);
  t.deepEqual(
    seen,
    [1, 2, 3, 4].map((nth) => ['switching b', before + nth] as const),
  );
});

test('an etcd that does not say that the lease was granted has granted nothing that is known', async (t) => {
  const { store, a } = await holding();
  const { replace } = store;
  const mute = sessionThat(async () => {
    store.replace = async () => undefined;
  });
  t.deepEqual(await handOver(next(mute), sessionThat(), a, route), { position: '0-1-7', granted: false });
  store.replace = replace;
  t.is(a.epoch, 0, 'it holds nothing any more');
  t.is(store.standing!.record.holder, 'a');
});
