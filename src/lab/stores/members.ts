/** Where members of a store serve. */
import type { Lab } from '../lab.ts';

/** A server's own address, as its fabric or its configuration gives it. */
export function serviceAddress(lab: Lab, node: string): string {
  const config = lab.intent.oracle.configs.get(node);
  const address = config?.interfaces?.find(({ name }) => name === 'lo')?.ipv4?.[0]?.split('/')[0];
  if (address === undefined) throw new Error(`${node} has no address on its loopback, so no store can serve from it`);
  return address;
}
