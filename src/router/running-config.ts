/** What a node's daemons run with, in their own words. */
import type { Frr } from './frr.ts';
import type { Daemon } from './vty.ts';

export interface DaemonConfig {
  readonly daemon: Daemon;
  /** Such as `8.4.4`. */
  readonly version: string;
  /** `show running-config` of this daemon alone, without its remarks. */
  readonly config: string;
}

/**
 * Version and running configuration of every daemon of a node that has one.
 * @throws VtyError, also where a daemon died and left its socket behind
 */
export async function runningConfig(frr: Frr): Promise<readonly DaemonConfig[]> {
  const configured = (await frr.daemons()).filter((daemon) => daemon !== 'watchfrr');
  return Promise.all(
    configured.map(async (daemon) => {
      const vty = frr.vty(daemon);
      const version = /FRRouting (\S+)/.exec(await vty.command('show version'))?.[1] ?? 'unknown';
      return { daemon, version, config: statements(await vty.command('show running-config')) };
    }),
  );
}

/** Without the heading (`Building configuration...`), without lines that only remark or separate, and without what vtysh adds of its own. */
function statements(printed: string): string {
  const lines = printed.split('\n').filter((line) => !/^\s*(!.*)?$/.test(line));
  const heading =
    /^(Building configuration|Current configuration|Configuration saved|service integrated-vtysh-config$|end$)/;
  return `${lines.filter((line) => !heading.test(line)).join('\n')}\n`;
}
