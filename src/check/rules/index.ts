/** Every rule, one a file. */
import type { Rule } from '../rule.ts';
import { addressFamily } from './address-family.ts';
import { bfd } from './bfd.ts';
import { configFile } from './config-file.ts';
import { daemons } from './daemons.ts';
import { duplicateAddress } from './duplicate-address.ts';
import { duplicatePrefix } from './duplicate-prefix.ts';
import { duplicateRouterId } from './duplicate-router-id.ts';
import { extendedNexthop } from './extended-nexthop.ts';
import { filteredPrefix } from './filtered-prefix.ts';
import { forwarding } from './forwarding.ts';
import { identity } from './identity.ts';
import { missingNeighbor } from './missing-neighbor.ts';
import { missingPolicy } from './missing-policy.ts';
import { missingPrefix } from './missing-prefix.ts';
import { mtu } from './mtu.ts';
import { multipath } from './multipath.ts';
import { nexthopGroup } from './nexthop-group.ts';
import { password } from './password.ts';
import { pathAttributes } from './path-attributes.ts';
import { power } from './power.ts';
import { remoteAs } from './remote-as.ts';
import { shutdown } from './shutdown.ts';
import { staticRoute } from './static-route.ts';
import { timers } from './timers.ts';
import { transit } from './transit.ts';
import { undefinedReference } from './undefined-reference.ts';
import { unknownStatement } from './unknown-statement.ts';
import { wiring } from './wiring.ts';

export const rules: readonly Rule[] = Object.freeze([
  // What there is.
  configFile,
  daemons,
  wiring,
  mtu,
  power,
  identity,
  forwarding,
  shutdown,
  // Sessions.
  missingNeighbor,
  remoteAs,
  password,
  addressFamily,
  extendedNexthop,
  timers,
  bfd,
  // Routes.
  missingPrefix,
  duplicatePrefix,
  duplicateAddress,
  duplicateRouterId,
  staticRoute,
  multipath,
  nexthopGroup,
  // Policies.
  undefinedReference,
  missingPolicy,
  filteredPrefix,
  transit,
  pathAttributes,
  // What nobody can judge.
  unknownStatement,
]);
