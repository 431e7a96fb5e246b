/** A lab before anything is broken: is it what it is meant to be? Everything is read from FRR and the kernels, then judged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { effectivePeer, type FrrConfig } from 'frr-config';
import { type Assertion, assertRoutes, type Defect, judgeAll, summary } from '../assert/index.ts';
import { nowMs } from '../linux/clock.ts';
import type { PredictedSession, Prediction } from '../oracle/index.ts';
import { diffRoutes, openFrr, type RouteDifference } from '../router/index.ts';
import type { Lab } from './lab.ts';
import { originDefects, routerIdDefects } from './origins.ts';
import { type RouterState, readRouter, readSessions } from './router-state.ts';

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
  const { configs } = intent.oracle;
  const differences = routeDifferences(prediction, states);
  const origins = await originDefects(configs, differences, async (node, question) => {
    const frr = openFrr(node, lab.running.node(node).vtyDir as string);
    return question(frr)
      .catch(() => undefined)
      .finally(() => frr.close());
  });
  const ids = new Map(all.map(({ name: node, routerId }) => [node, routerId]));
  // What nobody could be asked about is not right.
  const mute = [...configs.keys()].filter((node) => !states.has(node));
  const ends = linkEnds(lab, states);
  return [
    ...judgeAll('daemons', name, 'routers', configs.size, [
      ...all.flatMap(({ name: target, silent }) => silent.map((why) => ({ target, why }))),
      ...mute.map((target) => ({ target, why: 'is configured, and runs no FRR that could be asked' })),
    ]),
    ...judgeAll('sessions', name, 'sessions', prediction.sessions.length, sessionDefects(prediction.sessions, states)),
    ...judgeAll('wiring', name, 'sessions', prediction.sessions.length, wiringDefects(prediction.sessions, states)),
    ...judgeAll('router-ids', name, 'routers', all.length, routerIdDefects(configs, ids)),
    ...assertBfd(name, configs, prediction.sessions, states),
    ...assertRoutes(
      name,
      [...prediction.routes.keys()].filter((node) => states.has(node)).length,
      differences,
      origins,
    ),
    ...judgeAll(
      'frr-and-kernel-agree',
      name,
      'routers',
      all.length,
      all.flatMap(({ disagreements: found }) => found.map(({ node, message }) => ({ target: node, why: message }))),
    ),
    ...judgeAll('addresses', name, 'routers', all.length, addressDefects(configs, states)),
    ...judgeAll('mtu', name, 'link ends', ends.length, mtuDefects(ends)),
    ...judgeAll('forwarding', name, 'routers', all.length, forwardingDefects(configs, states)),
    ...judgeAll(
      'modelled',
      name,
      'routers',
      configs.size,
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

interface LinkEndState {
  readonly link: string;
  readonly end: string;
  readonly wanted: number;
  /** Undefined where there is no such interface. */
  readonly actual: number | undefined;
}

/** The ends on routers: nobody asks other nodes. */
function linkEnds(lab: Lab, states: ReadonlyMap<string, RouterState>): readonly LinkEndState[] {
  const meant = new Map(lab.fabric?.links.map(({ name, mtu }) => [name, mtu]));
  return lab.running.links.flatMap(({ name: link, a, z, mtu }) =>
    [a, z].flatMap(({ node, interface: port }) => {
      const mtus = states.get(node)?.mtus;
      const wanted = meant.get(link) ?? mtu;
      return mtus === undefined ? [] : [{ link, end: `${node}:${port}`, wanted, actual: mtus.get(port) }];
    }),
  );
}

function mtuDefects(ends: readonly LinkEndState[]): readonly Defect[] {
  return ends.flatMap(({ link, end, wanted, actual }) => {
    if (actual === wanted) return [];
    return [
      { target: link, why: actual === undefined ? `${end} is not there` : `${end} has MTU ${actual}, not ${wanted}` },
    ];
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
