/** `bgp as-path access-list`. */
import type { Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { integer } from './field.ts';
import type { AsPathListEntry, FrrConfig } from './model.ts';

/** What FRR takes in a regular expression over AS paths; `_` stands for any separator. */
const REGEX = /^[0-9_^|[,{}() \]$*+.?\\-]+$/;

export function readAsPathList(config: Draft<FrrConfig>, { words, no, mark, begin }: Statement): boolean {
  const [bgp, asPath, accessList, name, ...rest] = words;
  if (no || bgp !== 'bgp' || asPath !== 'as-path' || accessList !== 'access-list' || name === undefined) return false;
  let seq: number | undefined;
  if (rest[0] === 'seq') {
    seq = integer(rest[1], 0, 4_294_967_295);
    if (seq === undefined) return false;
    rest.splice(0, 2);
  }
  const [action, ...expression] = rest;
  const regex = expression.join(' ');
  if ((action !== 'permit' && action !== 'deny') || !REGEX.test(regex)) return false;
  config.asPathLists ??= [];
  const lists = config.asPathLists;
  let index = lists.findIndex((list) => list.name === name);
  if (index === -1) index = lists.push({ name, entries: [] }) - 1;
  const { entries } = lists[index]!;
  const entry = { seq: seq ?? nextSequence(entries), action, regex } as const;
  const same = entries.findIndex((other) => other.seq === entry.seq);
  const place = same === -1 ? entries.length : same;
  entries[place] = entry;
  begin(`asPathLists/${index}`);
  mark(`asPathLists/${index}/entries/${place}`);
  return true;
}

/** FRR numbers an entry without `seq` with the next multiple of five. */
function nextSequence(entries: readonly AsPathListEntry[]): number {
  const highest = entries.reduce((max, entry) => Math.max(max, entry.seq), 0);
  return Math.floor(highest / 5) * 5 + 5;
}

export function writeAsPathLists(config: FrrConfig): Written[] {
  return (config.asPathLists ?? []).flatMap((list, index) =>
    list.entries.map(({ seq, action, regex }, i) => ({
      path: `asPathLists/${index}/entries/${i}`,
      text: `bgp as-path access-list ${list.name} seq ${seq} ${action} ${regex}`,
      group: 'as-path access-list',
    })),
  );
}
