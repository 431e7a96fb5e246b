/** Design -> fabric -> topology and configurations. */
export * from './cidr.ts';
export { designProblems } from './design-problems.ts';
export * from './fabric.ts';
export { deepFreeze } from './freeze.ts';
export { type PowerSource, poweredBy, powerSources, unpowered } from './power-cut.ts';
export { powerProblems } from './power-problems.ts';
export { readFabric } from './read.ts';
export { bfdFor, type FabricSize, sizeOf, timersFor } from './timers.ts';
export { topologyOf } from './topology.ts';
export { workOut } from './work-out.ts';
export { type WrittenFabric, writeFabric } from './write.ts';
