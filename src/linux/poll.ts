/** poll(2) without blocking the event loop: readiness of file descriptors that Node knows nothing of, such as netlink sockets. */
import { closeSync, writeSync } from 'node:fs';
import { libc, systemError } from './libc.ts';

interface PollFunction {
  (fds: Buffer, count: number, timeoutMs: number): number;
  async(fds: Buffer, count: number, timeoutMs: number, done: (error: Error | null, ready: number) => void): void;
}

const poll = libc.func('int poll(void *fds, unsigned long count, int timeout)') as unknown as PollFunction;
const eventfd: (initial: number, flags: number) => number = libc.func('int eventfd(unsigned int initial, int flags)');
const read: (fd: number, data: Buffer, length: number) => number = libc.func(
  'intptr_t read(int fd, void *data, size_t length)',
);

const POLLIN = 1;
const EFD_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
/** `struct pollfd`: i32 fd, u16 events, u16 revents. */
const ENTRY_BYTES = 8;
const REVENTS = 6;

/** Waits for any of a fixed set of file descriptors, on a thread of its own. */
export class Poller {
  readonly #count: number;
  /** The last entry is the eventfd with which `wake` ends a wait. Not from Node's pool: another thread writes to it. */
  readonly #entries: Buffer;
  readonly #wakeFd: number;
  #waiting = false;

  constructor(fds: readonly number[]) {
    this.#wakeFd = eventfd(0, EFD_NONBLOCK_CLOEXEC);
    if (this.#wakeFd < 0) throw systemError('eventfd');
    this.#count = fds.length;
    this.#entries = Buffer.allocUnsafeSlow((fds.length + 1) * ENTRY_BYTES).fill(0);
    for (const [i, fd] of [...fds, this.#wakeFd].entries()) {
      this.#entries.writeInt32LE(fd, i * ENTRY_BYTES);
      this.#entries.writeUInt16LE(POLLIN, i * ENTRY_BYTES + 4);
    }
  }

  /**
   * Resolves with the positions of the descriptors that are readable (or in error), an empty list after `timeoutMs` (whole ms) or `wake`.
   * One wait at a time.
   */
  async wait(timeoutMs: number): Promise<readonly number[]> {
    if (this.#waiting) throw new Error('Poller.wait: a wait is under way');
    this.#waiting = true;
    try {
      await new Promise<number>((resolve, reject) => {
        poll.async(this.#entries, this.#count + 1, Math.ceil(timeoutMs), (error, ready) => {
          if (error) reject(error);
          else resolve(ready);
        });
      });
      return this.#ready();
    } finally {
      this.#waiting = false;
    }
  }

  /** What is readable now, without waiting. Not while a `wait` is under way. */
  now(): readonly number[] {
    if (this.#waiting) throw new Error('Poller.now: a wait is under way');
    poll(this.#entries, this.#count + 1, 0);
    return this.#ready();
  }

  /** Ends the wait that is under way, or the next one. */
  wake(): void {
    const one = Buffer.alloc(8);
    one[0] = 1;
    writeSync(this.#wakeFd, one);
  }

  /** Not while a wait is under way. */
  close(): void {
    closeSync(this.#wakeFd);
  }

  #ready(): readonly number[] {
    const ready: number[] = [];
    for (let i = 0; i < this.#count; i++) {
      if (this.#entries.readUInt16LE(i * ENTRY_BYTES + REVENTS) !== 0) ready.push(i);
      this.#entries.writeUInt16LE(0, i * ENTRY_BYTES + REVENTS);
    }
    const woken = this.#count * ENTRY_BYTES + REVENTS;
    if (this.#entries.readUInt16LE(woken) !== 0) read(this.#wakeFd, Buffer.alloc(8), 8);
    this.#entries.writeUInt16LE(0, woken);
    return ready;
  }
}
