/** A topology as a Mermaid flow chart: one row a role, top to bottom. */

/** What is drawn of a topology. */
export interface DrawnTopology {
  readonly nodes: readonly {
    readonly name: string;
    readonly group: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly links: readonly { readonly a: DrawnEnd; readonly z: DrawnEnd }[];
}

interface DrawnEnd {
  readonly node: string;
  readonly interface: string;
}

/** The whole chart as text. */
export function mermaid({ nodes, links }: DrawnTopology): string {
  const ids = new Map(nodes.map(({ name }, i) => [name, `n${i}`]));
  const rows = Map.groupBy(nodes, ({ labels, group }) => labels['leafstorm-role'] ?? (group || 'node'));
  const lines = ['flowchart TB'];
  for (const [role, members] of rows) {
    lines.push(`  subgraph ${quote(role)}`);
    for (const { name } of members) lines.push(`    ${ids.get(name)}[${quote(name)}]`);
    lines.push('  end');
  }
  for (const { a, z } of links)
    lines.push(`  ${ids.get(a.node)} ---|${quote(`${a.interface} ${z.interface}`)}| ${ids.get(z.node)}`);
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '#quot;')}"`;
}
