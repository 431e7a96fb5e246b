import test from 'ava';
import fc from 'fast-check';
import { type OracleInput, type Prediction, predict } from '../../src/oracle/index.ts';
import { inputOf, router } from './network.ts';

/** Any graph of up to seven eBGP routers, some of one ASN, with prepends on some sessions, multi-links and loops of links to itself left out. */
const anyNetwork: fc.Arbitrary<OracleInput> = fc
  .record({
    asns: fc.array(fc.integer({ min: 65001, max: 65005 }), { minLength: 2, maxLength: 7 }),
    edges: fc.array(fc.record({ a: fc.nat(6), z: fc.nat(6), prepends: fc.nat(2) }), { minLength: 1, maxLength: 12 }),
    relax: fc.boolean(),
    allow: fc.boolean(),
    paths: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ asns, edges, relax, allow, paths }) => {
    const ports = asns.map((): string[] => []);
    const policies = asns.map((): string[] => []);
    const links: [string, string][] = [];
    for (const { a, z, prepends } of edges) {
      const [from, to] = [a % asns.length, z % asns.length];
      if (from === to) continue;
      const [near, far] = [`eth${ports[from]!.length + 1}`, `eth${ports[to]!.length + 1}`];
      ports[from]!.push(near);
      ports[to]!.push(far);
      if (prepends > 0) policies[from]!.push(`neighbor ${near} route-map P${prepends} out`);
      links.push([`r${from}:${near}`, `r${to}:${far}`]);
    }
    const routers = asns.map((asn, i) => {
      const allowed = allow ? ports[i]!.map((name) => `neighbor ${name} allowas-in 1`) : [];
      return router({
        asn,
        id: i + 1,
        unnumbered: ports[i]!,
        bgp: ['bgp bestpath compare-routerid', ...(relax ? ['bgp bestpath as-path multipath-relax'] : [])],
        ipv4: [...policies[i]!, ...allowed, `maximum-paths ${paths}`],
        ipv6: [...policies[i]!, ...allowed],
        top: [1, 2].flatMap((n) => [
          `route-map P${n} permit 10`,
          ` set as-path prepend ${Array(n).fill(asn).join(' ')}`,
          'exit',
        ]),
      });
    });
    return inputOf({ routers: Object.fromEntries(routers.map((text, i) => [`r${i}`, text])), links });
  });

/** Tables as plain data, nodes and prefixes in order. */
function plain({ routes, sessions, unmodelled }: Prediction) {
  const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    routes: sorted(routes).map(([node, { ipv4, ipv6 }]) => [node, sorted(ipv4), sorted(ipv6)]),
    sessions: sessions.map(({ link }) => link).sort(),
    unmodelled,
  };
}

test('neither the order of nodes nor that of links changes the answer', (t) => {
  fc.assert(
    fc.property(anyNetwork, ({ configs, links }) => {
      const turned = { configs: new Map([...configs].reverse()), links: [...links].reverse() };
      t.deepEqual(plain(predict(turned)), plain(predict({ configs, links })));
    }),
    { numRuns: 60 },
  );
});

test('nothing goes over a link that is cut, or to a node that is off', (t) => {
  fc.assert(
    fc.property(anyNetwork, fc.nat(), (input, pick) => {
      fc.pre(input.links.length > 0);
      const link = input.links[pick % input.links.length]!;
      const cut = predict(input, { links: new Set([link.name]) });
      for (const end of [link.a, link.z]) t.false(uses(cut, end.node, ({ interface: name }) => name === end.interface));
      const off = predict(input, { nodes: new Set([link.a.node]) });
      for (const node of off.routes.keys()) t.false(uses(off, node, ({ peer }) => peer === link.a.node));
    }),
    { numRuns: 60 },
  );
});

function uses(prediction: Prediction, node: string, wanted: (hop: { interface: string; peer?: string }) => boolean) {
  const { ipv4, ipv6 } = prediction.routes.get(node)!;
  return [...ipv4.values(), ...ipv6.values()].some((hops) => hops.some(wanted));
}

test('predicted tables never forward in a circle', (t) => {
  fc.assert(
    fc.property(anyNetwork, (input) => {
      const { routes } = predict(input);
      const prefixes = new Set([...routes.values()].flatMap(({ ipv4 }) => [...ipv4.keys()]));
      for (const prefix of prefixes) t.true(isAcyclic(routes, prefix), prefix);
    }),
    { numRuns: 100 },
  );
});

/** Takes away, again and again, the nodes that forward only to nodes already taken away. */
function isAcyclic(routes: Prediction['routes'], prefix: string): boolean {
  const left = new Map([...routes].map(([node, { ipv4 }]) => [node, ipv4.get(prefix) ?? []]));
  for (;;) {
    const done = [...left].filter(([, hops]) => hops.every(({ peer }) => !left.has(peer!)));
    if (done.length === 0) return left.size === 0;
    for (const [node] of done) left.delete(node);
  }
}

test('every router that is joined to an announcer has a route to it where all ASNs differ', (t) => {
  fc.assert(
    fc.property(anyNetwork, (input) => {
      const configs = new Map(
        [...input.configs].map(([name, config], i) => {
          return [name, { ...config, bgp: config.bgp!.map((bgp) => ({ ...bgp, asn: 65100 + i })) }] as const;
        }),
      );
      const { routes } = predict({ configs, links: input.links });
      for (const [i, start] of [...configs.keys()].entries()) {
        const joined = reachable(start, input.links);
        const prefix = `10.0.0.${i + 1}/32`;
        for (const [node, { ipv4 }] of routes) t.is(ipv4.has(prefix), joined.has(node) && node !== start);
      }
    }),
    { numRuns: 60 },
  );
});

function reachable(start: string, links: OracleInput['links']): ReadonlySet<string> {
  const seen = new Set([start]);
  for (const node of seen) {
    for (const { a, z } of links) {
      if (a.node === node) seen.add(z.node);
      if (z.node === node) seen.add(a.node);
    }
  }
  return seen;
}
