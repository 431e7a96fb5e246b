/** leafstorm: boots network labs, breaks them, and proves what held. */

export { leafSpine } from '../topologies/leaf-spine.ts';
export { type Assertion, assertRoutes, describeDifference, judgeLimit } from './assert/index.ts';
export { checkDesign, type Finding, readConfigs } from './check/index.ts';
export { type Checker, type CheckResult, linearizable } from './consistency/index.ts';
export { type DeployLabOptions, deploy, destroy } from './deploy.ts';
export type { Engine, ExecResult, LabLink, LabNode, RunningLab } from './engine/engine.ts';
export { EXIT, InputError, MissingError, UsageError } from './errors.ts';
export {
  type Fabric,
  type LeafSpineDesign,
  type PowerTree,
  readFabric,
  topologyOf,
  unpowered,
  workOut,
  writeFabric,
} from './fabric/index.ts';
export { type Fault, type FaultKind, faultKinds, type Proof } from './fault/index.ts';
export {
  type ActiveFault,
  defineLab,
  judgeRecord,
  Lab,
  type LabDefinition,
  labNames,
  type RunOptions,
  type RunResult,
  run,
  type VerdictFile,
} from './lab/index.ts';
export { dgramInNamespace } from './linux/dgram.ts';
export { connectInNamespace } from './linux/tcp.ts';
export { type OracleInput, type Prediction, predict, withAnnouncements } from './oracle/index.ts';
export {
  bfdPeers,
  bgpRoutes,
  bgpSessions,
  type Frr,
  interfaces as zebraInterfaces,
  kernelRoutes,
  openFrr,
  openSnmp,
  openSsh,
  type RouteTable,
  type Snmp,
  type Ssh,
  snmpBgpPeers,
  snmpInterfaces,
  snmpSystem,
  sshFrr,
  zebraRoutes,
} from './router/index.ts';
export { fence, fenceDrops, unfence } from './store/fence.ts';
export { announce, withdraw } from './store/service-address.ts';
export type { Verdict } from './verdict.ts';
