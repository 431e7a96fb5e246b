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
const SETTINGS = ['net/ipv4/neigh/default', 'net/ipv6/neigh/default'].flatMap((table) =>
  [1, 2, 3].map((level) => `${table}/gc_thresh${level}`),
);

interface Book {
  /** Link ends by lab. */
  readonly labs: Readonly<Record<string, number>>;
  /** What stood there before; absent while nothing is raised. */
  readonly before?: Readonly<Record<string, number>>;
  readonly raised?: Readonly<Record<string, number>>;
}

/** Counts a lab in, and raises the thresholds where the labs of this host together need it. */
export async function raiseNeighbourThresholds(plan: LabPlan, say: (line: string) => void): Promise<void> {
  await keepBook((book) => adjust({ ...book, labs: { ...book.labs, [plan.name]: plan.links.length * 2 } }, say));
}

/** Counts a lab out (and whatever lab has no folder any more), and puts the thresholds back where the labs that are left do not need more. */
export async function releaseNeighbourThresholds(lab: string): Promise<void> {
  if (!existsSync(bookPath())) return;
  await keepBook((book) => {
    const labs = Object.fromEntries(
      Object.entries(book.labs).filter(([name]) => name !== lab && existsSync(labDir(name))),
    );
    return adjust({ ...book, labs }, () => {});
  });
}

function adjust(book: Book, say: (line: string) => void): Book {
  const now = readAll();
  // Somebody else (or a restart of the host) has set them since: what we remember is no longer what to go back to.
  const stale = book.raised !== undefined && SETTINGS.some((setting) => now[setting] !== book.raised?.[setting]);
  const before = stale ? undefined : book.before;
  const needed = Object.values(book.labs).reduce((sum, ends) => sum + ends * ENTRIES_PER_END, 0);
  const original = before ?? now;
  const wanted = Object.fromEntries(
    SETTINGS.map((setting) => [setting, Math.max(original[setting]!, needed * factor(setting))]),
  );
  const enough = SETTINGS.filter((setting) => setting.endsWith('3')).every((setting) => original[setting]! >= needed);
  if (enough) {
    if (before !== undefined) writeAll(before);
    return { labs: book.labs };
  }
  writeAll(wanted);
  say(
    `neighbour tables of this host raised to ${wanted[SETTINGS[2]!]} entries (gc_thresh3), until the labs that need it are destroyed`,
  );
  return { labs: book.labs, before: original, raised: wanted };
}

/** Below the first threshold nothing is collected; the third is where sends begin to fail. */
function factor(setting: string): number {
  return setting.endsWith('1') ? 1 : setting.endsWith('2') ? 2 : 4;
}

function readAll(): Record<string, number> {
  return Object.fromEntries(SETTINGS.map((setting) => [setting, Number(readFileSync(`/proc/sys/${setting}`, 'utf8'))]));
}

function writeAll(values: Readonly<Record<string, number>>): void {
  for (const [setting, value] of Object.entries(values)) writeFileSync(`/proc/sys/${setting}`, `${value}`);
}

function bookPath(): string {
  return join(stateRoot(), '.neighbours.json');
}

async function keepBook(change: (book: Book) => Book): Promise<void> {
  const lock = await waitForLock(join(stateRoot(), '.lock', '.neighbours'), LOCK_MS);
  try {
    const path = bookPath();
    const book = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Book) : { labs: {} };
    const changed = change(book);
    if (Object.keys(changed.labs).length === 0) rmSync(path, { force: true });
    else {
      writeFileSync(`${path}.new`, JSON.stringify(changed));
      renameSync(`${path}.new`, path);
    }
  } finally {
    lock.release();
  }
}
