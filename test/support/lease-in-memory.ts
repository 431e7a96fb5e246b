/** A lease's store without etcd, for what is decided on top of it. */
import type { LeaseRecord, LeaseStore, Seen } from '../../src/store/mariadb/lease.ts';

export interface LeaseInMemory extends LeaseStore {
  readonly standing: Seen | undefined;
}

export function leaseInMemory(): LeaseInMemory {
  let standing: Seen | undefined;
  return {
    get standing() {
      return standing;
    },
    term: '1',
    read: async () => standing ?? 'none',
    // Nothing is pushed, so that whoever looks reads.
    follow(_after, _onChange, onEnd) {
      queueMicrotask(onEnd);
      return () => {};
    },
    async replace(revision: string, record: LeaseRecord) {
      if (revision !== (standing?.revision ?? 'none')) return 'lost';
      const next = `${Number(standing?.revision ?? 0) + 1}`;
      standing = { record, revision: next };
      return next;
    },
    report: async () => true,
    reports: async () => [],
    moveLeadership: async () => {},
    close() {},
  };
}
