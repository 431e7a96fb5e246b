/** What watches a lab while it is broken: packets by probes, routes by netlink. */
export { type ChosenFlows, chooseFlows, type FlowChoice } from './flows.ts';
export type { Crossings } from './flows-coverage.ts';
export { type EndpointNode, endpointsOf } from './flows-endpoints.ts';
export type {
  Flow,
  FlowLoss,
  ProbeEndpoint,
  Prober,
  ProbeWindow,
  RouteWatcher,
  RouteWindow,
} from './observer.ts';
export {
  type PathMap,
  type ProbeLink,
  pathMap,
  type RouteLookup,
  type RouteQuestion,
  type Step,
  type Walk,
  walk,
} from './paths.ts';
export { type PacketCounts, receivedPackets } from './paths-counters.ts';
export { withKernelLookup } from './paths-lookup.ts';
export { type PathMismatch, type PathVerification, verifyPaths } from './paths-verify.ts';
export { intervalFor, type ProberOptions, startProber } from './prober.ts';
export { type SelfTest, type SelfTestOptions, selfTest } from './prober-self-test.ts';
export { type NodeSpread, type Spread, type SpreadQuestion, spreadBetween, spreadOf } from './spread.ts';
export { type ProcessRouteWatcher, startWatcher, type WatchedWindow } from './watcher.ts';
export { isVoid, lossOf, type WindowLoss } from './windows.ts';
