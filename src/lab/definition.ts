/** What one runs: a design, stores with their load, faults, and what is expected of them. */
import type { Fabric, LeafSpineDesign } from '../fabric/index.ts';
import type { FaultStep } from '../fault/index.ts';

/** Default export of `labs/<name>/lab.ts`. */
export interface LabDefinition {
  /** The same as the folder's. */
  readonly name: string;
  readonly summary: string;
  /** Parameters come from `--set`; what a lab leaves open the topology function fills in. @throws InputError naming the parameter */
  design(parameters: DesignParameters): LeafSpineDesign;
  /** Empty where the design leaves no place for them. */
  stores(fabric: Fabric): readonly StorePlan[];
  readonly faults: readonly FaultStep[];
  readonly expect: Expectations;
}

/** `--set bfd.intervalMs=300` is `{bfd: {intervalMs: 300}}`. */
export type DesignParameters = Readonly<Record<string, unknown>>;

/** What is put on the racks; one shape a kind. */
export type StorePlan = EtcdPlan | MariadbPlan | RedisPlan;

/** Members of a store and the clients at work on them. */
interface MembersAndClients {
  /** Nodes with a member each, three at least, each in a zone of its own. */
  readonly members: readonly string[];
  /** Nodes with clients; several clients take turns on them. */
  readonly clientNodes: readonly string[];
  readonly clients: number;
  /** Operations a second, all clients together. */
  readonly rate: number;
  /** Milliseconds that a client waits for an answer. Default 1,000; of a cache 500. */
  readonly timeoutMs?: number;
}

/** MariaDB with its manager, three members. Of four clients two are at the registers, one at a bank, one at a set. */
export interface MariadbPlan extends MembersAndClients {
  readonly kind: 'mariadb';
  /** Registers. */
  readonly keys: number;
  /** Floating, of the design's pool `service4`. Default: the pool's first address. */
  readonly serviceAddress?: string;
  /** A defect to plant: milliseconds after which a primary goes on without its replicas. */
  readonly semiSyncTimeoutMs?: number;
  /** A defect to plant: the first replica is promoted, not the furthest. */
  readonly naiveChoice?: boolean;
  /** A defect to plant: a primary without a lease goes on. */
  readonly noFencing?: boolean;
  /** A defect to plant: `sync_binlog=0` and `innodb_flush_log_at_trx_commit=2`. */
  readonly looseDisk?: boolean;
}

export interface EtcdPlan extends MembersAndClients {
  readonly kind: 'etcd';
  /** Registers. */
  readonly keys: number;
  /** A defect to plant: members that do not wait for their disk. */
  readonly unsafeNoFsync?: boolean;
  /** A defect to plant: clients that take a missing answer for a failure. */
  readonly treatTimeoutAs?: 'info' | 'fail';
}

/** Redis with Sentinel, both on each member's node; the first member begins as primary. */
export interface RedisPlan extends MembersAndClients {
  readonly kind: 'redis';
  /** Keys that each client refreshes; everybody reads them. */
  readonly keysPerClient: number;
  /** What a read may be stale by at most, milliseconds. */
  readonly maxStaleMs: number;
  /** `store`: as if what it acknowledges were kept, which it is not. Default `cache`. */
  readonly judgedAs?: 'cache' | 'store';
  /** Where clients read. Default `nearest`. */
  readonly readFrom?: 'primary' | 'nearest';
  /** Milliseconds without an answer before sentinels believe a primary down. Default 1,000. */
  readonly downAfterMs?: number;
  /** Replicas without which a primary refuses writes. Default 0. */
  readonly minReplicasToWrite?: number;
}

/** Limits in milliseconds; a measurement beyond its limit fails. */
export interface Expectations {
  /** From deploy to every table as predicted. */
  readonly convergeMs: number;
  /** By kind of fault; `default` for those that are not named. */
  readonly faults: Readonly<Record<string, FaultLimits>> & { readonly default: FaultLimits };
}

export interface FaultLimits {
  /** From the effect to every kernel table as predicted. */
  readonly fibMs: number;
  /** Longest probe gap over pairs that stay connected. */
  readonly lossMs: number;
  /** From the heal to every kernel table whole again. */
  readonly healMs: number;
}

/** Names the fields for TypeScript and freezes the lab. */
export function defineLab(definition: LabDefinition): LabDefinition {
  return Object.freeze(definition);
}

/** For topologies that come without a lab: one fault of each kind that needs no store, and limits that a small fabric keeps. */
export const defaultFaults: readonly FaultStep[] = Object.freeze([
  { kind: 'link-down', target: 'any' },
  { kind: 'link-silent', target: 'any' },
  { kind: 'link-flap', target: 'any' },
]);

export const defaultExpectations: Expectations = Object.freeze({
  convergeMs: 60_000,
  faults: { default: { fibMs: 1000, lossMs: 1000, healMs: 5000 } },
});
