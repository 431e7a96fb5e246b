/** The embedded engine: each node a runc container on namespaces of its own, from the host's own packages. */
export { type CaptureOptions, captureArgv, shellArgv } from './by-hand.ts';
export { embedded } from './engine.ts';
export { type InspectedNode, inspectJson } from './inspect.ts';
export { shellWords as splitWords } from './shell-words.ts';
