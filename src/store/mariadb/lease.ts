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
  /** The record as a quorum has it; `undefined` where nobody answers, `'none'` where there is none yet. */
  read(): Promise<Seen | 'none' | undefined>;
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

interface KeyValue {
  readonly value: string;
  readonly mod_revision: string;
}

export function openLease({ netns, members, name, timeoutMs }: LeaseStoreOptions): LeaseStore {
  const gateway = createGateway(netns);
  const key = base64(`ha/${name}/lease`);
  const reportPrefix = `ha/${name}/position/`;
  let at = 0;

  /** Undefined where this member gave no answer; the next call asks the next one. */
  const ask = async (path: string, body: object): Promise<Record<string, unknown> | undefined> => {
    const answer = await gateway.call(members[at]!, path, body, timeoutMs);
    if (answer.kind === 'answer' && answer.status === 200) return answer.body as Record<string, unknown>;
    at = (at + 1) % members.length;
    return undefined;
  };

  return {
    async read() {
      const body = await ask('/v3/kv/range', { key });
      if (body === undefined) return undefined;
      const [found] = (body['kvs'] as readonly KeyValue[] | undefined) ?? [];
      if (found === undefined) return 'none';
      return { record: decode<LeaseRecord>(found.value), revision: found.mod_revision };
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
      if (body['succeeded'] !== true) return 'lost';
      return (body['header'] as { readonly revision: string }).revision;
    },
    async report(report) {
      const value = base64(JSON.stringify(report));
      return (await ask('/v3/kv/put', { key: base64(`${reportPrefix}${report.member}`), value })) !== undefined;
    },
    async reports(epoch) {
      const end = `${reportPrefix.slice(0, -1)}0`;
      const body = await ask('/v3/kv/range', { key: base64(reportPrefix), range_end: base64(end) });
      const found = (body?.['kvs'] as readonly KeyValue[] | undefined) ?? [];
      return found.map(({ value }) => decode<PositionReport>(value)).filter((report) => report.epoch === epoch);
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

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode<T>(value: string): T {
  return JSON.parse(Buffer.from(value, 'base64').toString()) as T;
}
