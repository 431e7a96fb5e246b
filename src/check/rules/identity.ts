/** A router that is somebody else than the intent says: other ASN, other router ID, addresses that it lacks. */
import { addressOf, type Network, type Router } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';

export const identity: Rule = {
  name: 'identity',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      if (!router.intent) continue;
      yield* instance(router);
      yield* addresses(router);
    }
  },
};

function* instance(router: Router): Generator<Found> {
  const { asn, routerId } = router.intent!;
  const bgp = router.config.bgp?.find(({ vrf }) => vrf === undefined);
  if (!bgp) {
    yield atStatement(router, 'bgp', {
      severity: 'error',
      message: `there is no BGP instance; the intent has router bgp ${asn}`,
      remedy: `Add router bgp ${asn} with its neighbours`,
    });
    return;
  }
  const path = `bgp/${router.config.bgp!.indexOf(bgp)}`;
  if (bgp.asn !== asn) {
    yield atStatement(router, path, {
      severity: 'error',
      message: `router bgp ${bgp.asn}, but the intent gives ${router.name} ASN ${asn}: every neighbour that expects it refuses the session`,
      remedy: `Write router bgp ${asn}`,
    });
  }
  if (bgp.routerId !== undefined && bgp.routerId !== routerId) {
    yield atStatement(router, `${path}/routerId`, {
      severity: 'warning',
      message: `bgp router-id ${bgp.routerId}, but the intent gives ${router.name} ${routerId}`,
      remedy: `Write bgp router-id ${routerId}`,
    });
  }
}

function* addresses(router: Router): Generator<Found> {
  const has = new Set(
    router.config.interfaces?.flatMap(({ ipv4 = [], ipv6 = [] }) => [...ipv4, ...ipv6].map(addressOf)),
  );
  for (const { name, ipv4 = [], ipv6 = [] } of router.intent!.config.interfaces ?? []) {
    for (const address of [...ipv4, ...ipv6]) {
      if (has.has(addressOf(address))) continue;
      const index = router.config.interfaces?.findIndex((one) => one.name === name) ?? -1;
      yield atStatement(router, `interfaces/${index}`, {
        severity: 'error',
        message: `interface ${name} lacks ${address}, which the intent gives it`,
        remedy: `Add ${address.includes(':') ? 'ipv6' : 'ip'} address ${address} to interface ${name}`,
      });
    }
  }
}
