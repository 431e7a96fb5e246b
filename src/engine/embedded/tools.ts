/** What the embedded engine needs of the host, asked for before anything is started. */
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { MissingError } from '../../errors.ts';
import { PATH } from '../../linux/run.ts';
import type { LabPlan } from './plan.ts';
import type { Program } from './recipes/index.ts';

const ALWAYS: readonly Program[] = [
  { path: 'runc', package: 'runc' },
  { path: 'ip', package: 'iproute2' },
  { path: 'tc', package: 'iproute2' },
  { path: 'nft', package: 'nftables' },
];
const FOR_DISKS: readonly Program[] = [
  { path: 'mkfs.ext4', package: 'e2fsprogs' },
  { path: 'e2fsck', package: 'e2fsprogs' },
  { path: 'unshare', package: 'util-linux' },
  { path: 'mount', package: 'mount' },
];

/** @throws MissingError naming the packages to install, or that root is needed */
export function requireTools(plan: LabPlan): void {
  if (process.getuid?.() !== 0) {
    throw new MissingError('the embedded engine makes namespaces and mounts: run it as root (sudo)');
  }
  const disks = plan.nodes.some((node) => node.disks.length > 0) ? FOR_DISKS : [];
  const recipes = new Set(plan.nodes.map(({ recipe }) => recipe));
  const programs = [...ALWAYS, ...disks, ...[...recipes].flatMap((recipe) => recipe.programs)];
  requirePrograms(programs);
}

/** @throws MissingError naming the packages to install */
export function requirePrograms(programs: readonly Program[]): void {
  const missing = programs.filter(({ path }) => !isInstalled(path));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => program.package))].sort();
  throw new MissingError(
    `not on this machine: ${missing.map(({ path }) => path).join(', ')}; install it with: apt-get install ${packages.join(' ')}`,
  );
}

function isInstalled(program: string): boolean {
  const places = isAbsolute(program) ? [program] : PATH.split(delimiter).map((folder) => join(folder, program));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Environment of every program that the engine starts on the host for a lab: `destroy` finds strays by it, also after a crash. */
export function labEnvironment(labDir: string): Readonly<Record<string, string>> {
  return { PATH, LANG: 'C', LEAFSTORM_LAB_DIR: labDir };
}
