/** A lab before anything is broken: is it what it is meant to be? Everything is read from FRR and the kernels, then judged. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { effectivePeer, type FrrConfig } from 'frr-config';
import { type Assertion, assertRoutes, type Defect, judgeAll, summary } from '../assert/index.ts';
import type { LabNode } from '../engine/engine.ts';
import { nowMs } from '../linux/clock.ts';
import { inNamespace } from '../linux/namespace.ts';
import type { PredictedSession, Prediction } from '../oracle/index.ts';
import {
  type BfdPeer,
  type BgpSession,
  bfdPeers,
  bgpSessions,
  type Disagreement,
  diffRoutes,
  disagreements,
  type NodeRoutes,
  openFrr,
  openKernel,
  type RouteDifference,
} from '../router/index.ts';
import type { Lab } from './lab.ts';

/** What one router says of itself. */
interface RouterState {
  readonly name: string;
  readonly sessions: readonly BgpSession[];
  readonly bfd: readonly BfdPeer[];
  readonly disagreements: readonly Disagreement[];
  readonly routes: NodeRoutes;
  readonly mtus: ReadonlyMap<string, number>;
  readonly addresses: ReadonlySet<string>;
  readonly forwarding: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** Daemons that gave no answer, and why. */
  readonly silent: readonly string[];
}

/** Reads every router and judges sessions, BFD, tables, addresses, MTU, wiring, forwarding, and FRR's word against the kernel's. */
export async function assertBaseline(lab: Lab, prediction: Prediction): Promise<readonly Assertion[]> {
  const routers = [...lab.intent.oracle.configs.keys()]
    .map((name) => lab.running.node(name))
    .filter(({ vtyDir }) => vtyDir !== undefined);
  const states = new Map(
    (await Promise.all(routers.map((node) => readRouter(node)))).map((state) => [state.name, state]),
  );
  const { name, intent } = lab;
  const all = [...states.values()];
  return [
    ...judgeAll(
      'daemons',
      name,
      'routers',
      all.length,
      all.flatMap(({ name: target, silent }) => silent.map((why) => ({ target, why }))),
    ),
    ...judgeAll('sessions', name, 'sessions', prediction.sessions.length, sessionDefects(prediction.sessions, states)),
    ...judgeAll('wiring', name, 'sessions', prediction.sessions.length, wiringDefects(prediction.sessions, states)),
    ...assertBfd(name, intent.oracle.configs, prediction.sessions, states),
    ...assertRoutes(name, prediction.routes.size, routeDifferences(prediction, states)),
    ...judgeAll(
      'frr-and-kernel-agree',
      name,
      'routers',
      all.length,
      all.flatMap(({ disagreements: found }) => found.map(({ node, message }) => ({ target: node, why: message }))),
    ),
    ...judgeAll('addresses', name, 'routers', all.length, addressDefects(intent.oracle.configs, states)),
    ...judgeAll('mtu', name, 'link ends', lab.running.links.length * 2, mtuDefects(lab, states)),
    ...judgeAll('forwarding', name, 'routers', all.length, forwardingDefects(intent.oracle.configs, states)),
    ...judgeAll(
      'modelled',
      name,
      'routers',
      intent.oracle.configs.size,
      prediction.unmodelled.map(({ node, line, text, why }) => ({
        target: node,
        why: `line ${line}: ${text}: ${why}`,
      })),
    ).map((one) => (one.verdict === 'fail' ? { ...one, verdict: 'unknown' as const } : one)),
  ];
}

/**
 * Sessions that the prediction asks for and that are not whole now: BGP not established at either end, or BFD not up where it is
 * configured. Empty when all is whole.
 */
export async function brokenSessions(lab: Lab, prediction: Prediction): Promise<readonly Defect[]> {
  const names = [...prediction.routes.keys()];
  const states = new Map(
    await Promise.all(
      names.map(async (name) => {
        const { sessions, bfd } = await readSessions(lab.running.node(name));
        return [name, { sessions, bfd }] as const;
      }),
    ),
  );
  return [
    ...sessionDefects(prediction.sessions, states),
    ...bfdDefects(lab.intent.oracle.configs, prediction.sessions, states).defects,
  ];
}

/** Asks until every session is whole or the time (ms) is over; gives those that are not. */
export async function sessionsWhole(lab: Lab, prediction: Prediction, timeoutMs: number): Promise<readonly Defect[]> {
  const until = nowMs() + timeoutMs;
  let broken = await brokenSessions(lab, prediction);
  while (broken.length > 0 && nowMs() < until) {
    await sleep(50);
    broken = await brokenSessions(lab, prediction);
  }
  return broken;
}

async function readSessions(node: LabNode): Promise<Pick<RouterState, 'sessions' | 'bfd' | 'silent'>> {
  const frr = openFrr(node.name, node.vtyDir as string);
  const silent: string[] = [];
  const ask = <T>(question: Promise<readonly T[]>): Promise<readonly T[]> =>
    question.catch((error: Error) => {
      silent.push(error.message);
      return [];
    });
  try {
    const daemons = frr.daemons();
    const sessions = await ask(bgpSessions(frr));
    const bfd = daemons.includes('bfdd') ? await ask(bfdPeers(frr)) : [];
    return { sessions, bfd, silent };
  } finally {
    frr.close();
  }
}

