/** etcd on the racks, and load on it. */
export { CLIENT_PORT, DATA_DIR, type EtcdOptions, etcdArgv, PEER_PORT } from './argv.ts';
export { type Client, type ClientOptions, type Completed, createClient } from './client.ts';
export { type Etcd, etcd, etcdWith, type RunningEtcd } from './etcd.ts';
export { type LoadOptions, startLoad } from './load.ts';
export { type MemberStatus, statusOf } from './status.ts';
