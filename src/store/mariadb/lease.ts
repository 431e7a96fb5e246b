/**
 * Who may write: one record in etcd, changed only by compare-and-set on its revision. The holder renews it; a lease lasts a set time
 * from before its renewal was **sent**, by the holder's monotonic clock, and others wait that time and a margin from when they **saw** the
 * renewal, by theirs. Whoever sees it expired opens an election, so that no two leases overlap whatever the network does.
 */
import { createGateway, type Gateway } from '../etcd/gateway.ts';

export interface LeaseRecord {
  /** Rises with each change of holder. */
  readonly epoch: number;
  /** `held`: by `holder`, also while it still has to take it up; `switching`: as `held`, and about to be handed over; `open`: given up; `electing`: `coordinator` chooses. */
  readonly phase: 'held' | 'switching' | 'open' | 'electing';
  readonly holder: string;
  readonly coordinator?: string;
  /** While `switching`: who is to be the next holder. */
  readonly next?: string;
  /**
   * Who opened for writes last, and how far its binary log reached when that was last told: it has every acknowledged write. Whoever was
   * granted the lease after it and has not opened yet may still have to execute what it received, and loses that with its server.
   */
  readonly served?: { readonly member: string; readonly position: string };
  /** It was granted in an election, on what `holder` reported in this epoch; absent where it was handed over. */
  readonly elected?: true;
  /** Counts renewals. */
  readonly renewals: number;
  /** Where the holder's binary log ended at its last beat, and the number of that beat. */
  readonly end?: { readonly position: string; readonly beat: number };
}

/** What a member has, after it stopped receiving in an epoch. */
export interface PositionReport {
  readonly epoch: number;
  readonly member: string;
  /** All that it has received or written itself. */
  readonly position: string;
  /** What of that it has executed. */
  readonly executed: string;
  /** Whether all that it ever acknowledged is in it: a replica that started anew has lost the relay log it had not executed. */
  readonly complete: boolean;
}

export interface Seen {
  readonly record: LeaseRecord;
  readonly revision: string;
}

export interface LeaseStore {
  /** etcd's term as of the last answer to a `replace`, which changes with its leader; empty before the first. */
  readonly term: string;
  /** The record as a quorum has it; `undefined` where nobody answers, `'none'` where there is none yet. */
  read(): Promise<Seen | 'none' | undefined>;
  /**
   * Follows what happens after a revision, as the nearest member of etcd that serves comes to know it: later than a quorum, never wrong.
   * @param onChange told the record where it changed; without one, that a position was reported
   * @param onEnd told once, when nothing will come any more
   * @returns what ends it
   */
  follow(after: string, onChange: (seen?: Seen) => void, onEnd: () => void): () => void;
  /**
   * Replaces the record where it still has the revision (`'none'`: where there is none).
   * @returns the new revision; `'lost'` where another came first; undefined where nobody knows
   */
  replace(revision: string, record: LeaseRecord): Promise<string | 'lost' | undefined>;
  /** Publishes a position. @returns whether a quorum has it */
  report(report: PositionReport): Promise<boolean>;
  reports(epoch: number): Promise<readonly PositionReport[]>;
  /** Moves etcd's leadership away from a member's node, whose loss would otherwise cost an election of etcd's as well. */
  moveLeadership(from: string): Promise<void>;
  close(): void;
}

export interface LeaseStoreOptions {
  readonly netns: string;
  /** Addresses of etcd's members, the nearest first. */
  readonly members: readonly string[];
  /** Distinguishes stores in one etcd. */
  readonly name: string;
  readonly timeoutMs: number;
}

/** A part of what `/v3/watch` answers. */
interface WatchResult {
  readonly events?: readonly { readonly kv: KeyValue }[];
  /** The revision to follow from is gone, or the member gives up. */
  readonly canceled?: boolean;
}

interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly mod_revision: string;
}

