/** `ip prefix-list` and `ipv6 prefix-list`. */
import type { Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { integer } from './field.ts';
import type { FrrConfig, PrefixList, PrefixListEntry } from './model.ts';
import { familyOfKeyword, isPrefix, keyword } from './prefix.ts';

export function readPrefixList(config: Draft<FrrConfig>, { words, no, mark, begin }: Statement): boolean {
  const family = familyOfKeyword(words[0]);
  const name = words[2];
  if (no || family === undefined || words[1] !== 'prefix-list' || name === undefined) return false;
  const rest = words.slice(3);
  let seq: number | undefined;
  if (rest[0] === 'seq') {
    seq = integer(rest[1], 1, 4_294_967_295);
    if (seq === undefined) return false;
    rest.splice(0, 2);
  }
  const entry = readEntry(rest, family);
  if (entry === undefined) return false;
  config.prefixLists ??= [];
  const lists = config.prefixLists;
  let index = lists.findIndex((list) => list.name === name && list.family === family);
  if (index === -1) index = lists.push({ family, name, entries: [] }) - 1;
  const { entries } = lists[index]!;
  const numbered = { seq: seq ?? nextSequence(entries), ...entry };
  const same = entries.findIndex((other) => other.seq === numbered.seq);
  const place = same === -1 ? entries.length : same;
  entries[place] = numbered;
  begin(`prefixLists/${index}`);
  mark(`prefixLists/${index}/entries/${place}`);
  return true;
}

function readEntry(words: readonly string[], family: 'ipv4' | 'ipv6'): Omit<PrefixListEntry, 'seq'> | undefined {
  const [action, prefix, ...bounds] = words;
  if (action !== 'permit' && action !== 'deny') return undefined;
  if (prefix === undefined || (prefix !== 'any' && !isPrefix(prefix, family))) return undefined;
  const entry: Draft<Omit<PrefixListEntry, 'seq'>> = { action, prefix };
  for (let i = 0; i < bounds.length; i += 2) {
    const key = bounds[i];
    const value = integer(bounds[i + 1], 0, family === 'ipv4' ? 32 : 128);
    if ((key !== 'ge' && key !== 'le') || value === undefined || entry[key] !== undefined) return undefined;
    entry[key] = value;
  }
  return entry;
}

/** FRR numbers an entry without `seq` with the next multiple of five. */
function nextSequence(entries: readonly PrefixListEntry[]): number {
  const highest = entries.reduce((max, entry) => Math.max(max, entry.seq), 0);
  return Math.floor(highest / 5) * 5 + 5;
}

export function writePrefixLists(config: FrrConfig): Written[] {
  return (config.prefixLists ?? []).flatMap((list, index) =>
    list.entries.map((entry, i) => ({
      path: `prefixLists/${index}/entries/${i}`,
      text: writeEntry(list, entry),
      group: `${list.family} prefix-list`,
    })),
  );
}

function writeEntry(list: PrefixList, entry: PrefixListEntry): string {
  const bounds = `${entry.ge === undefined ? '' : ` ge ${entry.ge}`}${entry.le === undefined ? '' : ` le ${entry.le}`}`;
  return `${keyword(list.family)} prefix-list ${list.name} seq ${entry.seq} ${entry.action} ${entry.prefix}${bounds}`;
}
