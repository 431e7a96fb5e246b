/** `lab.json`: what is known of a lab, written before anything of it is made, so that it can be removed whatever happens. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Topology } from 'containerlab-ts';
import { labDir, stateRoot } from './paths.ts';

/**
 * `claimed`: only the folder and this file exist, and its names may turn out to be another lab's; `deploying`: its names are its own
 * and anything may exist; `running`: all of it does.
 */
export type Phase = 'claimed' | 'deploying' | 'running';

export interface LabRecord {
  readonly phase: Phase;
  readonly seed: number;
  readonly topology: Topology;
  /** Namespaces and containers, all of them, made or not. */
  readonly containers: readonly string[];
}

/** Replaces the record in one step: a reader sees the old one or the new one. */
export function writeRecord(lab: string, record: LabRecord): void {
  const dir = labDir(lab);
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const path = join(dir, 'lab.json');
  writeFileSync(`${path}.new`, JSON.stringify(record));
  renameSync(`${path}.new`, path);
}

/** The record of a lab; undefined where there is none. @throws Error where it cannot be read */
export function readRecord(lab: string): LabRecord | undefined {
  const path = join(labDir(lab), 'lab.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  return JSON.parse(text) as LabRecord;
}

/** Names of all labs that have a state folder, running or broken. */
export function labNames(): string[] {
  try {
    return readdirSync(stateRoot(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
