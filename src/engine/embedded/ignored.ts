/** What a topology asks for and this engine does not do: said, not hidden. */
import type { Setting, Topology } from 'containerlab-ts';

/** One line for each setting that has no effect, with the place where it stands first. */
export function ignoredSettings(topology: Topology): string[] {
  const found = new Map<string, { first: Setting; count: number }>();
  const note = (setting: Setting) => {
    const entry = found.get(setting.key);
    if (entry === undefined) found.set(setting.key, { first: setting, count: 1 });
    else entry.count++;
  };
  for (const part of [topology, ...topology.nodes, ...topology.links])
    for (const setting of part.other ?? []) note(setting);
  return [...found.values()].map(({ first: { key, at }, count }) => {
    const more = count > 1 ? ` and ${count - 1} more` : '';
    return `${at.file}:${at.line}${more}: ${key} has no effect on the embedded engine`;
  });
}
