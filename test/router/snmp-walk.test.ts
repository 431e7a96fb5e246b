import test from 'ava';
import type { Varbind } from 'net-snmp';
import { type Columns, type SnmpValue, walkTable } from '../../src/router/snmp-walk.ts';

const ENTRY = '1.3.6.1.2.1.2.2.1';
const END = -1;
const value = (oid: string, of: number): Varbind => ({ oid, type: 2, value: of });
const decode = ({ type, value }: Varbind) => (type === END ? undefined : (value as SnmpValue));
const numbers = (oid: string) => oid.split('.').map(Number);

/** Lexicographic order of OIDs. */
function compare(left: string, right: string): number {
  const [a, b] = [numbers(left), numbers(right)];
  const at = a.findIndex((part, i) => part !== b[i]);
  return at === -1 ? a.length - b.length : a[at]! - (b[at] ?? -1);
}

/** An agent as RFC 3416 section 4.2.3 has it, whose answers hold so many values. */
function agent(values: readonly Varbind[], room = Number.POSITIVE_INFINITY) {
  const sorted = [...values].sort((left, right) => compare(left.oid, right.oid));
  const asked: number[] = [];
  const next = (oid: string): Varbind =>
    sorted.find((one) => compare(one.oid, oid) > 0) ?? { oid, type: END, value: null };
  const ask = async (names: readonly string[], rows: number): Promise<Columns> => {
    asked.push(names.length * rows);
    const columns: Varbind[][] = names.map(() => []);
    const at = [...names];
    for (let left = Math.min(room, names.length * rows), i = 0; left > 0; left--, i = (i + 1) % names.length) {
      const found = next(at[i]!);
      columns[i]!.push(found);
      at[i] = found.oid;
    }
    return columns;
  };
  return { ask, asked };
}

const columns = [2, 4, 10];
const table = (rows: number) =>
  Array.from({ length: rows }, (_, row) =>
    columns.map((column) => value(`${ENTRY}.${column}.${row + 1}`, column * 1000 + row)),
  ).flat();
const beyond = [value(`${ENTRY}.5.1`, 7), value(`${ENTRY}.11.1`, 8), value('1.3.6.1.2.1.4.1.0', 9)];

test('every value of every column, for tables of any size and answers of any size', async (t) => {
  for (const rows of [0, 1, 17, 18, 19, 60]) {
    for (const room of [1, 2, 3, 4, 7, 55, 56, 1000]) {
      const { ask, asked } = agent([...table(rows), ...beyond], room);
      const read = await walkTable(ENTRY, columns, decode, ask);
      t.is(read.size, rows, `${rows} rows, ${room} values an answer`);
      for (const [index, row] of read) {
        t.deepEqual(
          columns.map((column) => row.get(column)),
          columns.map((column) => column * 1000 + Number(index) - 1),
        );
      }
      t.true(Math.max(...asked) <= 56, 'no more is asked for than fits a frame');
    }
  }
});

test('the end of all that the agent shows ends a column', async (t) => {
  const { ask } = agent(table(3));
  t.is((await walkTable(ENTRY, columns, decode, ask)).size, 3);
});

test('rows that lack a column, and indexes of several parts', async (t) => {
  const values = [value(`${ENTRY}.2.10.0.0.1`, 1), value(`${ENTRY}.2.10.0.0.2`, 2), value(`${ENTRY}.4.10.0.0.2`, 3)];
  const read = await walkTable(ENTRY, [2, 4], decode, agent([...values, ...beyond]).ask);
  t.deepEqual([...(read.get('10.0.0.1') ?? [])], [[2, 1]]);
  t.deepEqual(
    [...(read.get('10.0.0.2') ?? [])],
    [
      [2, 2],
      [4, 3],
    ],
  );
});

test('column 1 is not column 10', async (t) => {
  const read = await walkTable(ENTRY, [1], decode, agent([value(`${ENTRY}.10.1`, 5)]).ask);
  t.is(read.size, 0);
});

test('an agent that goes in circles, backwards, or says nothing, ends the walk', async (t) => {
  const stuck = async (names: readonly string[]) => names.map(() => [value(`${ENTRY}.2.9`, 1)]);
  await t.throwsAsync(walkTable(ENTRY, [2], decode, stuck), { message: /after \S+\.2\.9 the agent has \S+\.2\.9/ });
  const backwards = async (names: readonly string[]) =>
    names.map(() => [value(`${ENTRY}.2.10`, 1), value(`${ENTRY}.2.9`, 1)]);
  await t.throwsAsync(walkTable(ENTRY, [2], decode, backwards), {
    message: /after \S+\.2\.10 the agent has \S+\.2\.9/,
  });
  await t.throwsAsync(
    walkTable(ENTRY, [2], decode, async () => []),
    { message: /empty answer/ },
  );
  await t.throwsAsync(
    walkTable(ENTRY, [2, 4], decode, async () => [[], []]),
    { message: /empty answer/ },
  );
});

test('what the agent refuses ends the walk', async (t) => {
  await t.throwsAsync(
    walkTable(ENTRY, [1], decode, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
});
