/** The mounts of this process's mount namespace (proc_pid_mountinfo(5)). */
import { readFileSync } from 'node:fs';

export interface Mount {
  readonly path: string;
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** All mounts, in the order in which they were made. */
export function readMounts(file = '/proc/self/mountinfo'): Mount[] {
  return parseMounts(readFileSync(file, 'utf8'));
}

/** Reads the text of a `mountinfo` file; octal escapes in paths are resolved. */
export function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ');
    if (left === undefined || right === undefined) continue;
    const [type = '', source = '', options = ''] = right.split(' ');
    mounts.push({
      path: unescapeOctal(left.split(' ')[4] ?? ''),
      type,
      source: unescapeOctal(source),
      superOptions: options.split(','),
    });
  }
  return mounts;
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
