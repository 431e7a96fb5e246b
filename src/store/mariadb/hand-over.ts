/** A planned switch-over, from the side of the primary that hands over. */
import type { Member } from '../store.ts';
import type { Session } from './connection.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { positionOf } from './replication.ts';
import type { ServiceRoute } from './service-route.ts';

const CLOSE_MS = 500;
const REACH_S = 1;

/**
 * Closes for writes, waits until the next holder has all of them, and grants it the lease. Whatever fails, this member is no longer open
 * for writes: the caller has to end its hold on the lease.
 * @returns the position at which it handed over
 * @throws Error saying which step failed
 */
export async function handOver(
  next: { readonly member: Member; readonly session: Session },
  own: Session,
  lease: LeaseKeeper,
  route: ServiceRoute,
): Promise<string> {
  const { epoch } = lease;
  const before = lease.seen!.record.holder;
  const holder = next.member.name;
  // The others look often from now on, and the next holder has its route announced.
  if ((await lease.renew({ phase: 'switching', next: holder })) !== 'renewed')
    throw new Error('etcd does not take the switch-over');
  await own.query('SET GLOBAL read_only=ON', [], CLOSE_MS);
  // Clients hear at once that this is no longer the place, while the address that their connections have is still here to tell them.
  await endClients(own);
  const withdrawn = route.withdraw();
  const position = await positionOf(own);
  const [wait] = await next.session.query<{ waited: number }>('SELECT MASTER_GTID_WAIT(?, ?) AS waited', [
    position,
    REACH_S,
  ]);
  if (wait?.waited !== 0) throw new Error(`${holder} did not reach ${position} within ${REACH_S} s`);
  await withdrawn;
  // Those who came back meanwhile.
  await endClients(own);
  // Whoever was elected meanwhile holds what is seen now.
  if (lease.epoch !== epoch) throw new Error('the lease ended before it could be handed over');
  lease.drop();
  const served = { member: before, position };
  await lease.replace(lease.seen!, { epoch: epoch + 1, phase: 'held', holder, renewals: 0, served });
  return position;
}

async function endClients(session: Session): Promise<void> {
  await session.query('KILL HARD USER app').catch(() => {});
}