async function readRouter(node: LabNode): Promise<RouterState> {
  const kernel = openKernel(node.netns);
  const frr = openFrr(node.name, node.vtyDir as string);
  try {
    const { sessions, bfd, silent } = await readSessions(node);
    const routes = kernel.routes();
    const quarrels = await disagreements(frr, routes).catch((error: Error) => {
      return [{ node: node.name, prefix: '', frr: undefined, kernel: undefined, message: error.message }];
    });
    return {
      name: node.name,
      sessions,
      bfd,
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

type Sessions = ReadonlyMap<string, Pick<RouterState, 'sessions' | 'bfd'>>;

/** A session has two ends, and which of them is wrong cannot be seen from the outside: the link is named, and what both ends say. */
function sessionDefects(predicted: readonly PredictedSession[], states: Sessions): readonly Defect[] {
  return predicted.flatMap(({ a, z, link }) => {
    const ends = [a, z].map(({ node, neighbor }) => {
      const found = states.get(node)?.sessions.filter(({ neighbour }) => neighbour === neighbor) ?? [];
      const bad = found.find(({ established }) => !established);
      if (found.length === 0) return `${node} has no session ${neighbor}`;
      return bad === undefined ? '' : `${node} ${neighbor} is ${bad.state}`;
    });
    return ends.some((end) => end !== '') ? [{ target: link, why: summary(ends.filter((end) => end !== '')) }] : [];
  });
}

/** The peer says who it is (the FQDN capability): it must be the node that the link should lead to. */
function wiringDefects(predicted: readonly PredictedSession[], states: Sessions): readonly Defect[] {
  const end = (here: PredictedSession['a'], there: PredictedSession['a']): readonly Defect[] => {
    const wrong = states
      .get(here.node)
      ?.sessions.find(
        ({ neighbour, hostname }) => neighbour === here.neighbor && hostname !== undefined && hostname !== there.node,
      );
    return wrong === undefined
      ? []
      : [{ target: here.node, why: `${here.neighbor} leads to ${wrong.hostname}, not to ${there.node}` }];
  };
  return predicted.flatMap(({ a, z }) => [...end(a, z), ...end(z, a)]);
}

function assertBfd(
  lab: string,
  configs: ReadonlyMap<string, FrrConfig>,
  predicted: readonly PredictedSession[],
  states: Sessions,
): readonly Assertion[] {
  const { asked, defects } = bfdDefects(configs, predicted, states);
  return asked === 0 ? [] : judgeAll('bfd', lab, 'BFD sessions', asked, defects);
}

function bfdDefects(
  configs: ReadonlyMap<string, FrrConfig>,
  predicted: readonly PredictedSession[],
  states: Sessions,
): { readonly asked: number; readonly defects: readonly Defect[] } {
  const defects: Defect[] = [];
  let asked = 0;
  for (const { a, z, link } of predicted) {
    for (const { node, neighbor } of [a, z]) {
      if (!asksForBfd(configs.get(node), neighbor)) continue;
      asked++;
      const peer = states.get(node)?.bfd.find((one) => one.interface === neighbor || one.peer === neighbor);
      if (peer?.up) continue;
      defects.push({
        target: link,
        why:
          peer === undefined
            ? `${node} has no BFD session on ${neighbor}`
            : `BFD of ${node} on ${neighbor} is ${peer.status}`,
      });
    }
  }
  return { asked, defects };
}

function asksForBfd(config: FrrConfig | undefined, neighbor: string): boolean {
  return (config?.bgp ?? []).some((bgp) => {
    const found = bgp.neighbors?.find(({ name }) => name === neighbor);
    if (found === undefined) return false;
    const { bfd, bfdProfile } = effectivePeer(bgp, found);
    return bfd === true || bfdProfile !== undefined;
  });
}

function routeDifferences(
  { routes }: Prediction,
  states: ReadonlyMap<string, RouterState>,
): readonly RouteDifference[] {
  return [...routes].flatMap(([node, expected]) => {
    const state = states.get(node);
    return state === undefined ? [] : diffRoutes(node, expected, state.routes);
  });
}

function addressDefects(
  configs: ReadonlyMap<string, FrrConfig>,
  states: ReadonlyMap<string, RouterState>,
): readonly Defect[] {
  return [...configs].flatMap(([node, { interfaces = [] }]) => {
    const there = states.get(node)?.addresses;
    if (there === undefined) return [];
    return interfaces.flatMap(({ name, ipv4 = [], ipv6 = [] }) =>
      [...ipv4, ...ipv6]
        .filter((address) => !there.has(address))
        .map((address) => ({ target: node, why: `${name} has not ${address}` })),
    );
  });
}

function mtuDefects(lab: Lab, states: ReadonlyMap<string, RouterState>): readonly Defect[] {
  const meant = new Map(lab.fabric?.links.map(({ name, mtu }) => [name, mtu]));
  return lab.running.links.flatMap(({ name, a, z, mtu }) => {
    const wanted = meant.get(name) ?? mtu;
    return [a, z].flatMap((end) => {
      const actual = states.get(end.node)?.mtus.get(end.interface);
      return actual === undefined || actual === wanted
        ? []
        : [{ target: name, why: `${end.node}:${end.interface} has MTU ${actual}, not ${wanted}` }];
    });
  });
}

function forwardingDefects(
  configs: ReadonlyMap<string, FrrConfig>,
  states: ReadonlyMap<string, RouterState>,
): readonly Defect[] {
  return [...states].flatMap(([node, { forwarding }]) => {
    const config = configs.get(node);
    const off: string[] = [];
    if (!forwarding.ipv4 && config?.ipForwarding !== false) off.push('IPv4');
    if (!forwarding.ipv6 && config?.ipv6Forwarding !== false) off.push('IPv6');
    return off.map((family) => ({ target: node, why: `does not forward ${family}` }));
  });
}
