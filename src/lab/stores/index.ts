/** The stores of a lab, by kind. */
import { InputError } from '../../errors.ts';
import type { StorePlan } from '../definition.ts';
import type { Lab } from '../lab.ts';
import { startEtcd } from './etcd.ts';
import { startMariadbUnderLoad } from './mariadb.ts';
import { startRedis } from './redis.ts';
import type { StoreOptions, StoreUnderLoad } from './under-load.ts';

export type { StoreOptions, StoreUnderLoad } from './under-load.ts';

/** @throws Error naming the member that did not come; InputError where a lab wants more stores than a run has histories for */
export async function startStores(
  lab: Lab,
  plans: readonly StorePlan[],
  options: StoreOptions,
): Promise<readonly StoreUnderLoad[]> {
  if (plans.length > 1)
    throw new InputError(`lab ${lab.name}: one store a lab, since a run keeps one history; it names ${plans.length}`);
  return Promise.all(plans.map((plan) => startStore(lab, plan, options)));
}

function startStore(lab: Lab, plan: StorePlan, options: StoreOptions): Promise<StoreUnderLoad> {
  switch (plan.kind) {
    case 'etcd':
      return startEtcd(lab, plan, options);
    case 'redis':
      return startRedis(lab, plan, options);
    case 'mariadb':
      return startMariadbUnderLoad(lab, plan, options);
  }
}
