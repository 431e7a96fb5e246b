/** Judges a design or edited configurations without booting. */
export { checkDesign } from './check-design.ts';
export { type Difference, differences } from './differences.ts';
export type { Finding, Severity } from './finding.ts';
export type { DesignInput } from './network.ts';
export { frrConfFile, type NodeConfig, readConfigs } from './read-configs.ts';
export { rules } from './rules/index.ts';
