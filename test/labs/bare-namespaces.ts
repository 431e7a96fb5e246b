/** Bare network namespaces with nothing running in them, for tests of what reads kernels. Needs root and iproute2. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { inNamespace } from '../../src/linux/namespace.ts';

/** Why these tests cannot run here; undefined where they can. */
export function namespacesMissing(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'needs root';
}

export interface BareNamespace {
  readonly name: string;
  readonly netns: string;
  /** Runs lines of `ip -batch` inside. */
  ip(...lines: string[]): void;
  /** Sets a `net.*` value inside, by its path below /proc/sys/net. */
  sysctl(path: string, value: string): void;
}

/** Makes a namespace that goes with the test. Its loopback is up. */
export function namespace(t: ExecutionContext, name: string): BareNamespace {
  const netns = `/run/netns/${name}`;
  execFileSync('ip', ['netns', 'add', name]);
  t.teardown(() => void execFileSync('ip', ['netns', 'delete', name]));
  const made: BareNamespace = {
    name,
    netns,
    ip: (...lines) => void execFileSync('ip', ['-n', name, '-batch', '-'], { input: lines.join('\n') }),
    sysctl: (path, value) => inNamespace(netns, () => writeFileSync(`/proc/sys/net/${path}`, value)),
  };
  made.ip('link set lo up');
  for (const which of ['all', 'default']) made.sysctl(`ipv6/conf/${which}/accept_dad`, '0');
  return made;
}

/** Adds links `e1` - `p1`, `e2` - `p2`, ... with both ends inside, all up. */
export function addLinks(made: BareNamespace, count: number): void {
  for (let i = 1; i <= count; i++) {
    made.ip(`link add e${i} type veth peer name p${i}`, `link set e${i} up`, `link set p${i} up`);
  }
}
