/** A plain Linux host: for `exec:` commands, clients and stores. */
import type { Recipe } from './recipe.ts';

/** Runs the given command, if any, and then reaps orphans until the node ends. */
const INIT = `if [ $# -gt 0 ]; then "$@" & fi
while :; do sleep infinity & wait $!; done`;

export const host: Recipe = Object.freeze({
  name: 'host',
  images: Object.freeze([
    'network-multitool',
    'netshoot',
    'alpine',
    'alpine-host',
    'alpine-frr-host',
    'debian',
    'ubuntu',
    'busybox',
    'iperf3',
    'linux',
  ]),
  programs: Object.freeze([]),
  router: false,
  prepare: (node) => ({
    argv: ['/bin/sh', '-c', INIT, 'init', ...node.entrypoint, ...node.cmd],
    reportsReady: false,
    restarts: {},
    warnings: [],
  }),
} satisfies Recipe);
