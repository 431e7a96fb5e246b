/** Typed FRR configuration: `frr.conf` and `show running-config` to plain data and back. */

export { type DaemonConfigs, joinDaemons, splitByDaemon } from './daemons.ts';
export { withDefaults } from './defaults.ts';
export { type EffectivePeer, effectivePeer } from './effective.ts';
export type * from './model.ts';
export { type ParsedFrrConfig, parseFrrConfig, parseFrrConfigWithLines } from './parse.ts';
export { unknownStatements } from './unknown.ts';
export { writeFrrConfig } from './write.ts';
