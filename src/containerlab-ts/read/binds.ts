/** Binds: files and folders of the host that a node sees. */
import { homedir } from 'node:os';
import { dirname, isAbsolute, posix, resolve } from 'node:path';
import { quoted } from '../names.ts';
import type { Bind } from '../topology.ts';
import type { Report } from './report.ts';
import type { Value } from './value.ts';

/** Options of a bind mount that container runtimes know. */
const OPTIONS: ReadonlySet<string> = new Set(
  'ro rw z Z U nocopy cached consistent delegated shared rshared slave rslave private rprivate'.split(' '),
);

const FORM = 'Write "source:target" or "source:target:ro".';

/**
 * A node's binds, one for each target; of two for one target the later wins, which is the more specific one.
 *
 * @param lists `binds` as inherited, from the defaults down
 */
export function readBinds(
  lists: Value | undefined,
  file: string,
  magic: (text: string) => string,
  report: Report,
): readonly Bind[] {
  const binds = new Map<string, Bind>();
  for (const item of lists?.kind === 'list' ? lists.items : []) {
    if (item.kind !== 'scalar') continue;
    const bind = readBind(magic(item.text), item.at, file, report);
    if (bind !== undefined) binds.set(bind.target, bind);
  }
  return Object.freeze([...binds.values()]);
}

function readBind(text: string, at: number, file: string, report: Report): Bind | undefined {
  const refuse = (why: string, remedy: string) => {
    report.add(at, `the bind ${quoted(text)} ${why}`, remedy);
    return undefined;
  };
  const [source, target, options, ...more] = text.split(':');
  if (more.length > 0 || source === undefined || target === undefined)
    return refuse('does not have a source and a target', FORM);
  if (/\p{Cc}/u.test(text))
    return refuse('has a control character', 'Remove it; a path in double quotes needs no backslashes.');
  if (source === '' || target === '') return refuse(`has an empty ${source === '' ? 'source' : 'target'}`, FORM);
  if (!isAbsolute(target) || target.split('/').includes('..')) {
    return refuse(
      'has a target that is not an absolute path without ".."',
      'Write the target as the node shall see it, starting with "/".',
    );
  }
  if (!isAbsolute(source) && leaves(source)) {
    return refuse(
      "leads out of the lab's folder",
      'Move the file into the folder of the topology, or write an absolute path.',
    );
  }
  const words = options === undefined ? [] : options.split(',');
  const unknown = words.find((word) => !OPTIONS.has(word));
  if (unknown !== undefined)
    return refuse(`has an unknown option ${quoted(unknown)}`, `Known: ${[...OPTIONS].join(', ')}.`);
  const others = words.filter((word) => word !== 'ro' && word !== 'rw');
  return Object.freeze({
    source:
      source === '~' || source.startsWith('~/')
        ? resolve(homedir(), `.${source.slice(1)}`)
        : resolve(dirname(resolve(file)), source),
    target: withoutTrailingSlash(posix.normalize(target)),
    readOnly: words.includes('ro'),
    at: report.position(at),
    ...(others.length > 0 ? { options: Object.freeze(others) } : {}),
  });
}

/** Whether a relative path leads above where it starts, once or on the way. */
function leaves(path: string): boolean {
  const normal = posix.normalize(path);
  return normal === '..' || normal.startsWith('../') || (path.startsWith('~/') && path.split('/').includes('..'));
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
