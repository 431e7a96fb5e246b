/** Command lines for people who look into a running lab. */
import type { LabEndpoint, RunningLab } from '../engine.ts';
import { runcRoot } from './paths.ts';

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

/** A capture of one link end in pcap format, both directions. */
export function captureArgv(lab: RunningLab, end: LabEndpoint, { file, count }: CaptureOptions): string[] {
  const limit = count === undefined ? [] : ['-c', `${count}`];
  const { container } = lab.node(end.node);
  return ['ip', 'netns', 'exec', container, 'tcpdump', '-i', end.interface, '-n', '-U', ...limit, '-w', file];
}
