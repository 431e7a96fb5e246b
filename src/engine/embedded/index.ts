/** The embedded engine: each node a runc container on namespaces of its own, from the host's own packages. */
export { embedded } from './engine.ts';
