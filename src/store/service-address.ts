/**
 * Floating service addresses: a host route that whoever serves announces, so that a fail-over is a routing event. The address is on the
 * node's `lo` and in its bgpd, neither in its configuration: a node that lost its power comes back without it.
 */
import type { RunningLab } from '../engine/engine.ts';
import { nowMs } from '../linux/clock.ts';
import { readLinks } from '../linux/link.ts';
import { NetlinkSocket } from '../linux/netlink.ts';
import { setHostAddress } from '../linux/netlink-address.ts';
import { openFrr, originates } from '../router/index.ts';
import { Vty, VtyError } from '../router/vty.ts';

/** How long bgpd may take to put an announcement into its table. */
const TABLE_MS = 1000;

export interface ServiceAddressOptions {
  /** Milliseconds that bgpd may take to answer. Default 1,000. */
  readonly timeoutMs?: number;
}

/**
 * Puts an address on a node's `lo` and has its bgpd announce it. What is announced already is announced still.
 * @param address without prefix length, of the pools `service4` or `service6`: others do not leave the rack's leaf
 * @returns the CLOCK_MONOTONIC instant (ms) at which bgpd had it
 * @throws Error where the node has no power, runs no FRR, or its bgpd does not take the address: it is not on `lo` then either
 */
export async function announce(
  lab: RunningLab,
  node: string,
  address: string,
  options: ServiceAddressOptions = {},
): Promise<{ readonly atMs: number }> {
  // First the address: what arrives for one that nobody has is answered with an error.
  onLoopback(lab, node, address, true);
  try {
    await tellBgp(lab, node, address, true, options);
    return { atMs: nowMs() };
  } catch (error) {
    onLoopback(lab, node, address, false);
    throw error;
  }
}

/**
 * Has a node's bgpd announce an address that the node does not have yet, so that the routes are there when it takes it with `announce`.
 * What arrives before that is answered with an error. `withdraw` ends it.
 * @returns and throws as `announce`
 */
export async function announceAhead(
  lab: RunningLab,
  node: string,
  address: string,
  options: ServiceAddressOptions = {},
): Promise<{ readonly atMs: number }> {
  await tellBgp(lab, node, address, true, options);
  return { atMs: nowMs() };
}

/**
 * Takes an address from a node: it goes from `lo` at once, whatever bgpd says, and bgpd withdraws it. Taking what is not there is no error.
 * @returns the CLOCK_MONOTONIC instant (ms) at which both were done
 * @throws VtyError where bgpd did not confirm: other routers may still send to the node, which no longer has the address
 */
export async function withdraw(
  lab: RunningLab,
  node: string,
  address: string,
  options: ServiceAddressOptions = {},
): Promise<{ readonly atMs: number }> {
  // First the address: a bgpd that hangs must not keep a node serving that gave up.
  onLoopback(lab, node, address, false);
  await tellBgp(lab, node, address, false, options);
  return { atMs: nowMs() };
}

/** `10.96.0.7/32` of `10.96.0.7`. */
export function hostPrefix(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

function onLoopback(lab: RunningLab, node: string, address: string, present: boolean): void {
  const socket = new NetlinkSocket(lab.node(node).netns);
  try {
    const lo = readLinks(socket).find(({ loopback }) => loopback);
    if (lo === undefined) throw new Error('there is no loopback interface');
    if (present && !lo.adminUp) throw new Error('lo is down: the node has no power');
    setHostAddress(socket, lo.index, address, present);
  } catch (cause) {
    throw new Error(`${node}: ${hostPrefix(address)} on lo: ${(cause as Error).message}`, { cause });
  } finally {
    socket.close();
  }
}

async function tellBgp(
  lab: RunningLab,
  node: string,
  address: string,
  present: boolean,
  { timeoutMs = 1000 }: ServiceAddressOptions,
): Promise<void> {
  const { vtyDir } = lab.node(node);
  if (vtyDir === undefined) throw new Error(`${node} runs no FRR, so it cannot announce ${address}`);
  const prefix = hostPrefix(address);
  const frr = openFrr(node, vtyDir, { timeoutMs });
  try {
    // On other connections than its own, a node's configuration mode would be shared with whoever configures it at the same time.
    const has = () => originates(frr, prefix);
    if ((await has()) === present) return;
    await configure(vtyDir, node, timeoutMs, [
      'router bgp',
      `address-family ipv${address.includes(':') ? 6 : 4} unicast`,
      `${present ? '' : 'no '}network ${prefix}`,
    ]);
    const deadline = nowMs() + TABLE_MS;
    while ((await has()) !== present) {
      if (nowMs() > deadline) {
        throw new VtyError(node, 'bgpd', `${prefix} is ${present ? 'not' : 'still'} in its table after ${TABLE_MS} ms`);
      }
    }
  } finally {
    frr.close();
  }
}

async function configure(vtyDir: string, node: string, timeoutMs: number, lines: readonly string[]): Promise<void> {
  const vty = new Vty(vtyDir, 'bgpd', { node, timeoutMs });
  try {
    for (const line of ['configure terminal', ...lines, 'end']) await vty.command(line);
  } finally {
    vty.close();
  }
}
