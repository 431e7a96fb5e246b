/** Runs labs. */
export {
  type DesignParameters,
  defineLab,
  type Expectations,
  type FaultLimits,
  type LabDefinition,
  type StorePlan,
} from './definition.ts';
export { judgeRecord } from './judge.ts';
export { type ActiveFault, Lab, type LabOptions } from './lab.ts';
export { type RunOptions, type RunResult, run } from './run.ts';
export { type LabSource, labNames, loadSource } from './source.ts';
export type { FaultRecord, StoreRecord, VerdictFile } from './verdict-file.ts';
