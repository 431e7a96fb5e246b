/** The eyes of a lab: a watcher over every kernel table, and probes over every link; both shown to see before they are believed. */
import { type Assertion, type Defect, judgeAll, summary } from '../assert/index.ts';
import {
  chooseFlows,
  endpointsOf,
  type Flow,
  intervalFor,
  isVoid,
  lossOf,
  type ProbeEndpoint,
  type ProbeWindow,
  pathMap,
  type RouteLookup,
  receivedPackets,
  selfTest,
  spreadBetween,
  startProber,
  startWatcher,
  verifyPaths,
  walk,
  withKernelLookup,
} from '../probe/index.ts';
import type { Lab } from './lab.ts';
import type { Observers } from './measure.ts';
import { watchProcessorWaits } from './processor-wait.ts';

export interface Observation extends Observers {
  /** Shows that the probes cross what they claim to cross, lose nothing while all is well, and see a loss when there is one. */
  prove(): Promise<{ readonly assertions: readonly Assertion[]; readonly summary: string }>;
  stop(): Promise<void>;
}

/** Wanted between two packets of one flow; the budget may ask for more. */
const INTERVAL_MS = 1;

/** Starts both. The lab's tables must be as predicted, for flows are chosen by the ways that the kernels give them. */
export async function observe(lab: Lab, seed: number): Promise<Observation> {
  const { running, intent } = lab;
  const routers = [...intent.oracle.configs.keys()].map((name) => running.node(name));
  const endpoints =
    lab.fabric === undefined
      ? configuredEndpoints(lab)
      : endpointsOf(lab.fabric.nodes, (name) => running.node(name).netns);
  const families = endpoints.every(({ ipv6 }) => ipv6 !== '') ? ([4, 6] as const) : ([4] as const);
  const chosen = withKernelLookup(routers, (lookup) =>
    chooseFlows({ links: running.links, endpoints, seed, lookup, families }),
  );
  const watcher = await startWatcher({ nodes: routers.map(({ name, netns }) => ({ name, netns })) });
  const prober = await startProber({
    endpoints,
    flows: chosen.flows,
    intervalMs: intervalFor(chosen.flows.length, INTERVAL_MS),
  }).catch(async (error) => {
    await watcher.close();
    throw error;
  });
  const spreads = () => spreadDefects(lab, endpoints, seed);
  return Object.freeze({
    watcher,
    prober,
    endpoints,
    waits: () => watchProcessorWaits(lab),
    crossing: (link: string) =>
      withKernelLookup(routers, (lookup) => flowsAcross(link, lab, prober.flows, endpoints, lookup)),
    async prove() {
      const { name } = lab;
      const uncovered = chosen.uncovered.map(({ link, direction }) => ({
        target: link,
        why: `too few probes cross it ${direction}`,
      }));
      const astray = chosen.astray.map((why) => ({ target: name, why }));
      const counters = () => receivedPackets(running.nodes);
      const verify = () => verifyPaths(prober, running.links, counters);
      const { mismatches, window } = await repeated(verify, (one) => isVoid(one.window, prober.intervalMs));
      const wrongWay = mismatches.map(({ link, direction, claimed, counted }) => {
        return { target: link, why: `${claimed} probes should have crossed it ${direction}, ${counted} packets did` };
      });
      const spread = spreads();
      const interval = `every ${prober.intervalMs.toFixed(1)} ms`;
      return {
        assertions: [
          ...judgeAll('probes-cover', name, 'links', running.links.length, [...uncovered, ...astray]),
          ...judgeAll('probes-cross', name, 'links', running.links.length, wrongWay),
          lossAssertion(name, prober, window),
          await seesLoss(lab, prober),
          // Where no router has a choice there is nothing to spread.
          ...(spread.looked === 0 ? [] : judgeAll('ecmp-spread', name, 'choices', spread.looked, spread.defects)),
        ],
        summary: `${chosen.flows.length} flows ${interval}, both ways over ${running.links.length - chosen.uncovered.length} of ${running.links.length} links`,
      };
    },
    async stop() {
      await Promise.all([watcher.close(), prober.stop()]);
    },
  });
}

/** Looked up again, for a heal may have put next hops in another order: hash and order together choose the way. */
function flowsAcross(
  link: string,
  lab: Lab,
  flows: readonly Flow[],
  endpoints: readonly ProbeEndpoint[],
  lookup: RouteLookup,
): ReadonlySet<number> {
  const map = pathMap(lab.running.links);
  const byNode = new Map(endpoints.map((endpoint) => [endpoint.node, endpoint]));
  const across = new Set<number>();
  for (const [index, { from, to, family, sourcePort, destinationPort }] of flows.entries()) {
    const [source, target] = [byNode.get(from) as ProbeEndpoint, byNode.get(to) as ProbeEndpoint];
    const [src, dst] = family === 4 ? [source.ipv4, target.ipv4] : [source.ipv6, target.ipv6];
    const { path } = walk(map, lookup, from, to, { family, src, dst, sport: sourcePort, dport: destinationPort });
    if (path.some((step) => step.link === link)) across.add(index);
  }
  return across;
}

