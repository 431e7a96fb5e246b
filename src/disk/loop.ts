/** Which loop devices a file stands behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Loop devices (`/dev/loopN`) whose image lies in a folder; asks the kernel, not a tool. */
export function loopDevicesIn(folder: string): { readonly device: string; readonly image: string }[] {
  const found: { device: string; image: string }[] = [];
  for (const name of readdirSync('/sys/block')) {
    if (!name.startsWith('loop')) continue;
    const image = backingFile(name);
    if (image?.startsWith(`${folder}/`)) found.push({ device: `/dev/${name}`, image });
  }
  return found;
}

/**
 * Waits until no loop device holds an image of the folder any more.
 * @throws Error naming the devices that stay: their file systems are still alive somewhere, and mounting the image again would
 * attach to the dead one
 */
export async function waitForLoopDevicesGone(folder: string, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const left = loopDevicesIn(folder);
    if (left.length === 0) return;
    if (Date.now() >= until) {
      const names = left.map(({ device, image }) => `${device} (${image})`).join(', ');
      throw new Error(
        `still in use ${timeoutMs} ms after the last process of its node ended: ${names}; another mount namespace holds it`,
      );
    }
    await sleep(1);
  }
}

function backingFile(name: string): string | undefined {
  try {
    return readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8')
      .trim()
      .replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}
