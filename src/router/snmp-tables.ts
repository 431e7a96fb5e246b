/** The system group (SNMPv2-MIB, RFC 3418) and the interfaces (IF-MIB, RFC 2863) of an agent, typed. */
import { optional } from './json.ts';
import { type Snmp, SnmpError } from './snmp.ts';
import type { SnmpValue } from './snmp-walk.ts';

export interface SnmpSystem {
  readonly name: string;
  readonly description: string;
  /** sysObjectID: the kind of device in the maker's own tree. */
  readonly objectId: string;
  readonly location: string;
  /** Milliseconds since the agent (not the machine) started, in steps of 10; begins again after 497 days. */
  readonly uptimeMs: number;
}

const SYSTEM = '1.3.6.1.2.1.1';
/** TimeTicks are hundredths of a second (RFC 2578 section 7.1.8). */
const TICK_MS = 10;

/** @throws SnmpError */
export async function snmpSystem(session: Snmp): Promise<SnmpSystem> {
  const oids = [1, 2, 3, 5, 6].map((object) => `${SYSTEM}.${object}.0`);
  const [description, objectId, uptime, name, location] = await session.get(oids);
  if (typeof uptime !== 'number') throw new SnmpError(session.node, 'the agent shows no system group to this user');
  return {
    name: textOf(name),
    description: textOf(description),
    objectId: typeof objectId === 'string' ? objectId : '',
    location: textOf(location),
    uptimeMs: uptime * TICK_MS,
  };
}

export interface SnmpInterface {
  readonly index: number;
  /** ifName, or ifDescr where the agent has no ifXTable. */
  readonly name: string;
  /** What the operator wrote about it (ifAlias). */
  readonly alias: string;
  readonly mtu: number;
  /** Bits a second, in steps of a million. */
  readonly speed?: number;
  /** `aa:bb:cc:dd:ee:ff`; absent where it has none. */
  readonly mac?: string;
  readonly adminUp: boolean;
  readonly operStatus: 'up' | 'down' | 'testing' | 'unknown' | 'dormant' | 'notPresent' | 'lowerLayerDown';
  readonly operUp: boolean;
  /** The agent's uptime (ms) when it entered the present state; 0 where that was before the agent started. */
  readonly lastChangeMs: number;
  /** Absent where the agent has no 64-bit counters: those of 32 bits overflow within seconds (RFC 2863 section 3.1.6). */
  readonly counters?: SnmpCounters;
}

export interface SnmpCounters {
  readonly inOctets: bigint;
  readonly outOctets: bigint;
  /** Unicast packets. */
  readonly inPackets: bigint;
  readonly outPackets: bigint;
}

const IF_ENTRY = '1.3.6.1.2.1.2.2.1';
const IF = { descr: 2, mtu: 4, physAddress: 6, adminStatus: 7, operStatus: 8, lastChange: 9 } as const;
const IFX_ENTRY = '1.3.6.1.2.1.31.1.1.1';
const IFX = { name: 1, inOctets: 6, inPackets: 7, outOctets: 10, outPackets: 11, highSpeed: 15, alias: 18 } as const;
const OPER_STATUS = ['up', 'down', 'testing', 'unknown', 'dormant', 'notPresent', 'lowerLayerDown'] as const;
const UP = 1;

/**
 * All interfaces, by index. Agents answer from caches: net-snmp's shows a change some seconds late.
 * @throws SnmpError
 */
export async function snmpInterfaces(session: Snmp): Promise<readonly SnmpInterface[]> {
  const rows = await session.table(IF_ENTRY, Object.values(IF));
  const more = await session.table(IFX_ENTRY, Object.values(IFX));
  return [...rows]
    .map(([index, row]) => interfaceOf(Number(index), row, more.get(index) ?? new Map()))
    .sort((left, right) => left.index - right.index);
}

type Row = ReadonlyMap<number, SnmpValue>;

function interfaceOf(index: number, row: Row, more: Row): SnmpInterface {
  const operStatus = OPER_STATUS[numberOf(row.get(IF.operStatus)) - 1] ?? 'unknown';
  const speed = numberOf(more.get(IFX.highSpeed));
  const mac = row.get(IF.physAddress);
  return {
    index,
    name: textOf(more.get(IFX.name)) || textOf(row.get(IF.descr)),
    alias: textOf(more.get(IFX.alias)),
    mtu: numberOf(row.get(IF.mtu)),
    ...optional('speed', speed > 0 ? speed * 1e6 : undefined),
    ...optional(
      'mac',
      Buffer.isBuffer(mac) && mac.length === 6 ? mac.toString('hex').replace(/..(?=.)/g, '$&:') : undefined,
    ),
    adminUp: row.get(IF.adminStatus) === UP,
    operStatus,
    operUp: operStatus === 'up',
    lastChangeMs: numberOf(row.get(IF.lastChange)) * TICK_MS,
    ...optional('counters', countersOf(more)),
  };
}

function countersOf(more: Row): SnmpCounters | undefined {
  const [inOctets, outOctets, inPackets, outPackets] = [IFX.inOctets, IFX.outOctets, IFX.inPackets, IFX.outPackets].map(
    (column) => more.get(column),
  );
  if (typeof inOctets !== 'bigint' || typeof outOctets !== 'bigint') return undefined;
  if (typeof inPackets !== 'bigint' || typeof outPackets !== 'bigint') return undefined;
  return { inOctets, outOctets, inPackets, outPackets };
}

/** DisplayString and SnmpAdminString are octets of UTF-8 (RFC 3411). */
export function textOf(value: SnmpValue | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}

export function numberOf(value: SnmpValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
