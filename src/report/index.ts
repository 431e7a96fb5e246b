/** Terminal, JUnit. */
export type { Reporter, RunEvent, UntimedEvent } from './events.ts';
export { junit } from './junit.ts';
export { mermaid } from './mermaid.ts';
export { terminalReporter } from './terminal.ts';
