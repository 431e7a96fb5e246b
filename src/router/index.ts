/** What routers say and what their kernels do. */
export { type BfdPeer, bfdPeers } from './bfd.ts';
export {
  type BgpNextHop,
  type BgpPath,
  type BgpSession,
  bgpRouterId,
  bgpRoutes,
  bgpSessions,
  originates,
} from './bgp.ts';
export { compareWithKernel, type Disagreement, disagreements } from './disagreement.ts';
export { type DaemonVty, type Frr, type LocalFrr, openFrr } from './frr.ts';
export { type Kernel, kernelRoutes, openKernel, type Peers } from './kernel.ts';
export { diffRoutes, type NextHop, type NodeRoutes, type RouteDifference, type RouteTable } from './routes.ts';
export { type DaemonConfig, runningConfig } from './running-config.ts';
export type { Secret } from './secret.ts';
export { readSessionChanges, type SessionChange } from './session-log.ts';
export {
  openSnmp,
  type Snmp,
  type SnmpAuth,
  SnmpError,
  type SnmpOptions,
  type SnmpUser,
} from './snmp.ts';
export { type SnmpBgpPeer, snmpBgpPeers } from './snmp-bgp.ts';
export { type SnmpCounters, type SnmpInterface, type SnmpSystem, snmpInterfaces, snmpSystem } from './snmp-tables.ts';
export type { SnmpTable, SnmpValue } from './snmp-walk.ts';
export { openSsh, type Ssh, type SshAuth, SshError, type SshExecOptions, type SshOptions } from './ssh.ts';
export { type SshFrrOptions, sshFrr } from './ssh-frr.ts';
export type { HostKey } from './ssh-host-keys.ts';
export { answers, type Daemon, Vty, VtyError, type VtyOptions } from './vty.ts';
export {
  interfaces,
  type NextHopGroup,
  nexthopGroups,
  type ZebraInterface,
  type ZebraNextHop,
  type ZebraRoute,
  zebraRoutes,
} from './zebra.ts';
