/** Packet filters of a network namespace (nft(8)). */
import { inNamespace } from './namespace.ts';
import { type RunResult, run } from './run.ts';

/** A rule that counts: the chain it stands in, its comment, and the packets that it met. */
export interface CountedRule {
  readonly chain: string;
  readonly comment: string;
  readonly packets: number;
}

/** Changes filters, all lines at one instant or none of them. @throws Error quoting nft */
export async function changeFilters(netns: string, lines: readonly string[]): Promise<void> {
  const { code, stderr } = await nft(netns, ['-f', '-'], `${lines.join('\n')}\n`);
  if (code !== 0) throw new Error(`nft ended with ${code}: ${stderr.trim()}`);
}

/** Lines that give a place to a new table, whatever stood there; making it before deleting it makes that right in any case. */
export function freshTable(table: string): readonly string[] {
  return [...withoutTable(table), `add table ${table}`];
}

/** Lines that take a table away, if it is there. @param table with its family, as in `inet fence` */
export function withoutTable(table: string): readonly string[] {
  return [`add table ${table}`, `delete table ${table}`];
}

/** The rules of a table that count; undefined where there is no such table. */
export async function countedRules(netns: string, table: string): Promise<readonly CountedRule[] | undefined> {
  const { code, stdout } = await nft(netns, ['-j', 'list', 'table', ...table.split(' ')]);
  if (code !== 0) return undefined;
  const { nftables } = JSON.parse(stdout) as {
    nftables: { rule?: { chain: string; comment?: string; expr: { counter?: { packets: number } }[] } }[];
  };
  return nftables.flatMap(({ rule }) =>
    (rule?.expr ?? []).flatMap(({ counter }) =>
      counter === undefined ? [] : [{ chain: rule!.chain, comment: rule!.comment ?? '', packets: counter.packets }],
    ),
  );
}

function nft(netns: string, words: readonly string[], input?: string): Promise<RunResult> {
  return inNamespace(netns, () => run(['nft', ...words], input === undefined ? {} : { input }));
}
