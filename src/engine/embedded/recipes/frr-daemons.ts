/** Which FRR daemons a node runs, with what options and configuration. */
import { existsSync } from 'node:fs';
import { type FrrConfig, parseFrrConfig, splitByDaemon } from 'frr-config';

export const DAEMON_DIR = '/usr/lib/frr';

const DEFAULT_DAEMONS = ['zebra', 'bgpd', 'bfdd', 'staticd'];
const DEFAULT_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  zebra: ['-A', '127.0.0.1', '-s', '90000000'],
};

/** `/etc/frr/daemons`, read. */
export interface DaemonsFile {
  /** Daemons that the file turns on; undefined where there is no file. */
  readonly enabled: ReadonlySet<string> | undefined;
  readonly options: ReadonlyMap<string, readonly string[]>;
}

export interface Daemon {
  readonly name: string;
  readonly options: readonly string[];
  /** Its configuration; empty where vtysh loads the integrated one. */
  readonly text: string;
}

export interface DaemonChoice {
  /** zebra first. */
  readonly daemons: readonly Daemon[];
  /** vtysh has to load `/etc/frr/frr.conf`, because it holds statements that cannot be shared out among the daemons. */
  readonly integrated: boolean;
  readonly warnings: readonly string[];
}

/** Reads `NAME=yes` and `NAME_options="..."`; `--daemon` is left out of the options. */
export function readDaemonsFile(text: string | undefined): DaemonsFile {
  if (text === undefined) return { enabled: undefined, options: new Map() };
  const enabled = new Set<string>();
  const options = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) continue;
    const bare = value.replace(/^(["'])(.*)\1.*$/, '$2').trim();
    if (name.endsWith('_options')) {
      const words = bare.split(/\s+/).filter((word) => word !== '' && word !== '--daemon' && word !== '-d');
      options.set(name.slice(0, -'_options'.length), words);
    } else if (/^(yes|true|1)$/i.test(bare) && /d$|^zebra$/.test(name)) {
      enabled.add(name);
    }
  }
  return { enabled, options };
}

/**
 * Decides what runs. Daemons that the `daemons` file turns on, or zebra, bgpd, bfdd and staticd where there is none; of those, staticd
 * only where there are static routes and bfdd only where BFD is used, as far as the configuration is understood. As FRR itself does,
 * zebra and (where it has work) staticd run whatever the file says.
 * @param read gives the text of a file as the node sees it
 * @param installed whether this host has a daemon
 */
export function chooseDaemons(
  file: DaemonsFile,
  read: (path: string) => string | undefined,
  installed: (daemon: string) => boolean = (daemon) => existsSync(`${DAEMON_DIR}/${daemon}`),
): DaemonChoice {
  const integratedText = read('/etc/frr/frr.conf');
  const config = integratedText === undefined ? undefined : parseFrrConfig(integratedText);
  const texts = config === undefined ? ownFiles(read) : shareOut(config);
  const isIdle = (name: string) => {
    if (texts === undefined) return false;
    if (name === 'bgpd' && file.enabled !== undefined) return false;
    if (!['bgpd', 'bfdd', 'staticd'].includes(name)) return false;
    return config === undefined ? !texts.has(name) : !hasWork(name, config);
  };
  const warnings: string[] = [];
  const wanted = new Set(['zebra', 'staticd', ...(file.enabled ?? DEFAULT_DAEMONS)]);
  wanted.delete('watchfrr');
  const daemons: Daemon[] = [];
  for (const name of wanted) {
    if (isIdle(name)) continue;
    if (!installed(name)) {
      warnings.push(`daemon ${name} is not in this host's FRR and does not run`);
      continue;
    }
    const options = file.options.get(name) ?? DEFAULT_OPTIONS[name] ?? ['-A', '127.0.0.1'];
    daemons.push({ name, options, text: texts?.get(name) ?? '' });
  }
  for (const name of ['bgpd', 'bfdd']) {
    if (config !== undefined && !wanted.has(name) && hasWork(name, config)) {
      warnings.push(`the configuration needs ${name}, which /etc/frr/daemons does not turn on`);
    }
  }
  return { daemons, integrated: texts === undefined, warnings };
}

function hasWork(name: string, config: FrrConfig): boolean {
  const bgp = config.bgp ?? [];
  if (name === 'bgpd') return bgp.length > 0;
  if (name === 'staticd') return (config.staticRoutes ?? []).length > 0;
  const peers = bgp.flatMap(({ neighbors = [], peerGroups = [] }) => [...neighbors, ...peerGroups]);
  const mentioned = (config.unknown ?? []).some(({ context, text }) => /\bbfd\b/.test([...context, text].join(' ')));
  return mentioned || (config.bfdProfiles ?? []).length > 0 || peers.some(({ bfd, bfdProfile }) => bfd || bfdProfile);
}

/** Texts by daemon; undefined where the integrated configuration holds something unknown. */
function shareOut(config: FrrConfig): Map<string, string> | undefined {
  const split = splitByDaemon(config);
  return split === undefined ? undefined : new Map(Object.entries(split));
}

/** The older way: one file a daemon, which FRR reads where there is no integrated one. */
function ownFiles(read: (path: string) => string | undefined): Map<string, string> {
  const texts = new Map<string, string>();
  for (const name of [
    'zebra',
    'bgpd',
    'bfdd',
    'staticd',
    'ospfd',
    'ospf6d',
    'isisd',
    'ldpd',
    'pimd',
    'ripd',
    'ripngd',
  ]) {
    const text = read(`/etc/frr/${name}.conf`);
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}
