/** Entering another network namespace for the length of one synchronous function. */
import { closeSync, openSync } from 'node:fs';
import { libc, systemError } from './libc.ts';

const CLONE_NEWNET = 0x40000000;
const setns: (fd: number, kind: number) => number = libc.func('int setns(int fd, int kind)');

let own: number | undefined;

/**
 * Runs a synchronous function with the main thread inside a network namespace (setns(2)): sockets opened there stay there,
 * `/proc/sys/net` is that namespace's, and processes spawned there start there. Never await inside.
 * @param path of the namespace, such as `/run/netns/NAME`
 * @throws Error with the failing system call; the thread is back in its own namespace whatever happens
 */
export function inNamespace<T>(path: string, work: () => T): T {
  own ??= openSync('/proc/thread-self/ns/net', 'r');
  const target = openSync(path, 'r');
  try {
    if (setns(target, CLONE_NEWNET) !== 0) throw systemError('setns', path);
    try {
      return work();
    } finally {
      if (setns(own, CLONE_NEWNET) !== 0) {
        // Going on in a foreign network would send the lab's own traffic to the wrong place.
        console.error('leafstorm: cannot return to the host network namespace');
        process.abort();
      }
    }
  } finally {
    closeSync(target);
  }
}
