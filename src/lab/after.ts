/** A lab after its faults: is it again what it was before them? */
import type { Assertion } from '../assert/index.ts';
import { assertBaseline, sessionsWhole } from './baseline.ts';
import type { Lab } from './lab.ts';
import { assertServiceAddress } from './service-address.ts';
import type { StoreUnderLoad } from './stores/index.ts';

/** Routes to a service address may be on their way. */
const ADDRESS_MS = 5_000;
/** A session that a stall of the machine ended comes back; a defect stays. */
const SETTLE_MS = 5_000;

/** The baseline once more, under names that begin with `after-`, and where the routes to the stores' service addresses lead in the end. */
export async function assertAfter(
  lab: Lab,
  stores: readonly Pick<StoreUnderLoad, 'serviceAddress' | 'leader'>[],
): Promise<readonly Assertion[]> {
  const healthy = lab.intent.predict();
  await sessionsWhole(lab, healthy, SETTLE_MS);
  await lab.converged({ timeoutMs: SETTLE_MS });
  const baseline = await assertBaseline(lab, healthy);
  const made = baseline.map((one): Assertion => ({ ...one, name: `after-${one.name}` }));
  for (const store of stores) {
    if (store.serviceAddress === undefined) continue;
    made.push(...(await assertServiceAddress(lab, store.serviceAddress, await store.leader(), ADDRESS_MS)));
  }
  return made;
}
