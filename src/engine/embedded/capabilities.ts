/** What root inside a node may do. */
import { readFileSync } from 'node:fs';

/** In the order of their numbers (capabilities(7)). */
// biome-ignore format: one table
const ALL = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT',
  'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE',
  'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ',
  'PERFMON', 'BPF', 'CHECKPOINT_RESTORE',
];

/** Those that reach past the node into the host itself. */
// biome-ignore format: one table
const NEVER = new Set([
  'SYS_MODULE', 'SYS_RAWIO', 'SYS_BOOT', 'SYS_TIME', 'MKNOD', 'LINUX_IMMUTABLE', 'SYSLOG', 'DAC_READ_SEARCH', 'MAC_OVERRIDE', 'MAC_ADMIN',
  'AUDIT_CONTROL', 'AUDIT_READ', 'WAKE_ALARM', 'BLOCK_SUSPEND',
]);

/** Capabilities for a node: runc refuses those that this process does not have itself. */
export function nodeCapabilities(status = readFileSync('/proc/self/status', 'utf8')): string[] {
  const mask = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return ALL.filter((name, bit) => (mask >> BigInt(bit)) & 1n && !NEVER.has(name)).map((name) => `CAP_${name}`);
}
