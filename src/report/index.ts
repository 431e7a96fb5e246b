/** Terminal, JUnit. */
export type { Reporter, RunEvent, UntimedEvent } from './events.ts';
export { junit } from './junit.ts';
export { terminalReporter } from './terminal.ts';
