/** What a rule is, and what rules share. */
import type { Finding, Severity } from './finding.ts';
import type { NamedLink, Network, Router } from './network.ts';
import type { NodeConfig } from './read-configs.ts';

export interface Rule {
  /** As its file. */
  readonly name: string;
  /** Every place that breaks the rule. Pure. */
  judge(network: Network): Iterable<Found>;
}

/** A finding before it carries its rule's name. */
export type Found = Omit<Finding, 'rule'>;

/** Line of a path of the model, or of the nearest block around it that has one; 1 where none has. */
export function lineOf(config: Pick<NodeConfig, 'lines'>, path: string): number {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const line = config.lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}

/** What a finding says, apart from where. */
export interface Words {
  readonly severity: Severity;
  readonly message: string;
  readonly remedy: string;
  readonly link?: Pick<NamedLink, 'name'> | undefined;
}

/** A finding about a statement of a router's configuration. */
export function atStatement(router: Router, path: string, { severity, message, remedy, link }: Words): Found {
  return {
    severity,
    node: router.name,
    ...(link && { link: link.name }),
    file: router.file,
    line: lineOf(router, path),
    message,
    remedy,
  };
}

/** A finding about a place in the topology file. */
export function inTopology(
  { topology }: Network,
  node: string,
  line: number,
  { severity, message, remedy, link }: Words,
): Found {
  return { severity, node, ...(link && { link: link.name }), file: topology.file, line, message, remedy };
}

/** Of several that hold what only one may: those that the intent does not give it; where it does not tell, all but the first. */
export function culprits<T>(holders: readonly T[], isIntended: (holder: T) => boolean): readonly T[] {
  const wrong = holders.filter((holder) => !isIntended(holder));
  return wrong.length > 0 && wrong.length < holders.length ? wrong : holders.slice(1);
}

/** `a, b, c and 5 more`. */
export function listed(values: readonly string[], most = 3): string {
  if (values.length <= most) return values.join(', ');
  return `${values.slice(0, most).join(', ')} and ${values.length - most} more`;
}
