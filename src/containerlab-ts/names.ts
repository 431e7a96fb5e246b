/** Names that a topology gives to things, and which of them are safe as names of containers, hosts, folders and interfaces. */
import { dirname, join, resolve } from 'node:path';

/** Of a lab, a prefix or a node: also a host name and part of a folder's and a container's name. */
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** A host name's label (RFC 1123 section 2.1); three of them, joined, stay below the 255 bytes of a file's name. */
const LONGEST_NAME = 63;
/** IFNAMSIZ of Linux, less the closing zero. */
const LONGEST_INTERFACE = 15;
/** ALTIFNAMSIZ of Linux, less the closing zero. */
const LONGEST_OTHER_INTERFACE = 127;

/** Names that stand for something other than a node at a link's end. */
export const SPECIAL_NODES: ReadonlySet<string> = new Set(['host', 'mgmt-net', 'macvlan']);

const TAKEN_INTERFACES: ReadonlySet<string> = new Set(['lo', 'all', 'default']);

/** The prefix of container names where the topology has none. */
export const DEFAULT_PREFIX = 'clab';

/**
 * Name of a node's container: `<prefix>-<lab>-<node>`; `<node>` where the prefix is empty; `<lab>-<node>` where it is `__lab-name`.
 *
 * @example containerName({ name: 'pod', prefix: 'clab' }, 'leaf-1') // 'clab-pod-leaf-1'
 */
export function containerName(topology: { readonly name: string; readonly prefix: string }, node: string): string {
  if (topology.prefix === '') return node;
  if (topology.prefix === '__lab-name') return `${topology.name}-${node}`;
  return `${topology.prefix}-${topology.name}-${node}`;
}

/** The lab's folder: `clab-<lab>` beside the topology file. Absolute. */
export function labDirectory(topology: { readonly name: string; readonly file: string }): string {
  return join(dirname(resolve(topology.file)), `clab-${topology.name}`);
}

/** A node's folder within the lab's. Absolute. */
export function nodeDirectory(topology: { readonly name: string; readonly file: string }, node: string): string {
  return join(labDirectory(topology), node);
}

/** What is wrong with the name of a lab or node, as the end of a sentence; undefined where nothing is. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > LONGEST_NAME)
    return `has ${name.length} characters, and ${LONGEST_NAME} is the most a host name can have`;
  if (!SAFE_NAME.test(name))
    return 'has characters that are not letters, digits, ".", "_" or "-", or does not start with a letter or digit';
  return undefined;
}

/**
 * What is wrong with an interface's name, as the end of a sentence; undefined where nothing is.
 * Other kinds than `linux` have vendors' names such as `ethernet-1/1`.
 */
export function interfaceFault(name: string, kind: string): string | undefined {
  const most = kind === 'linux' ? LONGEST_INTERFACE : LONGEST_OTHER_INTERFACE;
  const safe = kind === 'linux' ? /^[A-Za-z0-9_][A-Za-z0-9._-]*$/ : /^[A-Za-z0-9_][A-Za-z0-9._/-]*$/;
  if (name === '') return 'is empty';
  if (name.length > most) return `has ${name.length} characters, and ${most} is the most an interface's name can have`;
  if (!safe.test(name)) return 'has characters that are not letters, digits, ".", "_" or "-"';
  if (TAKEN_INTERFACES.has(name)) return 'is a name that the kernel uses for something else';
  return undefined;
}

/** A name as it may stand in a message: quoted, control characters escaped, shortened. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
}

/** The candidate that somebody who wrote `name` most likely meant, or undefined where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > 40) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein's distance: single-character insertions, deletions and substitutions. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