export function openLease({ netns, members, name, timeoutMs }: LeaseStoreOptions): LeaseStore {
  const gateway = createGateway(netns);
  const key = base64(`ha/${name}/lease`);
  const prefix = `ha/${name}/`;
  /** By epoch, so that one which comes late takes no other's place. */
  const reportsOf = (epoch: number): string => `${prefix}position/${epoch}/`;
  let at = 0;
  let term = '';

  /** Undefined where this member gave no answer; the next call asks the next one. */
  const ask = async (path: string, body: object): Promise<Record<string, unknown> | undefined> => {
    const answer = await gateway.call(members[at]!, path, body, timeoutMs);
    if (answer.kind === 'answer' && answer.status === 200) return answer.body as Record<string, unknown>;
    at = (at + 1) % members.length;
    return undefined;
  };

  return {
    get term() {
      return term;
    },
    async read() {
      const body = await ask('/v3/kv/range', { key });
      if (body === undefined) return undefined;
      const [found] = (body['kvs'] as readonly KeyValue[] | undefined) ?? [];
      if (found === undefined) return 'none';
      return { record: decode<LeaseRecord>(found.value), revision: found.mod_revision };
    },
    follow(after, onChange, onEnd) {
      const from = { key: base64(prefix), range_end: endOf(prefix), start_revision: `${Number(after) + 1}` };
      const end = gateway.follow(
        members[at]!,
        '/v3/watch',
        { create_request: from },
        (result) => {
          const { events = [], canceled } = result as WatchResult;
          for (const { kv } of events) {
            if (kv.key === key) onChange({ record: decode<LeaseRecord>(kv.value), revision: kv.mod_revision });
            else onChange();
          }
          if (canceled) end();
        },
        onEnd,
      );
      return end;
    },
    async replace(revision, record) {
      const compare =
        revision === 'none'
          ? { key, target: 'VERSION', version: '0', result: 'EQUAL' }
          : { key, target: 'MOD', mod_revision: revision, result: 'EQUAL' };
      const body = await ask('/v3/kv/txn', {
        compare: [compare],
        success: [{ requestPut: { key, value: base64(JSON.stringify(record)) } }],
      });
      if (body === undefined) return undefined;
      const header = body['header'] as { readonly revision: string; readonly raft_term: string };
      term = header.raft_term;
      return body['succeeded'] === true ? header.revision : 'lost';
    },
    async report(report) {
      const value = base64(JSON.stringify(report));
      const place = base64(`${reportsOf(report.epoch)}${report.member}`);
      return (await ask('/v3/kv/put', { key: place, value })) !== undefined;
    },
    async reports(epoch) {
      const all = reportsOf(epoch);
      const body = await ask('/v3/kv/range', { key: base64(all), range_end: endOf(all) });
      const found = (body?.['kvs'] as readonly KeyValue[] | undefined) ?? [];
      return found.map(({ value }) => decode<PositionReport>(value));
    },
    moveLeadership: (from) => moveLeadership(gateway, members, from, timeoutMs),
    close: () => gateway.close(),
  };
}

async function moveLeadership(
  gateway: Gateway,
  members: readonly string[],
  from: string,
  timeoutMs: number,
): Promise<void> {
  const statuses = await Promise.all(
    members.map(async (address) => {
      const answer = await gateway.call(address, '/v3/maintenance/status', {}, timeoutMs);
      if (answer.kind !== 'answer' || answer.status !== 200) return undefined;
      const { header, leader } = answer.body as {
        readonly header: { readonly member_id: string };
        readonly leader?: string;
      };
      return { address, id: header.member_id, leads: leader === header.member_id };
    }),
  );
  const leader = statuses.find((status) => status?.leads);
  const other = statuses.find((status) => status !== undefined && status.address !== from);
  if (leader?.address !== from || other === undefined) return;
  await gateway.call(from, '/v3/maintenance/transfer-leadership', { targetID: other.id }, timeoutMs);
}

/** Where the keys end that begin with a prefix, itself ending in `/`, after which `0` comes. */
function endOf(prefix: string): string {
  return base64(`${prefix.slice(0, -1)}0`);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode<T>(value: string): T {
  return JSON.parse(Buffer.from(value, 'base64').toString()) as T;
}