/** Was anything lost while nothing was broken? A window in which the prober stood still, or sent nothing, does not tell. */
export function lossAssertion(
  lab: string,
  { flows, intervalMs }: Pick<Observers['prober'], 'flows' | 'intervalMs'>,
  window: ProbeWindow,
): Assertion {
  const { sent, lost, longestGapMs, worst } = lossOf(window);
  const isUnknown = sent === 0 || isVoid(window, intervalMs);
  const common = { name: 'no-loss', measured: isUnknown ? null : lost, unit: 'probes lost' } as const;
  if (isUnknown) {
    const why = sent === 0 ? 'no probe was sent' : `the prober itself stalled for ${window.stallMs.toFixed(1)} ms`;
    return Object.freeze({ ...common, target: lab, verdict: 'unknown', why });
  }
  if (lost === 0 || worst === undefined)
    return Object.freeze({ ...common, target: lab, verdict: 'pass', why: 'nothing lost while nothing was broken' });
  const { from, to, family } = flows[worst.flow] as Flow;
  const link = lossiestLink(flows, window);
  const gap = `the longest gap was ${Math.round(longestGapMs)} ms, from ${from} to ${to} (IPv${family})`;
  const place = link === undefined ? '' : `, most of all by flows across ${link}`;
  const why = `lost while nothing was broken${place}; ${gap}`;
  return Object.freeze({ ...common, target: link ?? `${from} to ${to}`, verdict: 'fail', why });
}

/** Of all links, the one whose flows lose the greatest share: a loss on it is diluted everywhere else by flows that go other ways. */
function lossiestLink(flows: readonly Flow[], window: ProbeWindow): string | undefined {
  const links = new Map<string, { sent: number; lost: number }>();
  for (const { flow, sent, lost } of window.flows) {
    for (const { link } of (flows[flow] as Flow).path) {
      const sums = links.get(link) ?? { sent: 0, lost: 0 };
      links.set(link, { sent: sums.sent + sent, lost: sums.lost + lost });
    }
  }
  const share = ({ sent, lost }: { sent: number; lost: number }) => lost / Math.max(1, sent);
  return [...links].sort(([, a], [, b]) => share(b) - share(a))[0]?.[0];
}

/** Up to three times, while nothing comes of it because the prober stood still. */
async function repeated<T>(measure: () => Promise<T>, isNothing: (result: T) => boolean): Promise<T> {
  let result = await measure();
  for (let again = 0; again < 2 && isNothing(result); again++) result = await measure();
  return result;
}

/** Short enough for BFD at 100 ms x 3 and for every hold timer not to notice. */
async function seesLoss(lab: Lab, prober: Observers['prober']): Promise<Assertion> {
  const link = prober.flows.find(({ path }) => path.length > 0)?.path[0]?.link;
  if (link === undefined) {
    return {
      name: 'probes-see-loss',
      target: lab.name,
      measured: null,
      unit: '',
      verdict: 'unknown',
      why: 'no probe crosses any link',
    };
  }
  const block = () => lab.running.impair(link, { loss: { aToZ: 1, zToA: 1 } });
  const unblock = () => lab.running.impair(link, {});
  const test = await repeated(
    () => selfTest(prober, { link, block, unblock }),
    ({ verdict }) => verdict === 'unknown',
  );
  const lost = lossOf(test.window).lost;
  return Object.freeze({
    name: 'probes-see-loss',
    target: link,
    measured: lost,
    unit: 'probes lost',
    verdict: test.verdict,
    why: test.why,
  });
}

/** Every choice among equal next hops between a few pairs that are far apart. */
function spreadDefects(
  lab: Lab,
  endpoints: readonly ProbeEndpoint[],
  seed: number,
): { readonly looked: number; readonly defects: readonly Defect[] } {
  const pairs = endpoints.slice(1, 4).map((to) => [endpoints[0] as ProbeEndpoint, to] as const);
  const map = pathMap(lab.running.links);
  const { routes } = lab.intent.predict();
  const nextHops = (to: ProbeEndpoint) => (node: string) =>
    routes
      .get(node)
      ?.ipv4.get(`${to.ipv4}/32`)
      ?.map((hop) => hop.interface);
  return withKernelLookup(
    [...lab.intent.oracle.configs.keys()].map((name) => lab.running.node(name)),
    (lookup) => {
      const all = pairs.flatMap(([from, to]) =>
        spreadBetween({ map, lookup, from, to, family: 4, seed, nextHops: nextHops(to) }),
      );
      const defects = all.flatMap(({ node, alone, polarised }) => {
        if (alone.even === false) {
          const counts = [...alone.counts].map(([hop, count]) => `${hop} ${count}`);
          return [{ target: node, why: `flows fall unevenly: ${summary(counts, 8)}` }];
        }
        return polarised ? [{ target: node, why: 'repeats the choice of the node before it (polarisation)' }] : [];
      });
      return { looked: all.length, defects };
    },
  );
}

/** A topology without a design: every router with an address on its loopback. */
function configuredEndpoints(lab: Lab): readonly ProbeEndpoint[] {
  return [...lab.intent.oracle.configs].flatMap(([node, { interfaces = [] }]) => {
    const loopback = interfaces.find(({ name }) => name === 'lo');
    const [ipv4, ipv6] = [loopback?.ipv4, loopback?.ipv6].map((all) => all?.[0]?.split('/')[0] ?? '');
    return ipv4 === undefined || ipv4 === ''
      ? []
      : [{ node, netns: lab.running.node(node).netns, ipv4, ipv6: ipv6 ?? '' }];
  });
}
