/** What `/proc` tells about the processes of this machine. A process that ends meanwhile reads as empty. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Ids of all processes. */
export function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Environment that a process was started with, one `NAME=VALUE` each. */
export function environmentOf(pid: number): string[] {
  return read(pid, 'environ').split('\0');
}

/** `net:[INODE]`: equal for two processes in the same network namespace; empty for a process that has ended. */
export function networkOf(pid: number): string {
  return link(pid, 'ns/net');
}

/** Names that a process goes by: its executable's file name, and the first word of its own title. */
export function programNames(pid: number): string[] {
  const exe = link(pid, 'exe').replace(/ \(deleted\)$/, '');
  const title = read(pid, 'cmdline').split(/[\0 ]/)[0] ?? '';
  return [baseName(exe), baseName(title).replace(/:$/, '')].filter((name) => name !== '');
}

/** Gone, a zombie, or without memory of its own: one that only waits to be reaped, or for its children to be. */
export function hasEnded(pid: number): boolean {
  const [state, memory] = statFields(pid);
  return state === undefined || state === 'Z' || state === 'X' || memory === '0';
}

/** State and virtual memory size of proc_pid_stat(5). */
function statFields(pid: number): [state: string | undefined, memory: string | undefined] {
  const fields = read(pid, 'stat').split(') ').at(-1)!.split(' ');
  return fields[0] === '' ? [undefined, undefined] : [fields[0], fields[20]];
}

/** How long a process's first thread has been ready to run and had to wait for a processor, since it began (ms); 0 for one that has ended. */
export function processorWaitMs(pid: number): number {
  return Number(read(pid, 'schedstat').split(' ')[1] ?? 0) / 1e6;
}

/** SIGKILL. @returns false where the process is gone already */
export function killNow(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function link(pid: number, file: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${file}`);
  } catch {
    return '';
  }
}
