/** The command: one verb, one module. Only what the verb needs is loaded. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Stripping types and compiling costs more than most verbs' own work; the second start takes both from the cache.
enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'compile'));

const { EXIT, InputError, MissingError, UsageError } = await import('../errors.ts');

/** What a verb gives back is the exit status. */
export type Verb = (command: import('./arguments.ts').ParsedCommand) => Promise<number>;

async function main(argv: readonly string[]): Promise<number> {
  const { helpText, parseCommand, usageLine, verbs } = await import('./arguments.ts');
  const [verb = ''] = argv;
  if (argv.length === 0 || verb === 'help' || verb === '--help' || verb === '-h') {
    process.stdout.write(helpText());
    return argv.length === 0 ? EXIT.usage : EXIT.pass;
  }
  if (Object.hasOwn(verbs, verb) && (argv.includes('--help') || argv.includes('-h'))) {
    process.stdout.write(`leafstorm ${usageLine(verb)}\n  ${verbs[verb]?.summary}\n`);
    return EXIT.pass;
  }
  const command = parseCommand(argv);
  const module: { readonly [name: string]: Verb } = await import(`./verbs/${command.verb}.ts`);
  return (module[command.verb] as Verb)(command);
}

// Who reads along may leave early (`| head`): the job goes on to its end, and takes its lab down.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = tell(error);
}

/** What the host said no to, in words, and what to do about it. */
function refusedByHost({ code, path = '', dest }: NodeJS.ErrnoException & { readonly dest?: string }) {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `the disk is full: cannot write ${dest ?? path}; free some space and start again`;
    return { message, status: EXIT.missing };
  }
  if (path === '') return undefined;
  const messages: Readonly<Record<string, string>> = {
    EACCES: `this user may not read or write ${dest ?? path}; change its permissions, or run this as another user`,
    EPERM: `this user may not change ${dest ?? path}; run this as another user`,
    EROFS: `${dest ?? path} is on a disk that cannot be written to; choose another folder`,
    EISDIR: `${path} is a folder where a file is expected; name a file`,
    ENOTDIR: `${path} cannot be: part of it is a file, not a folder; choose another path`,
    ENAMETOOLONG: `${path.slice(0, 80)}... is too long for a path; choose a shorter one`,
  };
  const message = messages[code ?? ''];
  return message === undefined ? undefined : { message, status: EXIT.input };
}

/** One clear message for what the user can mend; the stack only for what is ours to mend. */
function tell(error: unknown): number {
  const say = (text: string) => process.stderr.write(`leafstorm: ${text}\n`);
  if (error instanceof UsageError) {
    say(error.message);
    return EXIT.usage;
  }
  if (error instanceof InputError) {
    for (const problem of error.problems) say(problem);
    return EXIT.input;
  }
  if (error instanceof MissingError) {
    say(error.message);
    return EXIT.missing;
  }
  const refusal = refusedByHost(error as NodeJS.ErrnoException & { readonly dest?: string });
  if (refusal !== undefined) {
    say(refusal.message);
    return refusal.status;
  }
  say(
    error instanceof Error
      ? process.env['LEAFSTORM_DEBUG']
        ? (error.stack ?? error.message)
        : error.message
      : String(error),
  );
  return EXIT.unknown;
}
