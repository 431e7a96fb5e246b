/** What all members hold at one place of the log, after the last write of the clients: the managers' beats go on and are left out. */
import type { ReplicaState } from '../../consistency/index.ts';
import type { Member } from '../store.ts';
import { replicaState } from './replica-state.ts';
import { positionOf } from './replication.ts';
import { manage, type ServerPlace } from './server.ts';

const CONNECT_MS = 1_000;

export interface MemberStates {
  readonly states: readonly ReplicaState[];
  /** Members that could not be asked, and why. */
  readonly missing: readonly string[];
}

/** Each replica first executes what the primary had as it was asked; one that does not within the time (ms) tells its own place. */
export async function memberStates(
  places: readonly ServerPlace[],
  primary: Member,
  timeoutMs: number,
): Promise<MemberStates> {
  const source = await manage(places.find(({ member }) => member.name === primary.name)!, CONNECT_MS);
  const position = await positionOf(source).finally(() => source.close());
  const states: ReplicaState[] = [];
  const missing: string[] = [];
  await Promise.all(
    places.map(async (place) => {
      const { name } = place.member;
      try {
        const session = await manage(place, CONNECT_MS);
        try {
          const [row] =
            name === primary.name
              ? [{ waited: 0 }]
              : await session.query<{ waited: number }>(
                  'SELECT MASTER_GTID_WAIT(?, ?) AS waited',
                  [position, timeoutMs / 1000],
                  timeoutMs + 1_000,
                );
          const state = await replicaState(session, name, false);
          states.push(row?.waited === 0 ? { ...state, position } : state);
        } finally {
          session.close();
        }
      } catch (error) {
        missing.push(`${name}: ${(error as Error).message}`);
      }
    }),
  );
  return { states: states.sort((a, b) => (a.replica < b.replica ? -1 : 1)), missing };
}
