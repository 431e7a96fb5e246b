/** How a router is managed from outside: sshd where the node's binds give it `/etc/ssh/sshd_config`, snmpd where they give it `/etc/snmp/snmpd.conf`. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MissingError } from '../../../errors.ts';
import type { RecipeNode } from './recipe.ts';

interface Service {
  readonly name: string;
  /** Runs where a bind gives this file. */
  readonly config: string;
  readonly package: string;
  /** Folders that it needs, with their modes. */
  readonly folders: Readonly<Record<string, number>>;
  /** Goes into the background by itself. */
  readonly argv: readonly string[];
}

const SERVICES: readonly Service[] = [
  {
    name: 'snmpd',
    config: '/etc/snmp/snmpd.conf',
    package: 'snmpd',
    // The agent's own folder: its engine's number of starts and the users' keys.
    folders: { '/var/lib/snmp': 0o700, '/var/agentx': 0o755 },
    argv: ['/usr/sbin/snmpd', '-Lf', '/var/log/snmpd.log', '-p', '/run/snmpd.pid'],
  },
  {
    name: 'sshd',
    config: '/etc/ssh/sshd_config',
    package: 'openssh-server',
    folders: { '/run/sshd': 0o755 },
    argv: ['/usr/sbin/sshd', '-f', '/etc/ssh/sshd_config', '-E', '/var/log/sshd.log'],
  },
];

/**
 * Makes what the services of a node need and tells how each is started: before FRR, whose daemons look for the SNMP agent as they start.
 * @throws MissingError where the host has no such program
 */
export function prepareManagement(
  node: RecipeNode,
): readonly { readonly name: string; readonly argv: readonly string[] }[] {
  return SERVICES.filter(({ config }) => node.readFile(config) !== undefined).map((service) => {
    if (!existsSync(service.argv[0]!)) {
      throw new MissingError(`node ${node.name} is given ${service.config}: install the package ${service.package}`);
    }
    for (const [folder, mode] of Object.entries(service.folders)) {
      const path = join(node.root, folder);
      mkdirSync(path, { recursive: true });
      chmodSync(path, mode);
    }
    return { name: service.name, argv: service.argv };
  });
}
