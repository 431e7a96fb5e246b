/** A small fabric with MariaDB over three racks and clients on those after them, for tests and soak runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '../../src/deploy.ts';
import type { History } from '../../src/history/index.ts';
import type { Lab } from '../../src/lab/index.ts';
import type { Load } from '../../src/store/load/index.ts';
import {
  type MariadbStoreOptions,
  type RunningMariadb,
  startDatabaseLoad,
  startMariadb,
  type WorkloadName,
} from '../../src/store/mariadb/index.ts';

export interface DatabaseLab {
  readonly lab: Lab;
  readonly store: RunningMariadb;
  readonly load: Load;
  /** Nodes of the rack of a member: its leaf first. */
  rackOf(node: string): readonly string[];
  /** Ends the load, reads everything once more and gives the history. */
  finish(): Promise<{ readonly history: History; readonly missing: readonly string[] }>;
}

export interface DatabaseLabOptions extends MariadbStoreOptions {
  readonly seed?: number;
  /** Operations a second. Default 80. */
  readonly rate?: number;
  readonly clients?: number;
  /** Registers. Default 6: many clients at a key, much that the checker has to order. */
  readonly keys?: number;
  /** What clients do, dealt out in turn. Default: as `DatabaseLoadOptions` has it. */
  readonly workloads?: readonly WorkloadName[];
  /** Racks with a node for clients. Default 1. */
  readonly clientRacks?: number;
  /** Clients live on the members' nodes too: whatever becomes of the network, they reach the server beside them. */
  readonly clientsOnMembers?: boolean;
}

const SERVICE_ADDRESS = '10.96.0.1';

/** Runs some work on a lab of its own, which is gone afterwards. */
export async function withDatabase<T>(
  name: string,
  {
    seed = 1,
    rate = 80,
    clients = 8,
    keys = 6,
    workloads,
    clientRacks = 1,
    clientsOnMembers = false,
    ...options
  }: DatabaseLabOptions,
  work: (database: DatabaseLab) => Promise<T>,
): Promise<T> {
  const lab = await deploy('replicated-database', { name, seed, set: { racks: 3 + clientRacks } });
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-db-'));
  let store: RunningMariadb | undefined;
  let load: Load | undefined;
  try {
    await lab.converged();
    const members = [1, 2, 3].map((rack) => ({
      name: `server-${rack}-1`,
      node: `server-${rack}-1`,
      address: `10.64.${rack}.1`,
    }));
    store = await startMariadb(lab.running, members, SERVICE_ADDRESS, options);
    load = await startDatabaseLoad({
      history: join(dir, 'history.jsonl'),
      seed,
      places: placesOf(clientRacks, clientsOnMembers).map((node) => lab.running.node(node).netns),
      clients,
      keys,
      ...(workloads === undefined ? {} : { workloads }),
      serviceAddress: SERVICE_ADDRESS,
      dir: join(lab.running.dir, 'mariadb'),
      rate,
    });
    const running = load;
    return await work({
      lab,
      store,
      load,
      rackOf: (node) => [...lab.intent.racks.values()].find((nodes) => nodes.includes(node)) ?? [],
      async finish() {
        await running.stop();
        const { missing } = await running.finalReads(20_000);
        return { history: await running.history(), missing };
      },
    });
  } finally {
    await load?.history().catch(() => {});
    await store?.stop();
    await lab.destroy({ cleanup: true });
    rmSync(dir, { recursive: true, force: true });
  }
}

/** With members' nodes an odd number, so that every kind of client lives everywhere. */
function placesOf(clientRacks: number, onMembers: boolean): readonly string[] {
  const racks = Array.from({ length: clientRacks }, (_, i) => `server-${4 + i}-1`);
  return onMembers ? ['server-1-1', 'server-2-1', 'server-3-1', ...racks, racks[0]!] : racks;
}
