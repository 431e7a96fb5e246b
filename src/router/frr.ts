/** A node's FRR, held open: one vty a daemon. What it is asked is in the files named by topic: `bgp.ts`, `zebra.ts`, `bfd.ts`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, Vty, type VtyOptions } from './vty.ts';

export interface Frr {
  readonly node: string;
  /** The vty of a daemon; connects when it is first used. */
  vty(daemon: Daemon): Vty;
  /** Daemons that have a socket now: those that run, and those that died without removing it. */
  daemons(): readonly Daemon[];
  close(): void;
}

const DAEMONS: readonly Daemon[] = ['zebra', 'mgmtd', 'bgpd', 'bfdd', 'staticd', 'watchfrr'];

/**
 * Opens a node's FRR; connects to nothing yet.
 * @param vtyDir folder with the daemons' vty sockets as the host sees it (`LabNode.vtyDir`)
 */
export function openFrr(node: string, vtyDir: string, options: Omit<VtyOptions, 'node'> = {}): Frr {
  const open = new Map<Daemon, Vty>();
  return Object.freeze({
    node,
    vty(daemon: Daemon) {
      const vty = open.get(daemon) ?? new Vty(vtyDir, daemon, { node, ...options });
      open.set(daemon, vty);
      return vty;
    },
    daemons: () => DAEMONS.filter((daemon) => existsSync(join(vtyDir, `${daemon}.vty`))),
    close() {
      for (const vty of open.values()) vty.close();
    },
  });
}
