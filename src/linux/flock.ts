/** Locks between processes by flock(2): the kernel drops them when their process dies, however it dies. */
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { libc } from './libc.ts';

const flock: (fd: number, operation: number) => number = libc.func('int flock(int fd, int operation)');
const LOCK_EX_NB = 2 | 4;
const RETRY_MS = 20;

export interface FileLock {
  /** Gives the lock back and removes its file. */
  release(): void;
}

/** Takes a lock, or returns undefined where another process (or another part of this one) holds it. Makes the file and its folder. */
export function tryLock(path: string): FileLock | undefined {
  for (;;) {
    mkdirSync(dirname(path), { recursive: true });
    const fd = openSync(path, 'a+', 0o600);
    if (flock(fd, LOCK_EX_NB) !== 0) {
      closeSync(fd);
      return undefined;
    }
    // Its last holder removed the file between our open and our lock: what we hold is a lock on nothing.
    if (!sameFile(fd, path)) {
      closeSync(fd);
      continue;
    }
    sign(fd);
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        unlinkSync(path);
        closeSync(fd);
      },
    };
  }
}

/** Waits for a lock. @throws Error after `timeoutMs`, naming the process that holds it */
export async function waitForLock(path: string, timeoutMs: number): Promise<FileLock> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const lock = tryLock(path);
    if (lock !== undefined) return lock;
    if (Date.now() >= until) throw new Error(`${path} is still held by process ${lockHolder(path)}`);
    await sleep(RETRY_MS);
  }
}

/** The process that wrote itself into a lock's file last, for messages only. */
export function lockHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').at(-1) || 'unknown';
  } catch {
    return 'unknown';
  }
}

/** For messages only: on a full disk a lock holds as well without it. */
function sign(fd: number): void {
  try {
    writeSync(fd, `${process.pid}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function sameFile(fd: number, path: string): boolean {
  try {
    return fstatSync(fd).ino === statSync(path).ino;
  } catch {
    return false;
  }
}
