/** What people see: one line a phase and a fault, a live line at the bottom on a terminal, plain lines otherwise. */
import type { Verdict } from '../verdict.ts';
import type { Reporter, RunEvent } from './events.ts';

export interface TerminalStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const MARK: Record<Verdict, readonly [string, number]> = { pass: ['✔', 32], fail: ['✘', 31], unknown: ['?', 33] };

const LEADS: readonly string[] = ['leader', 'primary'];

/** A reporter that writes to a stream, in colour and with a live line where it is a terminal. */
export function terminalReporter(stream: TerminalStream): Reporter {
  const tty = stream.isTTY === true;
  const paint = (text: string, code: number) => (tty ? `\u001B[${code}m${text}\u001B[0m` : text);
  const mark = (verdict: Verdict) => paint(MARK[verdict][0], MARK[verdict][1]);
  let live = '';
  const line = (text: string) => {
    if (live !== '') stream.write('\r\u001B[K');
    stream.write(`${text}\n`);
    if (live !== '') stream.write(live);
  };
  const setLive = (text: string) => {
    if (!tty) return;
    if (live !== '') stream.write('\r\u001B[K');
    live = text;
    stream.write(text);
  };
  return (event) => {
    const text = format(event, mark, (value) => paint(value, 2));
    if (event.type === 'phase')
      setLive(`… ${event.phase}${event.expectedMs ? ` (about ${seconds(event.expectedMs)})` : ''}`);
    else if (event.type === 'fault') setLive(`… ${event.kind} ${event.target}`);
    else if (event.type === 'phase-end' || event.type === 'fault-end' || event.type === 'end') setLive('');
    if (text !== undefined) line(text);
  };
}

/** One formatter a kind of event; those that only the record needs give nothing. */
function format(
  event: RunEvent,
  mark: (verdict: Verdict) => string,
  dim: (text: string) => string,
): string | undefined {
  switch (event.type) {
    case 'begin':
      return `${event.lab}: ${event.summary}; ${event.engine}, seed ${event.seed}`;
    case 'phase-end':
      return `${mark(event.verdict)} ${event.phase.padEnd(10)} ${event.summary}${dim(`  ${seconds(event.tookMs)}`)}`;
    case 'say':
      return dim(`  ${event.line}`);
    case 'assertion':
      return event.verdict === 'pass'
        ? undefined
        : `  ${mark(event.verdict)} ${event.name} ${event.target}: ${event.why}`;
    case 'role':
      // Who follows is for the record.
      return LEADS.includes(event.role)
        ? dim(`  ${event.store}: ${event.member} is ${event.role}${event.term === null ? '' : `, term ${event.term}`}`)
        : undefined;
    case 'fault-end': {
      const lost = event.lostProbes === null ? '' : ` (${event.lostProbes} probes)`;
      const figures = `fib ${ms(event.fibMs)}, loss ${ms(event.lossMs)}${lost}, heal ${ms(event.healFibMs)}`;
      const why = event.verdict === 'pass' ? '' : `\n      ${event.why}`;
      return `  ${mark(event.verdict)} ${event.kind.padEnd(20)} ${event.target.padEnd(28)} ${figures}${why}`;
    }
    case 'end':
      return `\n${mark(event.verdict)} ${event.verdict}\n  record  ${event.record}\n  replay  ${event.replay}`;
    default:
      return undefined;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

function ms(value: number | null): string {
  return value === null ? 'unknown' : `${Math.round(value)} ms`;
}
