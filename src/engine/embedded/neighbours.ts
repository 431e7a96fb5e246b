/**
 * The kernel's neighbour tables, which all network namespaces of a host share: past `gc_thresh3` entries IPv6 link-local sends fail in
 * every namespace, and unnumbered BGP stays Idle without a word. A big lab has them raised, and the last one puts them back.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForLock } from '../../linux/flock.ts';
import { labDir, stateRoot } from './paths.ts';
import type { LabPlan } from './plan.ts';

/** Link-local and multicast neighbours, IPv4 and IPv6, of one link end. */
const ENTRIES_PER_END = 8;
const LOCK_MS = 10_000;
const MOST = 'net/ipv4/neigh/default/gc_thresh3';
/** @internal for the tests */
export const SETTINGS = ['net/ipv4/neigh/default', 'net/ipv6/neigh/default'].flatMap((table) =>
  [1, 2, 3].map((level) => `${table}/gc_thresh${level}`),
);

type Thresholds = Readonly<Record<string, number>>;

interface Book {
  /** Link ends by lab. */
  readonly labs: Readonly<Record<string, number>>;
  /** What stood there before; absent while nothing is raised. */
  readonly before?: Thresholds;
  /** Values of ours that may stand there instead: whoever sets them may be killed between two. */
  readonly ours?: Readonly<Record<string, readonly number[]>>;
}

/** A change of the thresholds. What the book says while it goes on lets whoever comes after a crash put everything back. */
interface Change {
  readonly meanwhile: Book;
  /** Absent where nothing is to be set. */
  readonly values?: Thresholds;
  readonly afterwards: Book;
}

/** Counts a lab in, and raises the thresholds where the labs of this host together need it. */
export async function raiseNeighbourThresholds(plan: LabPlan, say: (line: string) => void): Promise<void> {
  await keepBook((book) => ({ ...book, labs: { ...book.labs, [plan.name]: plan.links.length * 2 } }), say);
}

/** Counts a lab out (and whatever lab has no folder any more), and puts the thresholds back where the labs that are left do not need more. */
export async function releaseNeighbourThresholds(lab: string): Promise<void> {
  if (!existsSync(bookPath())) return;
  await keepBook(
    (book) => ({
      ...book,
      labs: Object.fromEntries(Object.entries(book.labs).filter(([name]) => name !== lab && existsSync(labDir(name)))),
    }),
    () => {},
  );
}

/** @internal for the tests */
export function changeFor({ labs, ...book }: Book, now: Thresholds): Change {
  // Somebody else (or a restart of the host) has set them since: what we remember is no longer what to go back to.
  const isForeign = SETTINGS.some(
    (setting) => now[setting] !== book.before?.[setting] && !book.ours?.[setting]?.includes(now[setting]!),
  );
  const { before, ours = {} } = isForeign ? {} : book;
  const needed = Object.values(labs).reduce((sum, ends) => sum + ends * ENTRIES_PER_END, 0);
  const original = before ?? now;
  const enough = SETTINGS.filter((setting) => setting.endsWith('3')).every((setting) => original[setting]! >= needed);
  if (enough) {
    if (before === undefined) return { meanwhile: { labs }, afterwards: { labs } };
    return { meanwhile: { labs, before, ours }, values: before, afterwards: { labs } };
  }
  const values = Object.fromEntries(
    SETTINGS.map((setting) => [setting, Math.max(original[setting]!, needed * factor(setting))]),
  );
  const either = Object.fromEntries(
    SETTINGS.map((setting) => [setting, [...new Set([...(ours[setting] ?? []), values[setting]!])]]),
  );
  const raised: Book = { labs, before: original, ours: either };
  return { meanwhile: raised, values, afterwards: raised };
}

/** Below the first threshold nothing is collected; the third is where sends begin to fail. */
function factor(setting: string): number {
  return setting.endsWith('1') ? 1 : setting.endsWith('2') ? 2 : 4;
}

function readAll(): Thresholds {
  return Object.fromEntries(SETTINGS.map((setting) => [setting, Number(readFileSync(`/proc/sys/${setting}`, 'utf8'))]));
}

function writeAll(values: Thresholds): void {
  for (const [setting, value] of Object.entries(values)) writeFileSync(`/proc/sys/${setting}`, `${value}`);
}

function bookPath(): string {
  return join(stateRoot(), '.neighbours.json');
}

async function keepBook(count: (book: Book) => Book, say: (line: string) => void): Promise<void> {
  const lock = await waitForLock(join(stateRoot(), '.lock', '.neighbours'), LOCK_MS);
  try {
    const path = bookPath();
    const book = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Book) : { labs: {} };
    const now = readAll();
    const { meanwhile, values, afterwards } = changeFor(count(book), now);
    save(path, meanwhile);
    if (values !== undefined) writeAll(values);
    if (afterwards !== meanwhile) save(path, afterwards);
    const most = values?.[MOST] ?? 0;
    if (afterwards.before !== undefined && most !== now[MOST]) {
      say(
        `neighbour tables of this host raised to ${most} entries (gc_thresh3), until the labs that need it are destroyed`,
      );
    }
  } finally {
    lock.release();
  }
}

function save(path: string, book: Book): void {
  if (Object.keys(book.labs).length === 0 && book.before === undefined) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.new`, JSON.stringify(book));
  renameSync(`${path}.new`, path);
}
