/** What routers say and what their kernels do. */
export { type BfdPeer, bfdPeers } from './bfd.ts';
export { type BgpNextHop, type BgpPath, type BgpSession, bgpRoutes, bgpSessions } from './bgp.ts';
export { compareWithKernel, type Disagreement, disagreements } from './disagreement.ts';
export { type Frr, openFrr } from './frr.ts';
export { type Kernel, kernelRoutes, openKernel, type Peers } from './kernel.ts';
export { diffRoutes, type NextHop, type NodeRoutes, type RouteDifference, type RouteTable } from './routes.ts';
export { type DaemonConfig, runningConfig } from './running-config.ts';
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
