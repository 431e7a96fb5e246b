/** Command lines for people who look into a running lab. */
import type { LabEndpoint, RunningLab } from '../engine.ts';
import { runcRoot } from './paths.ts';
import type { Program } from './recipes/index.ts';
import { requirePrograms } from './tools.ts';

const FOR_CAPTURES: readonly Program[] = [
  { path: 'ip', package: 'iproute2' },
  { path: 'tcpdump', package: 'tcpdump' },
];

export interface CaptureOptions {
  /** Where the pcap goes; `-` is standard output. */
  readonly file: string;
  /** Packets after which it ends; absent: until it is told to. */
  readonly count?: number;
}

/** An interactive shell on a node, for a terminal. */
export function shellArgv(lab: RunningLab, node: string): string[] {
  return ['runc', '--root', runcRoot(lab.name), 'exec', '--tty', lab.node(node).container, '/bin/bash'];
}

/** A capture of one link end in pcap format, both directions. @throws MissingError without tcpdump */
export function captureArgv(lab: RunningLab, end: LabEndpoint, { file, count }: CaptureOptions): string[] {
  requirePrograms(FOR_CAPTURES);
  const limit = count === undefined ? [] : ['-c', `${count}`];
  const { container } = lab.node(end.node);
  return ['ip', 'netns', 'exec', container, 'tcpdump', '-i', end.interface, '-n', '-U', ...limit, '-w', file];
}
