/** MariaDB on the racks: servers, the high-availability manager, and load. */
export { type MariadbOptions, PORT } from './argv.ts';
export type { ClientDefects, Isolation } from './client-defects.ts';
export { type ConnectOptions, connect, type Session, TimeoutError } from './connection.ts';
export { type Credentials, credentialsIn } from './credentials.ts';
export { type DatabaseLoadOptions, startDatabaseLoad } from './load.ts';
export { type ManagerDefects, type ManagerTimers, TIMERS } from './manager-protocol.ts';
export { type ManagerEvent, type MariadbStoreOptions, type RunningMariadb, startMariadb } from './mariadb.ts';
export { ACCOUNTS, BANK, LISTS, OPENING_BALANCE, SET, type WorkloadName } from './workload.ts';
