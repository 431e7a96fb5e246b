/** What became of BGP sessions during a run, from the routers' own logs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nowMs } from '../linux/clock.ts';
import { readSessionChanges, type SessionChange } from '../router/index.ts';
import type { RunRecord } from './record.ts';

/** Writes a node's sessions into the record, on the record's clock. A node without bgpd has none. */
export function recordSessions(record: RunRecord, node: string, logDir: string): void {
  const wallToMonotonicMs = nowMs() - Date.now();
  for (const { neighbour, state, why = null, wallMs, withinMs } of sessionChanges(join(logDir, 'frr')))
    record.emit({ type: 'session', node, neighbour, state, why, withinMs }, wallMs + wallToMonotonicMs);
}

/** bgpd may log the same to several files, each with timestamps of its own: of those the finest. */
function sessionChanges(dir: string): readonly SessionChange[] {
  if (!existsSync(dir)) return [];
  const logs = readdirSync(dir).filter((name) => name.endsWith('.log'));
  const all = logs.map((name) => readSessionChanges(readFileSync(join(dir, name), 'utf8')));
  const finest = (changes: readonly SessionChange[]) => changes[0]?.withinMs ?? Number.POSITIVE_INFINITY;
  return all.sort((a, b) => finest(a) - finest(b))[0] ?? [];
}
