/** What `inspect` shows of a lab, shaped as containerlab's JSON. */
import { relative, resolve } from 'node:path';
import type { RunningLab } from '../engine.ts';
import { cgroupProcesses, isFrozen } from './cgroup.ts';
import { cgroupOf } from './paths.ts';

/** One node, field by field as containerlab names them. There is no management network, so the addresses are `N/A`. */
export interface InspectedNode {
  readonly lab_name: string;
  readonly labPath: string;
  readonly absLabPath: string;
  readonly name: string;
  readonly container_id: string;
  readonly image: string;
  readonly kind: string;
  readonly group: string;
  /** `running`, `paused` or `exited` (powered off, or its first process ended). */
  readonly state: string;
  readonly status: string;
  readonly ipv4_address: string;
  readonly ipv6_address: string;
  readonly owner: string;
}

/** The nodes of a lab, as they are now. */
export async function inspectJson(lab: RunningLab): Promise<readonly InspectedNode[]> {
  const file = resolve(lab.topology.file);
  return lab.nodes.map((node) => {
    const cgroup = cgroupOf(lab.name, node.name);
    const processes = cgroupProcesses(cgroup).length;
    const state = processes === 0 ? 'exited' : isFrozen(cgroup) ? 'paused' : 'running';
    return {
      lab_name: lab.name,
      labPath: relative(process.cwd(), file) || '.',
      absLabPath: file,
      name: node.container,
      container_id: node.container,
      image: node.image,
      kind: node.kind,
      group: node.group,
      state,
      status: processes === 0 ? 'off' : `${processes} processes`,
      ipv4_address: 'N/A',
      ipv6_address: 'N/A',
      owner: 'root',
    };
  });
}
