/** A router: FRRouting from the host's package, configured by the files that the node's binds put into `/etc/frr`. */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemUser } from '../system-users.ts';
import { chooseDaemons, DAEMON_DIR, readDaemonsFile } from './frr-daemons.ts';
import { prepareManagement } from './management.ts';
import type { Prepared, Recipe, RecipeNode } from './recipe.ts';
import { READY_FILE } from './recipe.ts';

/**
 * Process 1. $1: `vtysh` where the integrated configuration is to be loaded by vtysh; the other arguments are one daemon's command each,
 * of which the first $2 run one after another: what manages the router, then zebra, without whose socket the others give up for 10 s.
 * Each returns once its daemon listens. Words are split at blanks and nothing is expanded, as FRR's own start script does it.
 */
const INIT = `set -f
mode=$1; first=$2; shift 2
failed=
while [ $first -gt 0 ]; do $1 || failed="$failed $1;"; shift; first=$((first - 1)); done
started=
for daemon; do $daemon & started="$started $!"; done
for process in $started; do wait $process || failed="$failed a daemon after zebra;"; done
if [ "$mode" = vtysh ]; then vtysh -b || failed="$failed vtysh -b (a statement that FRR does not know?);"; fi
if [ -z "$failed" ]; then echo ok; else echo "failed:$failed"; fi > ${READY_FILE}
while :; do sleep infinity & wait $!; done`;

/** Folders that the daemons write into after they have dropped to their own user. */
const DAEMON_FOLDERS = ['run/frr', 'var/tmp/frr', 'var/lib/frr'];
const VTY_DIR = '/run/frr';
/** Inside the node: one configuration file a daemon. */
const CONFIG_DIR = '/etc/leafstorm';

export const frr: Recipe = Object.freeze({
  name: 'frr',
  images: Object.freeze(['frrouting/frr', 'frr', 'frrouting', 'frr-debian']),
  programs: Object.freeze([
    { path: `${DAEMON_DIR}/zebra`, package: 'frr' },
    { path: `${DAEMON_DIR}/bgpd`, package: 'frr' },
    { path: 'vtysh', package: 'frr' },
  ]),
  router: true,
  prepare,
} satisfies Recipe);

function prepare(node: RecipeNode): Prepared {
  const user = systemUser('frr');
  for (const path of [...DAEMON_FOLDERS.map((folder) => join(node.root, folder)), join(node.log, 'frr')]) {
    mkdirSync(path, { recursive: true });
    chownSync(path, user.uid, user.gid);
    chmodSync(path, 0o755);
  }
  // Where no bind covers it: vtysh and the daemons look for their files here.
  mkdirSync(join(node.root, 'etc/frr'), { recursive: true });
  writeFileSync(join(node.root, 'etc/frr/vtysh.conf'), 'service integrated-vtysh-config\n');
  // vtysh asks PAM whether root may use it.
  mkdirSync(join(node.root, 'etc/pam.d'), { recursive: true });
  writeFileSync(join(node.root, 'etc/pam.d/frr'), 'auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n');
  mkdirSync(join(node.root, CONFIG_DIR), { recursive: true });

  const files = readDaemonsFile(node.readFile('/etc/frr/daemons'));
  const choice = chooseDaemons(files, (path) => node.readFile(path));
  const commands = choice.daemons.map(({ name, options, text }) => {
    const file = `${CONFIG_DIR}/${name}.conf`;
    writeFileSync(join(node.root, file), text);
    return [`${DAEMON_DIR}/${name}`, '-d', ...options, '--log', `file:/var/log/frr/${name}.log`, '-f', file];
  });
  const restarts = choice.daemons.map(({ name }, at) => {
    const load = choice.integrated ? [['vtysh', '-b', '-d', name]] : [];
    return [name, [commands[at]!, ...load]] as const;
  });
  const management = prepareManagement(node);
  const warnings = [...choice.warnings];
  if (node.cmd.length + node.entrypoint.length > 0) {
    warnings.push('cmd and entrypoint have no effect on a router: its recipe starts the FRR daemons itself');
  }
  return {
    argv: [
      '/bin/sh',
      '-c',
      INIT,
      'init',
      choice.integrated ? 'vtysh' : 'files',
      `${management.length + 1}`,
      ...[...management.map(({ argv }) => argv), ...commands].map((words) => words.join(' ')),
    ],
    vtyDir: VTY_DIR,
    reportsReady: true,
    restarts: Object.fromEntries([...restarts, ...management.map(({ name, argv }) => [name, [argv]])]),
    warnings,
  };
}
