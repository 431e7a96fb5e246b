/** Whether the host can hold the disks that a lab asks for. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../errors.ts';
import { stateRoot } from './paths.ts';
import type { LabPlan } from './plan.ts';

/**
 * Images are sparse, so that disks together may be larger than the host; one alone may not: it could never be full.
 * @throws InputError naming every disk that is larger than the host's free space
 */
export function requireDiskSpace(plan: LabPlan): void {
  const place = nearest(stateRoot());
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const problems = plan.nodes.flatMap(({ name, spec, disks }) =>
    disks
      .filter(({ bytes }) => bytes > free)
      .map(
        ({ mountPoint, bytes }) =>
          `${spec.at.file}:${spec.at.line}: node ${name}: its disk at ${mountPoint} has ${size(bytes)}, and ${size(free)} are free at ${place}: make the disk smaller, free some space, or set LEAFSTORM_STATE to a folder with more`,
      ),
  );
  if (problems.length > 0) throw new InputError(problems);
}

function nearest(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder));
}

function size(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.floor(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
