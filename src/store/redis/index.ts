/** Redis with Sentinel on the racks, and load on it. */
export { type CacheRequest, type Client, type ClientOptions, createClient } from './client.ts';
export { DATA_DIR, PORT, type RedisOptions, SENTINEL_PORT } from './config.ts';
export { type CacheLoadOptions, startCacheLoad } from './load.ts';
export { redis, redisWith } from './redis.ts';
export { agreedPrimary, type MemberRole, roleOf } from './status.ts';
