/** Walking a table by GETBULK (RFC 3416 section 4.2.3), all its columns side by side. */
import type { Varbind } from 'net-snmp';

/** By type: integers, gauges, ticks and 32-bit counters; 64-bit counters; octet strings; OIDs and addresses. */
export type SnmpValue = number | bigint | Buffer | string;

/** Rows by index (the part of the OID behind the column), each with the values that the agent has, by column. */
export type SnmpTable = ReadonlyMap<string, ReadonlyMap<number, SnmpValue>>;

/** What one request brought: one list a name asked for, shorter or missing where the answer was full. */
export type Columns = readonly (readonly Varbind[])[];

/** So many values of a table make a packet of about 1400 bytes: one frame, which no firewall has to put together. */
const VALUES_A_PACKET = 56;

/**
 * Reads the columns of a table; one is done where an answer leaves it.
 * @param entry OID of the table's entry
 * @param decode a value, or undefined for a mark such as endOfMibView
 * @param ask sends one request for what follows the names, up to so many rows
 * @throws Error where an answer holds nothing, or does not move forward: such a walk would never end
 */
export async function walkTable(
  entry: string,
  columns: readonly number[],
  decode: (varbind: Varbind) => SnmpValue | undefined,
  ask: (names: readonly string[], rows: number) => Promise<Columns>,
): Promise<SnmpTable> {
  const table = new Map<string, Map<number, SnmpValue>>();
  let open = columns.map((column) => ({ column, below: `${entry}.${column}`, at: `${entry}.${column}` }));
  while (open.length > 0) {
    const rows = Math.max(1, Math.floor(VALUES_A_PACKET / open.length));
    const answers = await ask(
      open.map(({ at }) => at),
      rows,
    );
    if (answers.every(({ length }) => length === 0)) throw new Error(`an empty answer about ${entry}`);
    open = open.flatMap((one, i) => {
      // A full answer ends early: the rest is asked for again.
      let { at } = one;
      for (const varbind of answers[i] ?? []) {
        const value = varbind.oid.startsWith(`${one.below}.`) ? decode(varbind) : undefined;
        if (value === undefined) return [];
        if (!follows(varbind.oid, at)) throw new Error(`after ${at} the agent has ${varbind.oid}: its order is broken`);
        at = varbind.oid;
        const index = at.slice(one.below.length + 1);
        const row = table.get(index) ?? new Map<number, SnmpValue>();
        table.set(index, row.set(one.column, value));
      }
      return [{ ...one, at }];
    });
  }
  return table;
}

/** Whether an OID comes after another one in lexicographic order (RFC 3416 section 4.2.2). */
function follows(oid: string, other: string): boolean {
  const [parts, others] = [oid.split('.').map(Number), other.split('.').map(Number)];
  const at = parts.findIndex((part, i) => part !== others[i]);
  return at !== -1 && parts[at]! > (others[at] ?? -1);
}
