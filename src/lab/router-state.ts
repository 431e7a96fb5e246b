/** Everything that the baseline judges of one router, read from FRR and its kernel at one time. */
import { readFileSync } from 'node:fs';
import type { LabNode } from '../engine/engine.ts';
import { inNamespace } from '../linux/namespace.ts';
import {
  type BfdPeer,
  type BgpSession,
  bfdPeers,
  bgpRouterId,
  bgpSessions,
  type Disagreement,
  disagreements,
  type NodeRoutes,
  openFrr,
  openKernel,
} from '../router/index.ts';

/** What one router says of itself. */
export interface RouterState {
  readonly name: string;
  readonly sessions: readonly BgpSession[];
  readonly bfd: readonly BfdPeer[];
  readonly routerId: string | undefined;
  readonly disagreements: readonly Disagreement[];
  readonly routes: NodeRoutes;
  readonly mtus: ReadonlyMap<string, number>;
  readonly addresses: ReadonlySet<string>;
  readonly forwarding: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** Daemons that gave no answer, and why. */
  readonly silent: readonly string[];
}

/** The part that changes as sessions come up. */
export async function readSessions(
  node: LabNode,
): Promise<Pick<RouterState, 'sessions' | 'bfd' | 'routerId' | 'silent'>> {
  const frr = openFrr(node.name, node.vtyDir as string);
  const silent: string[] = [];
  const ask = <T>(question: Promise<T>, otherwise: T): Promise<T> =>
    question.catch((error: Error) => {
      silent.push(error.message);
      return otherwise;
    });
  try {
    const daemons = frr.daemons();
    const sessions = await ask<readonly BgpSession[]>(bgpSessions(frr), []);
    const routerId = silent.length > 0 ? undefined : await ask(bgpRouterId(frr), undefined);
    const bfd = daemons.includes('bfdd') ? await ask<readonly BfdPeer[]>(bfdPeers(frr), []) : [];
    return { sessions, bfd, routerId, silent };
  } finally {
    frr.close();
  }
}

export async function readRouter(node: LabNode): Promise<RouterState> {
  const kernel = openKernel(node.netns);
  const frr = openFrr(node.name, node.vtyDir as string);
  try {
    const { sessions, bfd, routerId, silent } = await readSessions(node);
    const routes = kernel.routes();
    const quarrels = await disagreements(frr, routes).catch((error: Error) => {
      return [{ node: node.name, prefix: '', frr: undefined, kernel: undefined, message: error.message }];
    });
    return {
      name: node.name,
      sessions,
      bfd,
      routerId,
      silent,
      routes,
      disagreements: quarrels,
      mtus: new Map(kernel.links().map(({ name, mtu }) => [name, mtu])),
      addresses: new Set(kernel.addresses().map(({ address, prefixLength }) => `${address}/${prefixLength}`)),
      forwarding: inNamespace(node.netns, () => ({
        ipv4: readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim() === '1',
        ipv6: readFileSync('/proc/sys/net/ipv6/conf/all/forwarding', 'utf8').trim() === '1',
      })),
    };
  } finally {
    kernel.close();
    frr.close();
  }
}
