/** From a topology document to the file that a person would have written. */
import type { BriefLink, LinkDefinition, NodeDefinition, Plain, TopologyDocument } from '../document.ts';
import { writeBlock, writeQuotedText, writeScalar, writeText } from './scalar.ts';

/** What readers look for first. Keys that are not here follow in the order given. */
const KEY_ORDER: readonly string[] = Object.freeze(
  'kind group type image cmd entrypoint user startup-config startup-delay cpu memory network-mode mgmt-ipv4 mgmt-ipv6 binds env labels sysctls exec'.split(
    ' ',
  ),
);

/**
 * The text of a topology file. The same document always gives the same text; reading it gives the document's topology.
 *
 * @throws RangeError for a number that is not finite
 * @example writeTopology({ name: 'two', nodes: { a: { kind: 'linux' }, b: { kind: 'linux' } }, links: [{ endpoints: ['a:eth1', 'b:eth1'] }] })
 */
export function writeTopology(document: TopologyDocument): string {
  const lines: string[] = [];
  lines.push(`name: ${writeText(document.name)}`);
  if (document.prefix !== undefined) lines.push(`prefix: ${writeText(document.prefix)}`);
  for (const key of ['mgmt', 'settings'] as const) {
    const value = document[key];
    if (value !== undefined) lines.push('', ...entryLines(key, value, ''));
  }
  lines.push('', 'topology:');
  let first = true;
  const section = (...added: string[]) => {
    if (!first) lines.push('');
    first = false;
    for (const line of added) lines.push(line);
  };
  if (document.defaults !== undefined) section(...entryLines('defaults', ordered(document.defaults), '  '));
  for (const key of ['kinds', 'groups', 'nodes'] as const) {
    const definitions = document[key];
    if (definitions === undefined) continue;
    const byName = Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [name, ordered(definition)]),
    );
    section(...entryLines(key, byName, '  '));
  }
  if (document.links.length > 0) section('  links:', ...document.links.flatMap(linkLines));
  lines.push('');
  return lines.join('\n');
}

function ordered(definition: NodeDefinition): Record<string, Plain> {
  const keys = [
    ...KEY_ORDER.filter((key) => Object.hasOwn(definition, key)),
    ...Object.keys(definition).filter((key) => !KEY_ORDER.includes(key)),
  ];
  const pairs = keys.map((key): [string, Plain | undefined] => [key, definition[key]]);
  return Object.fromEntries(pairs.filter((pair): pair is [string, Plain] => pair[1] !== undefined));
}

function linkLines(link: LinkDefinition): readonly string[] {
  if (!isBrief(link)) return itemLines(definedOnly(link), '    ');
  const { endpoints, type: _, ...rest } = link;
  const lines = [`    - endpoints: [${endpoints.map(writeQuotedText).join(', ')}]`];
  for (const [key, value] of Object.entries(rest)) lines.push(...entryLines(key, value, '      '));
  return lines;
}

function isBrief(link: LinkDefinition): link is BriefLink {
  return link.type === undefined;
}

function definedOnly(map: { readonly [key: string]: Plain | undefined }): Record<string, Plain> {
  return Object.fromEntries(Object.entries(map).filter((pair): pair is [string, Plain] => pair[1] !== undefined));
}

/** `key: value`, in as many lines as it takes. */
function entryLines(key: string, value: Plain | undefined, indent: string): string[] {
  if (value === undefined) return [];
  const start = `${indent}${writeText(key)}:`;
  if (typeof value === 'string') {
    const block = writeBlock(value);
    if (block === undefined) return [`${start} ${writeText(value)}`];
    return [`${start} ${block[0]}`, ...block.slice(1).map((line) => (line === '' ? '' : `${indent}  ${line}`))];
  }
  if (value === null || typeof value !== 'object') return [`${start} ${writeScalar(value)}`];
  if (isList(value)) {
    if (value.length === 0) return [`${start} []`];
    return [start, ...value.flatMap((item) => itemLines(item, `${indent}  `))];
  }
  const entries = Object.entries(value).flatMap(([name, part]) => entryLines(name, part, `${indent}  `));
  return entries.length === 0 ? [`${start} {}`] : [start, ...entries];
}

/** `- item`; the first line of a map or list stands behind the dash. */
function itemLines(item: Plain, indent: string): string[] {
  if (item === null || typeof item !== 'object') {
    const block = typeof item === 'string' ? writeBlock(item) : undefined;
    if (block === undefined) return [`${indent}- ${writeScalar(item)}`];
    return [`${indent}- ${block[0]}`, ...block.slice(1).map((line) => (line === '' ? '' : `${indent}  ${line}`))];
  }
  const inner = isList(item)
    ? item.flatMap((part) => itemLines(part, `${indent}  `))
    : Object.entries(item).flatMap(([name, part]) => entryLines(name, part, `${indent}  `));
  if (inner.length === 0) return [`${indent}- ${isList(item) ? '[]' : '{}'}`];
  return [`${indent}- ${inner[0]!.slice(indent.length + 2)}`, ...inner.slice(1)];
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
