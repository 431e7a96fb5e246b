/** A planned switch-over, from the side of the primary that hands over. */
import { nowMs } from '../../linux/clock.ts';
import type { Member } from '../store.ts';
import type { Session } from './connection.ts';
import type { LeaseRecord } from './lease.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { positionOf } from './replication.ts';
import type { ServiceRoute } from './service-route.ts';

const CLOSE_MS = 500;
const REACH_MS = 1_000;
/** Within the lease's time: it is renewed meanwhile. */
const STEP_MS = 200;

/**
 * Closes for writes, waits until the next holder has all of them, and grants it the lease. Whatever fails, this member is no longer open
 * for writes: the caller has to end its hold on the lease.
 * @returns the position at which it handed over, and whether etcd said that the lease was granted
 * @throws Error saying which step failed
 */
export async function handOver(
  next: { readonly member: Member; readonly session: Session },
  own: Session,
  lease: LeaseKeeper,
  route: ServiceRoute,
): Promise<{ readonly position: string; readonly granted: boolean }> {
  const { epoch } = lease;
  const before = lease.seen!.record.holder;
  const holder = next.member.name;
  // The others look often from now on, and the next holder has its route announced.
  const renew = () => renewed(lease, epoch, { phase: 'switching', next: holder });
  await renew();
  await own.query('SET GLOBAL read_only=ON', [], CLOSE_MS);
  // Clients hear at once that this is no longer the place, while the address that their connections have is still here to tell them.
  await endClients(own);
  const withdrawn = route.withdraw();
  const position = await positionOf(own);
  const until = nowMs() + REACH_MS;
  while (!(await reaches(next.session, position))) {
    if (nowMs() > until) throw new Error(`${holder} did not reach ${position} within ${REACH_MS} ms`);
    await renew();
  }
  await withdrawn;
  // Those who came back meanwhile.
  await endClients(own);
  // Whoever was elected meanwhile holds what is seen now.
  if (lease.epoch !== epoch) throw new Error('the lease ended before it could be handed over');
  lease.drop();
  const served = { member: before, position };
  const granted = await lease.replace(lease.seen!, { epoch: epoch + 1, phase: 'held', holder, renewals: 0, served });
  return { position, granted };
}

/** Renews until etcd says so. @throws Error where the lease is another's or ends */
async function renewed(lease: LeaseKeeper, epoch: number, changes: Partial<LeaseRecord>): Promise<void> {
  for (;;) {
    const renewal = await lease.renew(changes);
    if (renewal === 'renewed') return;
    if (renewal === 'taken' || lease.epoch !== epoch) throw new Error('etcd does not take the switch-over');
  }
}

/** Waits for a step of time. @returns whether it has executed all up to there */
async function reaches(session: Session, position: string): Promise<boolean> {
  const [wait] = await session.query<{ waited: number }>('SELECT MASTER_GTID_WAIT(?, ?) AS waited', [
    position,
    STEP_MS / 1000,
  ]);
  return wait?.waited === 0;
}

async function endClients(session: Session): Promise<void> {
  await session.query('KILL HARD USER app').catch(() => {});
}
