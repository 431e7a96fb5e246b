/** Versions of what a lab is made of, for the run record. */
import { execFileSync } from 'node:child_process';

const tools: readonly (readonly [name: string, file: string, argument: string, pattern: RegExp])[] = [
  ['frr', '/usr/lib/frr/bgpd', '--version', /version (\S+)/],
  ['runc', 'runc', '--version', /version (\S+)/],
  ['iproute2', 'ip', '-V', /iproute2-([^,\s]+)/],
  ['etcd', 'etcd', '--version', /etcd Version: (\S+)/],
];

/** By name; a tool that is not there or says nothing is left out. */
export function toolVersions(): Readonly<Record<string, string>> {
  const found: Record<string, string> = { node: process.versions.node };
  for (const [name, file, argument, pattern] of tools) {
    try {
      const version = pattern.exec(
        execFileSync(file, [argument], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 }),
      );
      if (version?.[1] !== undefined) found[name] = version[1];
    } catch {
      // Not installed: what needs it says so itself.
    }
  }
  return Object.freeze(found);
}
