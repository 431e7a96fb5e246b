/** Judges a power tree that somebody wrote by hand. */

const ELEMENTS = ['feed', 'ups', 'pdu', 'outlet'];
const PLACES = ['rack', 'row', 'zone', 'pod', 'centre'];

type Named = Readonly<Record<string, unknown>> & { readonly name: string };

/**
 * All that is wrong with a power tree, each by name: shapes, names taken twice, names of nothing, cycles, elements and devices without a
 * feed, nodes without power. Empty where it can be cut.
 * @param value what claims to be a `PowerTree`
 * @param nodes all nodes of the fabric
 */
export function powerProblems(value: unknown, nodes: readonly string[]): readonly string[] {
  const tree = value as Readonly<Record<string, unknown>> | null;
  const problems: string[] = [];
  const rows = (field: string, key: string, kinds?: readonly string[]): Named[] => {
    const all = tree?.[field];
    if (!Array.isArray(all)) {
      problems.push(`${field}: must be an array`);
      return [];
    }
    return all.flatMap((row: Readonly<Record<string, unknown>> | null, i) => {
      const name = row?.[key];
      const what = kinds === undefined ? key : `${key} and a kind of ${kinds.join(', ')}`;
      if (typeof name !== 'string' || name === '' || (kinds && !kinds.includes(row?.['kind'] as string))) {
        problems.push(`${field}[${i}]: must have a ${what}`);
        return [];
      }
      return [{ ...row, name }];
    });
  };
  const elements = rows('elements', 'name', ELEMENTS);
  const places = rows('places', 'name', PLACES);
  const devices = rows('devices', 'node');
  const lists = [...elements.map((one) => [one, 'from'] as const), ...devices.map((one) => [one, 'supplies'] as const)];
  for (const [one, field] of lists) {
    if (!Array.isArray(one[field])) problems.push(`${one.name}: ${field} must be an array of elements' names`);
  }
  if (problems.length > 0) return problems;

  problems.push(...twice([...elements, ...places]), ...twice(devices));
  const parents = new Map(elements.map((one) => [one.name, namesOf(one['from'])]));
  const within = new Map(places.map((one) => [one.name, namesOf(one['within'])]));
  for (const one of [...elements, ...devices, ...places]) {
    for (const place of namesOf(one['within'])) {
      if (!within.has(place)) problems.push(`${one.name} stands in '${place}', and there is no such place`);
    }
  }
  for (const [names, known] of [[elements, 'from'] as const, [devices, 'supplies'] as const]) {
    for (const one of names) {
      for (const source of namesOf(one[known])) {
        if (!parents.has(source)) problems.push(`${one.name} draws from '${source}', and there is no such element`);
      }
    }
  }
  problems.push(...cycles(parents, 'draws from'), ...cycles(within, 'stands in'));
  if (problems.length > 0) return problems;

  const feeds = new Set(elements.filter((one) => one['kind'] === 'feed').map(({ name }) => name));
  const isFed = (name: string): boolean => feeds.has(name) || (parents.get(name) ?? []).some(isFed);
  for (const { name, kind } of elements) {
    if (kind === 'feed' && (parents.get(name) ?? []).length > 0)
      problems.push(`${name} is a feed and draws from another`);
    if (!isFed(name)) problems.push(`${name} has no feed: nothing that it draws from reaches one`);
  }
  for (const { name, supplies } of devices) {
    if (!namesOf(supplies).some(isFed)) problems.push(`device ${name} has no feed: plug one of its supplies in`);
    if (!nodes.includes(name)) problems.push(`device ${name} is no node of the fabric`);
  }
  const powered = new Set(devices.map(({ name }) => name));
  for (const node of nodes) if (!powered.has(node)) problems.push(`device ${node} has no feed: it is not in the tree`);
  return problems;
}

/** One name or several, as written; nothing where it is neither. */
function namesOf(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return all.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
}

function twice(all: readonly Named[]): readonly string[] {
  const seen = new Set<string>();
  return all.flatMap(({ name }) => {
    if (seen.has(name)) return [`${name} is there twice`];
    seen.add(name);
    return [];
  });
}

/** Each cycle once, with its way round. */
function cycles(next: ReadonlyMap<string, readonly string[]>, verb: string): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const at = path.indexOf(name);
    if (at !== -1) {
      found.push(`${[...path.slice(at), name].join(` ${verb} `)}: a cycle`);
      return;
    }
    if (done.has(name)) return;
    for (const other of next.get(name) ?? []) walk(other, [...path, name]);
    done.add(name);
  };
  for (const name of next.keys()) walk(name, []);
  return found;
}
