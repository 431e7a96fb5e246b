/** The command line as data: verbs, their operands and their flags. Other people's scripts depend on it. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { UsageError } from '../errors.ts';

export interface VerbUsage {
  readonly operands: string;
  /** Fewest and most operands. */
  readonly count: readonly [number, number];
  readonly options: ParseArgsOptionsConfig;
  readonly summary: string;
}

const topology = { type: 'string', short: 't' } as const;
const name = { type: 'string' } as const;
const set = { type: 'string', multiple: true } as const;
const seed = { type: 'string' } as const;
const format = { type: 'string', short: 'f' } as const;
const json = { type: 'boolean' } as const;

/** In the order in which help lists them. */
export const verbs: Readonly<Record<string, VerbUsage>> = Object.freeze({
  run: {
    operands: 'LAB|FILE|DIR',
    count: [1, 1],
    options: {
      engine: { type: 'string' },
      seed,
      set,
      name,
      keep: { type: 'string' },
      json,
      junit: { type: 'string' },
      'baseline-only': { type: 'boolean' },
    },
    summary: 'boot it, break it, prove it; --keep always|on-fail leaves the lab running',
  },
  generate: {
    operands: 'LAB',
    count: [1, 1],
    options: { out: { type: 'string', short: 'o' }, set, json },
    summary: 'write the topology, the configurations and fabric.json',
  },
  check: {
    operands: 'LAB|FILE|DIR',
    count: [1, 1],
    options: { set, json },
    summary: 'judge a design without booting it',
  },
  deploy: {
    operands: '[LAB|FILE|DIR]',
    count: [0, 1],
    options: {
      topo: topology,
      name,
      set,
      seed,
      reconfigure: { type: 'boolean', short: 'c' },
      'no-wait': { type: 'boolean' },
      json,
    },
    summary: 'boot a lab and leave it running',
  },
  destroy: {
    operands: '[LAB]',
    count: [0, 1],
    options: { topo: topology, name, cleanup: { type: 'boolean', short: 'c' }, all: { type: 'boolean', short: 'a' } },
    summary: 'take a lab down, whatever state it is in',
  },
  inspect: {
    operands: '[LAB]',
    count: [0, 1],
    options: { topo: topology, name, all: { type: 'boolean', short: 'a' }, format },
    summary: 'list the nodes of running labs',
  },
  exec: {
    operands: '[LAB]',
    count: [0, 1],
    options: {
      topo: topology,
      name,
      node: { type: 'string', multiple: true },
      cmd: { type: 'string', multiple: true },
      format,
    },
    summary: 'run --cmd on every node, or on each --node',
  },
  graph: { operands: 'LAB|FILE|DIR', count: [1, 1], options: { set }, summary: 'print the topology as Mermaid' },
  fault: {
    operands: 'LAB KIND TARGET',
    count: [3, 3],
    options: { for: { type: 'string' }, json },
    summary: 'break one thing in a running lab; --for 5s heals it afterwards, Ctrl-C sooner',
  },
  shell: { operands: 'NODE', count: [1, 1], options: { name }, summary: 'a shell on a node of a running lab' },
  capture: {
    operands: 'LINK',
    count: [1, 1],
    options: { name, write: { type: 'string', short: 'w' }, count: { type: 'string' } },
    summary: 'pcap of a link end (NODE:INTERFACE), to a file or to standard output',
  },
  save: { operands: '[LAB]', count: [0, 1], options: { name }, summary: 'running configurations back to the folder' },
  reload: {
    operands: 'NODE',
    count: [1, 1],
    options: { name },
    summary: 'apply an edited configuration and show its difference',
  },
  judge: {
    operands: 'RECORD',
    count: [1, 1],
    options: { json },
    summary: "judge a run record again, with today's checkers",
  },
});

export interface ParsedCommand {
  readonly verb: string;
  readonly operands: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** @throws UsageError with what was wrong and the verb's usage */
export function parseCommand(argv: readonly string[]): ParsedCommand {
  const [verb = '', ...rest] = argv;
  const usage = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (usage === undefined) {
    throw new UsageError(
      `${verb === '' ? 'no verb given' : `there is no verb '${verb}'`}; the verbs are ${Object.keys(verbs).join(', ')}`,
    );
  }
  try {
    const { values, positionals } = parseArgs({
      args: verb === 'run' ? spellKeep(rest) : rest,
      options: usage.options,
      allowPositionals: true,
    });
    const [least, most] = usage.count;
    if (positionals.length < least || positionals.length > most) {
      throw new UsageError(`${verb} takes ${usage.operands}, not ${positionals.length} operands`);
    }
    return { verb, operands: positionals, values: values as ParsedCommand['values'] };
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${error.message}\nusage: leafstorm ${usageLine(verb)}`);
    throw new UsageError(`${(error as Error).message}\nusage: leafstorm ${usageLine(verb)}`, { cause: error });
  }
}

/** `--keep` alone keeps always; `--keep on-fail` keeps a run that did not pass. */
function spellKeep(args: readonly string[]): string[] {
  const at = args.indexOf('--keep');
  if (at < 0) return [...args];
  const next = args[at + 1];
  const given = next === 'on-fail' || next === 'always';
  return [...args.slice(0, at), `--keep=${given ? next : 'always'}`, ...args.slice(at + (given ? 2 : 1))];
}

/** `run LAB|FILE|DIR [--engine VALUE] ...` */
export function usageLine(verb: string): string {
  const usage = verbs[verb];
  if (usage === undefined) return verb;
  const flags = Object.entries(usage.options).map(([flag, { type, short }]) => {
    const spelled = `${short === undefined ? '' : `-${short}|`}--${flag}`;
    return `[${spelled}${type === 'string' ? ' VALUE' : ''}]`;
  });
  return [verb, usage.operands, ...flags].join(' ');
}

/** The whole help text. */
export function helpText(): string {
  const lines = Object.entries(verbs).map(
    ([verb, { operands, summary }]) => `  ${`${verb} ${operands}`.padEnd(26)} ${summary}`,
  );
  return [
    'leafstorm VERB ...: boots a network lab, breaks it, and proves what held',
    '',
    ...lines,
    '',
    'A LAB is a folder of labs/; --set NAME=VALUE overrides a parameter of its design. leafstorm VERB --help lists flags.',
    'Exit status: 0 pass, 1 fail, 2 unknown, 64 wrong usage, 65 bad input, 69 something needed is missing.',
    '',
  ].join('\n');
}
