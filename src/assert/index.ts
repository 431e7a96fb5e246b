/** Pure assertions over measurements. */
export { type Assertion, type Defect, judgeAll, judgeLimit, summary } from './assertion.ts';
export { type LossBound, lossBound } from './binomial.ts';
export { assertConverged, assertRoutes, describeDifference } from './routes.ts';
