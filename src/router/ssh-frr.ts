/** A remote router's FRR: `vtysh` over SSH, so that all that is asked over vty sockets can be asked of hardware. */
import type { ExecResult } from '../engine/engine.ts';
import { DAEMONS, type DaemonVty, type Frr } from './frr.ts';
import type { Ssh } from './ssh.ts';
import { type Daemon, VtyError } from './vty.ts';

export interface SshFrrOptions {
  /** How the user starts vtysh. Default `['vtysh']`; `['sudo', '-n', 'vtysh']` where only root may. */
  readonly vtysh?: readonly string[];
  /** Milliseconds that one answer may take. Default 10,000. */
  readonly timeoutMs?: number;
}

const ANSWER_MS = 10_000;
/** vtysh's word for a command that a daemon does not take; its exit status is not 0 for all of them. */
const REFUSED = /^% (?:Unknown command|Ambiguous command|Command incomplete|There is no matched command)/m;

/**
 * FRR behind an SSH connection. Commands run one at a time, in the order of the calls; `close` closes the connection too.
 * @example const sessions = await bgpSessions(sshFrr(await openSsh({ host: 'leaf1', ... })))
 */
export function sshFrr(ssh: Ssh, options: SshFrrOptions = {}): Frr {
  const { vtysh = ['vtysh'], timeoutMs = ANSWER_MS } = options;
  let queue: Promise<unknown> = Promise.resolve();
  const run = (...args: readonly string[]): Promise<ExecResult> => {
    const result = queue.then(() => ssh.exec([...vtysh, ...args], { timeoutMs }));
    queue = result.catch(() => {});
    return result;
  };
  return Object.freeze({
    node: ssh.node,
    vty: (daemon: Daemon): DaemonVty => daemonVty(ssh.node, daemon, run),
    async daemons() {
      const { code, stdout, stderr } = await run('-c', 'show daemons');
      if (code !== 0) throw new VtyError(ssh.node, 'vtysh', `"show daemons": ${said({ code, stdout, stderr })}`);
      const running = new Set(stdout.split(/\s+/));
      return DAEMONS.filter((daemon) => running.has(daemon));
    },
    close: () => ssh.close(),
  });
}

function daemonVty(node: string, daemon: Daemon, run: (...args: readonly string[]) => Promise<ExecResult>): DaemonVty {
  const command = async (line: string): Promise<string> => {
    // vtysh would run each line as a command of its own.
    if (/[\r\n]/.test(line)) throw new TypeError('a vty command is one line');
    const result = await run('-d', daemon, '-c', line);
    if (result.code === 0 && !REFUSED.test(result.stdout)) return result.stdout;
    throw new VtyError(node, daemon, `"${line}": ${said(result)}`);
  };
  return {
    command,
    async json(line) {
      const text = await command(line);
      try {
        return JSON.parse(text.trim() === '' ? '{}' : text);
      } catch (cause) {
        throw new VtyError(node, daemon, `"${line}" answered no JSON: ${text.slice(0, 120)}`, { cause });
      }
    },
  };
}

function said({ code, stdout, stderr }: ExecResult): string {
  return `vtysh ended with ${code}: ${`${stdout.trim()} ${stderr.trim()}`.trim().slice(0, 300)}`;
}
