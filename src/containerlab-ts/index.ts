/** The containerlab topology format: read with positions, check, work out, write. */

// Problems that only the host can tell.
export { checkBinds } from './check-binds.ts';
export type { BriefLink, ExtendedLink, LinkDefinition, NodeDefinition, Plain, TopologyDocument } from './document.ts';
// A topology becomes a document again, nothing inherited.
export { flatten } from './flatten.ts';
export { isKnownKind } from './kinds.ts';
// Names and folders of what a topology describes.
export { containerName, DEFAULT_PREFIX, interfaceFault, labDirectory, nameFault, nodeDirectory } from './names.ts';
// A text becomes a topology, or a list of problems with places. The only part that needs the YAML parser, which is loaded on first use.
export { type ReadOptions, readTopology } from './read/topology.ts';
export { parseSize } from './sizes.ts';
export type {
  Bind,
  Position,
  Problem,
  ReadResult,
  Setting,
  Topology,
  TopologyEndpoint,
  TopologyLink,
  TopologyNode,
} from './topology.ts';
export type { Environment } from './variables.ts';
// A document becomes a text.
export { writeTopology } from './write/topology.ts';
