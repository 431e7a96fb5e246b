/** Which FRR daemons a node runs, with what options and configuration. */
import { existsSync } from 'node:fs';
import { parseFrrConfig, splitByDaemon } from 'frr-config';

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
  const texts = integratedText === undefined ? ownFiles(read) : shareOut(integratedText);
  const warnings: string[] = [];
  const wanted = new Set(['zebra', 'staticd', ...(file.enabled ?? DEFAULT_DAEMONS)]);
  wanted.delete('watchfrr');
  const daemons: Daemon[] = [];
  for (const name of wanted) {
    if (texts !== undefined && isIdle(name, texts.get(name), file)) continue;
    if (!installed(name)) {
      warnings.push(`daemon ${name} is not in this host's FRR and does not run`);
      continue;
    }
    const options = file.options.get(name) ?? DEFAULT_OPTIONS[name] ?? ['-A', '127.0.0.1'];
    daemons.push({ name, options, text: texts?.get(name) ?? '' });
  }
  for (const [name, text] of texts ?? []) {
    if (text !== '' && !wanted.has(name)) {
      warnings.push(`${name} has configuration but /etc/frr/daemons does not turn it on`);
    }
  }
  return { daemons, integrated: texts === undefined, warnings };
}

/** A daemon that would have nothing to do: what its configuration says is all in the text that every daemon gets. */
function isIdle(name: string, text: string | undefined, file: DaemonsFile): boolean {
  if (name === 'staticd' || name === 'bfdd') return text === undefined || text === '';
  return name === 'bgpd' && file.enabled === undefined && (text === undefined || text === '');
}

/** Texts by daemon; undefined where the integrated configuration holds something unknown. */
function shareOut(text: string): Map<string, string> | undefined {
  const split = splitByDaemon(parseFrrConfig(text));
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
