/** A router that does not forward: sessions are up, routes are there, and packets end at it. */
import type { Network, Router } from '../network.ts';
import { atStatement, type Found, inTopology, type Rule } from '../rule.ts';
import { isActive } from '../session.ts';

/** Settings of the kernel under which a router does not work, and what each switches off. */
const SYSCTLS: readonly (readonly [name: string, bad: string, what: string])[] = [
  ['net.ipv4.ip_forward', '0', 'IPv4 forwarding'],
  ['net.ipv4.conf.all.forwarding', '0', 'IPv4 forwarding'],
  ['net.ipv6.conf.all.forwarding', '0', 'IPv6 forwarding'],
  ['net.ipv6.conf.all.disable_ipv6', '1', 'IPv6, and with it unnumbered sessions'],
  ['net.ipv6.conf.default.disable_ipv6', '1', 'IPv6, and with it unnumbered sessions'],
];

export const forwarding: Rule = {
  name: 'forwarding',
  *judge(network: Network): Generator<Found> {
    for (const router of network.routers) {
      yield* statements(router);
      for (const [name, bad, what] of SYSCTLS) {
        if (router.node.sysctls[name] !== bad || !concerns(router, what)) continue;
        yield inTopology(network, router.name, router.node.at.line, {
          severity: 'error',
          message: `sysctl ${name}: ${bad} of ${router.name} switches off ${what}`,
          remedy: `Set ${name} to ${bad === '0' ? '1' : '0'}, or leave it out`,
        });
      }
    }
  },
};

function* statements(router: Router): Generator<Found> {
  const { ipForwarding, ipv6Forwarding } = router.config;
  if (ipForwarding === false) yield off(router, 'ipForwarding', 'no ip forwarding', 'IPv4 packets');
  if (ipv6Forwarding === false && usesIpv6(router))
    yield off(router, 'ipv6Forwarding', 'no ipv6 forwarding', 'IPv6 packets');
}

function off(router: Router, path: string, statement: string, what: string): Found {
  return atStatement(router, path, {
    severity: 'error',
    message: `${statement}: ${router.name} takes part in routing but passes no ${what} on`,
    remedy: `Write ${statement.slice(3)}`,
  });
}

/** Without an IPv6 route there is nothing to forward, whatever the sessions run over. */
function usesIpv6(router: Router): boolean {
  return router.sessions.some((end) => isActive(end, 'ipv6')) || router.intent?.config.ipv6Forwarding === true;
}

function concerns(router: Router, what: string): boolean {
  return what === 'IPv6 forwarding' ? usesIpv6(router) : true;
}
