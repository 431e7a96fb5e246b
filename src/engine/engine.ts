/** What every engine offers: the same on namespaces, containers, a cluster or hardware. */
import type { Topology } from 'containerlab-ts';

/** Netfilter tables of faults of the network begin so: the power of the node that they happen to sit in does not touch them. */
export const FAULT_TABLE_PREFIX = 'leafstorm-';

export interface Engine {
  readonly name: 'embedded' | 'containerlab' | 'clabernetes' | 'bench';
  /**
   * Makes the topology real: nodes, links verified, start-up commands run. All or nothing: what a failed deploy made is removed.
   * @throws InputError (bad topology, lab already running), MissingError (a package), Error (the host refused)
   */
  deploy(topology: Topology, options: DeployOptions): Promise<RunningLab>;
  /** Throws what `deploy` would refuse before it makes anything. @throws InputError, MissingError */
  preflight(topology: Topology): Promise<void>;
  /** A lab that is already running, also one that another process deployed. @throws InputError where there is none */
  attach(name: string): Promise<RunningLab>;
  /** Names of the labs that this engine has on this host, running or broken. */
  labs(): Promise<readonly string[]>;
  /** Removes all that carries the lab's name, whatever state it is in. With `cleanup`, its folder as well. Never fails because something is gone already. */
  destroy(name: string, options?: { readonly cleanup?: boolean }): Promise<void>;
}

export interface DeployOptions {
  /** Nodes started at the same time; default: the number of processors. */
  readonly pace?: number;
  /** Seeds what must differ between nodes but repeat between runs: MAC addresses, ECMP hash seeds. */
  readonly seed: number;
  /** Told of each phase as it begins and of host state that is changed. */
  readonly say?: (line: string) => void;
}

/** A topology running on an engine. */
export interface RunningLab {
  readonly name: string;
  readonly engine: Engine['name'];
  /** Folder of everything that the lab has on this host. */
  readonly dir: string;
  readonly topology: Topology;
  readonly nodes: readonly LabNode[];
  readonly links: readonly LabLink[];
  node(name: string): LabNode;
  link(name: string): LabLink;
  /** Runs one argv inside a node; no shell between. Never rejects because of the exit status. */
  exec(node: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Starts a process inside a node that outlives the call; gone with the node. Its output goes to `<node.dir>/log/<name>.log`. */
  spawn(node: string, name: string, argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<void>;
  /** Kills every process of a program inside a node (SIGKILL), by the name of its executable. Returns how many there were. */
  kill(node: string, program: string): Promise<number>;
  /** Every process of a node, PID 1 of the node included; empty where it is off. */
  processes(node: string): Promise<readonly NodeProcess[]>;
  /** Starts again, as the node's recipe started it, a program that was killed. Resolves when the process runs. @throws Error where the recipe knows no such program */
  startProgram(node: string, program: string): Promise<void>;
  /** Freezes all processes of a node; its kernel goes on forwarding. */
  pause(node: string): Promise<void>;
  unpause(node: string): Promise<void>;
  /**
   * Power off, as `facts.md` orders it: links down first, then the disks forget what was not flushed, then every process is killed, then the kernel state is emptied.
   * Nodes of one call lose power at the same instant (one rack). Resolves when all is off, with the CLOCK_MONOTONIC instant (ms) at which the links were down.
   */
  powerOff(nodes: readonly string[]): Promise<{ readonly atMs: number }>;
  /** Power on: disks mounted again (journal replayed), processes started, links up. */
  powerOn(nodes: readonly string[]): Promise<void>;
  /** Puts new, empty disks in the place of a node's own. @throws Error where its power is on */
  replaceDisks(node: string): Promise<void>;
  /** Slows every disk of a node down, or lifts that with undefined; a power cut lifts it too. @throws Error where the host cannot */
  throttleDisks(node: string, throttle: DiskThrottle | undefined): Promise<{ readonly atMs: number }>;
  /**
   * Runs one argv on the host while the disks of a node are mounted at their `hostPath`, seen by nobody else; they are at rest again when it resolves.
   * @throws Error where the node's power is on: its disks are not at rest
   */
  onDisks(node: string, argv: readonly string[]): Promise<ExecResult>;
  /** Takes one end of a link down (the peer loses carrier at once) or up again. Returns the CLOCK_MONOTONIC instant (ms) after the kernel did it. */
  setLink(link: string, state: 'up' | 'down'): Promise<{ readonly atMs: number }>;
  /** Replaces all impairments of a link, or removes them with `{}`. Carrier stays. */
  impair(link: string, impairment: Impairment): Promise<{ readonly atMs: number }>;
  /** Packets and bytes that the current impairment of a link has dropped, by direction. */
  dropped(link: string): Promise<{ readonly aToZ: number; readonly zToA: number }>;
  /** Live state of the link as the kernel tells it, both ends. */
  linkState(link: string): Promise<LinkState>;
  destroy(options?: { readonly cleanup?: boolean }): Promise<void>;
}

export interface NodeProcess {
  /** As the host counts. */
  readonly pid: number;
  /** Name of its executable, such as `bgpd`. */
  readonly program: string;
}

export interface LabNode {
  readonly name: string;
  /** Container name, `clab-<lab>-<node>` unless the topology's prefix says otherwise. */
  readonly container: string;
  readonly kind: string;
  readonly group: string;
  readonly image: string;
  /** Recipe that the image maps to. */
  readonly recipe: string;
  /** Path of the network namespace; opening it and `setns` enters the node's network. */
  readonly netns: string;
  /** Folder of the node's state on this host: `root/`, `log/`. */
  readonly dir: string;
  /** Folder with the FRR daemons' vty sockets as the host sees it; absent where the node runs no FRR. */
  readonly vtyDir?: string;
  /** Disks of its own, in the order of its label. */
  readonly disks: readonly NodeDisk[];
}

export interface NodeDisk {
  /** Inside the node. */
  readonly mountPoint: string;
  readonly bytes: number;
  readonly kind: 'safe' | 'cached' | 'lying';
  /** Where `onDisks` mounts it. */
  readonly hostPath: string;
}

export interface DiskThrottle {
  /** Reads, and writes, a second. */
  readonly operationsPerSecond: number;
}

export interface LabLink {
  /** `<node>:<interface>--<node>:<interface>`, as the topology orders the ends. */
  readonly name: string;
  readonly a: LabEndpoint;
  readonly z: LabEndpoint;
  readonly mtu: number;
}

export interface LabEndpoint {
  readonly node: string;
  readonly interface: string;
}

export interface LinkState {
  readonly a: EndState;
  readonly z: EndState;
}

export interface EndState {
  readonly exists: boolean;
  readonly adminUp: boolean;
  readonly carrier: boolean;
  readonly mtu: number;
}

/** Absent fields do not impair. Directions apart, so that a link can be silent or lossy one way only. */
export interface Impairment {
  /** Share of packets dropped, 0 to 1; 1 is a silent link. */
  readonly loss?: { readonly aToZ?: number; readonly zToA?: number };
  /** Bits a second, both ways. */
  readonly rate?: number;
}

export interface ExecOptions {
  /** Milliseconds; after it the process is killed and `code` is 124. Default 60,000. */
  readonly timeoutMs?: number;
  readonly input?: string;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
