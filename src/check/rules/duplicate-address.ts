/** One address on two interfaces: packets for it arrive at whichever was learned last. */

import { groupBy } from '../group-by.ts';
import { addressOf, type Network, type Router } from '../network.ts';
import { atStatement, culprits, type Found, type Rule } from '../rule.ts';

interface Holder {
  readonly router: Router;
  readonly port: string;
  readonly address: string;
  readonly path: string;
}

export const duplicateAddress: Rule = {
  name: 'duplicate-address',
  *judge({ routers }: Network): Generator<Found> {
    for (const [address, holders] of groupBy(routers.flatMap(addressesOf), (holder) => holder.address)) {
      if (holders.length < 2 || holders.every(isIntended)) continue;
      for (const holder of culprits(holders, isIntended)) {
        const others = holders.filter((other) => other !== holder).map(({ router, port }) => `${router.name}:${port}`);
        yield atStatement(holder.router, holder.path, {
          severity: 'error',
          message: `${address} of ${holder.router.name}:${holder.port} is also the address of ${others.join(', ')}`,
          remedy: 'Give each its own address',
        });
      }
    }
  },
};

/** Link-local addresses may repeat: they mean something on their link only. */
function addressesOf(router: Router): readonly Holder[] {
  return (router.config.interfaces ?? []).flatMap(({ name, ipv4 = [], ipv6 = [] }, i) =>
    [ipv4.map((text, j) => [text, `ipv4/${j}`] as const), ipv6.map((text, j) => [text, `ipv6/${j}`] as const)]
      .flat()
      .map(([text, place]) => ({ router, port: name, address: addressOf(text), path: `interfaces/${i}/${place}` }))
      .filter(({ address }) => !/^fe[89ab]/.test(address)),
  );
}

/** The intent may give one address to several nodes: anycast. */
function isIntended({ router, port, address }: Holder): boolean {
  const intended = router.intent?.config.interfaces?.find(({ name }) => name === port);
  return [...(intended?.ipv4 ?? []), ...(intended?.ipv6 ?? [])].some((text) => addressOf(text) === address);
}
