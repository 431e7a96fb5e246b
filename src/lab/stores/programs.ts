/** What stores need of the host, asked for before anything is started. */
import { requirePrograms } from '../../engine/embedded/tools.ts';
import type { StorePlan } from '../definition.ts';

type Program = Parameters<typeof requirePrograms>[0][number];

const PROGRAMS: Readonly<Record<StorePlan['kind'], readonly Program[]>> = {
  etcd: [{ path: 'etcd', package: 'etcd-server' }],
  // Its manager keeps its lease in etcd.
  mariadb: [
    { path: 'mariadbd', package: 'mariadb-server' },
    { path: 'etcd', package: 'etcd-server' },
  ],
  redis: [
    { path: 'redis-server', package: 'redis-server' },
    { path: 'redis-sentinel', package: 'redis-sentinel' },
  ],
};

/** @throws MissingError naming the packages to install */
export function requireStorePrograms(plans: readonly StorePlan[]): void {
  requirePrograms(plans.flatMap(({ kind }) => PROGRAMS[kind]));
}
