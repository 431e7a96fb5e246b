/** Where a lab's state lies on this host. */
import { join } from 'node:path';

/** Namespaces are found here by `ip netns` and everybody else. */
export const NETNS_DIR = '/run/netns';

/** Folder of all labs: `/var/lib/leafstorm`, or what LEAFSTORM_STATE says. */
export function stateRoot(): string {
  return process.env['LEAFSTORM_STATE'] || '/var/lib/leafstorm';
}

export function labDir(lab: string): string {
  return join(stateRoot(), lab);
}

export function nodeDir(lab: string, node: string): string {
  return join(labDir(lab), 'nodes', node);
}

/** Folder in which runc keeps its own state of the lab's containers. */
export function runcRoot(lab: string): string {
  return join(labDir(lab), 'runc');
}

/** Held while a lab is made or removed. */
export function lockPath(lab: string): string {
  return join(stateRoot(), '.lock', lab);
}

export function netnsPath(container: string): string {
  return join(NETNS_DIR, container);
}

/** Control group of a lab, below every hierarchy's mount point. */
export function labCgroup(lab: string): string {
  return `/leafstorm/${lab}`;
}

/** Control group of a node, below its lab's. */
export function cgroupOf(lab: string, node: string): string {
  return `${labCgroup(lab)}/${node}`;
}
