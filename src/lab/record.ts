/** The run record: the folder that a run leaves, with everything that one needs to believe or replay it. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { nowMs } from '../linux/clock.ts';
import { junit, type Reporter, type RunEvent, type UntimedEvent } from '../report/index.ts';
import type { VerdictFile } from './verdict-file.ts';

export interface RunRecord {
  readonly dir: string;
  /** Folder for the topology as run. */
  readonly topologyDir: string;
  readonly historyFile: string;
  /** CLOCK_MONOTONIC milliseconds at which the run began: the zero of `at` and of every event. */
  readonly beganMs: number;
  /** Stamps an event, writes it to `events.jsonl` and tells the reporters. */
  emit(event: UntimedEvent, atMs?: number): void;
  /** Writes what `judge` needs beside the history. */
  keepStores(memos: readonly unknown[]): void;
  /** Copies the logs of a node's folder. */
  keepLogs(node: string, dir: string): void;
  /** Removes the record, and the folders above it that hold nothing else. */
  discard(): void;
  /** Writes `verdict.json`, `junit.xml` and moves `latest` here. */
  finish(verdict: VerdictFile): void;
}

export interface RecordHeader {
  readonly lab: string;
  readonly seed: number;
  /** argv that replays the run. */
  readonly replay: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

/** Makes `runs/<lab>/<time>/` below a folder. @throws Error where it cannot be written */
export function openRecord(base: string, header: RecordHeader, reporters: readonly Reporter[]): RunRecord {
  const beganMs = nowMs();
  const dir = freshFolder(resolve(base, 'runs', header.lab));
  const events = join(dir, 'events.jsonl');
  writeFileSync(events, '');
  writeJson(join(dir, 'environment.json'), {
    seed: header.seed,
    replay: header.replay,
    began: new Date().toISOString(),
    // What makes the instants of this record comparable with those of other clocks.
    clock: { monotonicMs: beganMs, wallMs: Date.now() },
    versions: header.versions,
    machine: { kernel: release(), arch: arch(), processors: cpus().length, memoryBytes: totalmem() },
  });
  return Object.freeze({
    dir,
    topologyDir: join(dir, 'topology'),
    historyFile: join(dir, 'history.jsonl'),
    beganMs,
    emit(event: UntimedEvent, atMs = nowMs()) {
      const timed = { atMs: Math.round((atMs - beganMs) * 1000) / 1000, ...event } as RunEvent;
      appendFileSync(events, `${JSON.stringify(timed)}\n`);
      for (const report of reporters) report(timed);
    },
    keepStores: (memos: readonly unknown[]) => writeJson(join(dir, 'stores.json'), memos),
    keepLogs(node: string, from: string) {
      if (existsSync(from)) cpSync(from, join(dir, 'logs', node), { recursive: true });
    },
    discard() {
      rmSync(dir, { recursive: true, force: true });
      removeEmpty(dirname(dir));
      removeEmpty(resolve(base, 'runs'));
    },
    finish(verdict: VerdictFile) {
      sortEvents(events);
      writeJson(join(dir, 'verdict.json'), verdict);
      writeFileSync(join(dir, 'junit.xml'), junit(verdict));
      pointLatest(dir);
    },
  });
}

/** `2026-01-31T12-00-00`, with a number behind where two runs begin in one second. */
function freshFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  for (let attempt = 1; ; attempt++) {
    const dir = join(parent, attempt === 1 ? time : `${time}.${attempt}`);
    try {
      mkdirSync(dir);
      return dir;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function removeEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Some events are known only when the run is over: one clock, one order. */
function sortEvents(file: string): void {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const timed = lines.map((line) => ({ line, atMs: (JSON.parse(line) as RunEvent).atMs }));
  timed.sort((a, b) => a.atMs - b.atMs);
  writeFileSync(file, timed.map(({ line }) => `${line}\n`).join(''));
}

/** By rename, so that `latest` is never missing for a reader. */
function pointLatest(dir: string): void {
  const parent = dirname(dir);
  const next = join(parent, `.latest-${process.pid}`);
  rmSync(next, { force: true });
  symlinkSync(dir.slice(parent.length + 1), next);
  renameSync(next, join(parent, 'latest'));
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
