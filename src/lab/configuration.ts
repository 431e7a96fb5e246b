/** A running router's configuration, between its daemons and the file that it started from. */
import { existsSync, readFileSync } from 'node:fs';
import type { Topology } from 'containerlab-ts';
import { frrConfFile } from '../check/index.ts';
import type { RunningLab } from '../engine/engine.ts';
import { InputError, MissingError } from '../errors.ts';

const RELOADER = '/usr/lib/frr/frr-reload.py';

/** The host's file behind a node's `/etc/frr/frr.conf`. @throws InputError where the node binds none */
export function configFileOf(topology: Topology, node: string): string {
  const spec = topology.nodes.find(({ name }) => name === node);
  const file = spec && frrConfFile(spec);
  if (file !== undefined) return file;
  throw new InputError(
    `${topology.file}: ${node} binds no file to /etc/frr/frr.conf, so there is nothing to save to or reload from`,
  );
}

/** What the daemons of a router run now, as one `frr.conf`. @throws Error where they do not answer */
export async function runningText(lab: RunningLab, node: string): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(node, ['vtysh', '-c', 'show running-config']);
  const begin = stdout.indexOf('frr version');
  if (code !== 0 || begin < 0) throw new Error(`${node}: vtysh shows no running configuration: ${stderr.trim()}`);
  // vtysh adds a setting of its own, which no daemon runs.
  return stdout
    .slice(begin)
    .replace(/\s*\n?end\s*$/, '\n')
    .replace(/^service integrated-vtysh-config\n/m, '');
}

export interface Reload {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Lines that FRR did not take. */
  readonly refused: readonly string[];
}

/**
 * Applies a node's configuration file to its running daemons, by FRR's own reloader.
 * @throws MissingError without FRR's reloader; InputError where FRR cannot read the file
 */
export async function reloadNode(lab: RunningLab, node: string): Promise<Reload> {
  if (!existsSync(RELOADER)) throw new MissingError(`reload needs ${RELOADER}: apt-get install frr-pythontools`);
  const file = configFileOf(lab.topology, lab.node(node).name);
  // The node's own bind may still hold the file as it was: editors replace files rather than write into them.
  // In a folder of its own, told as FRR's: from elsewhere the reloader writes the node's file anew, through its bind, comments and all.
  const folder = '/tmp/leafstorm-reload';
  const inside = `${folder}/frr.conf`;
  await lab.exec(node, ['mkdir', '-p', folder]);
  await lab.exec(node, ['tee', inside], { input: readFileSync(file, 'utf8') });
  const reloader = [RELOADER, '--confdir', folder, '--stdout', inside];
  const test = await lab.exec(node, [...reloader, '--test']);
  if (test.code !== 0) throw new InputError(refusals(file, test.stdout + test.stderr));
  const { removed, added } = differenceOf(test.stdout);
  const { code, stdout, stderr } = await lab.exec(node, [...reloader, '--reload']);
  const refused = code === 0 ? [] : lastLines(stdout + stderr).split('\n');
  return Object.freeze({ removed, added, refused });
}

/** `vtysh` names the lines that it does not know; the reloader quotes it among its own log. */
function refusals(file: string, text: string): readonly string[] {
  const lines = [...text.matchAll(/line (\d+): % ([^\\\n]*)/g)].map(
    ([, line, what = '']) =>
      `${file}:${line}: FRR refuses it: ${what.trim().replaceAll(/\s+/g, ' ')}; nothing was applied`,
  );
  return lines.length > 0 ? lines : [`${file}: FRR cannot read it: ${lastLines(text)}`];
}

/** The reloader lists `Lines To Delete` and `Lines To Add`, each under a rule of `=`. */
function differenceOf(text: string): Pick<Reload, 'removed' | 'added'> {
  const result: Record<'removed' | 'added', string[]> = { removed: [], added: [] };
  let section: 'removed' | 'added' | undefined;
  for (const line of text.split('\n')) {
    if (/^Lines To Delete/.test(line)) section = 'removed';
    else if (/^Lines To Add/.test(line)) section = 'added';
    else if (section !== undefined && line.trim() !== '' && !/^=+$/.test(line.trim()))
      result[section].push(line.trimEnd());
  }
  return result;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}
