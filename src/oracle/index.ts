/** The oracle: configurations and links, minus what failed, give the routes that must exist. */
export { type Announcement, withAnnouncements } from './announce.ts';
export { asPathPermits } from './as-path-list.ts';
export type { Failures, OracleInput, OracleLink, PredictedSession, Prediction } from './oracle.ts';
export { predict } from './predict.ts';
