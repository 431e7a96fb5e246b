/** A node's FRR, however it is reached: here over its vty sockets, in `ssh-frr.ts` over SSH. What it is asked is in the files named by topic: `bgp.ts`, `zebra.ts`, `bfd.ts`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, Vty, type VtyOptions } from './vty.ts';

/** What the typed functions ask of a router. */
export interface Frr {
  readonly node: string;
  vty(daemon: Daemon): DaemonVty;
  /** Daemons that can be asked. */
  daemons(): readonly Daemon[] | Promise<readonly Daemon[]>;
  close(): void;
}

/** One daemon's command line, in enable mode. */
export interface DaemonVty {
  /** Runs one command and returns its text. @throws VtyError naming node and daemon */
  command(line: string): Promise<string>;
  /** Runs one `show ... json` command. @throws VtyError as `command`, and where the answer is no JSON */
  json(line: string): Promise<unknown>;
}

/** FRR on this host, held open: one vty a daemon. */
export interface LocalFrr extends Frr {
  /** The vty of a daemon; connects when it is first used. */
  vty(daemon: Daemon): Vty;
  /** Daemons that have a socket now: those that run, and those that died without removing it. */
  daemons(): readonly Daemon[];
}

export const DAEMONS: readonly Daemon[] = Object.freeze(['zebra', 'mgmtd', 'bgpd', 'bfdd', 'staticd', 'watchfrr']);

/**
 * Opens a node's FRR; connects to nothing yet.
 * @param vtyDir folder with the daemons' vty sockets as the host sees it (`LabNode.vtyDir`)
 */
export function openFrr(node: string, vtyDir: string, options: Omit<VtyOptions, 'node'> = {}): LocalFrr {
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
