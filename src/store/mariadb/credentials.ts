/** Users of a run, with passwords that are made for it and never leave its state folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `manager` may do all, `replica` may replicate, `app` may read and write the clients' tables. */
export type UserName = 'manager' | 'replica' | 'app';
export type Credentials = Readonly<Record<UserName, string>>;

/** What clients and the manager write to. */
const SCHEMA = [
  'CREATE DATABASE lab;',
  'CREATE TABLE lab.heartbeat (id INT PRIMARY KEY, at_ms BIGINT NOT NULL);',
  'CREATE TABLE lab.registers (name VARCHAR(64) PRIMARY KEY, value BIGINT NOT NULL);',
  'CREATE TABLE lab.accounts (name VARCHAR(64) PRIMARY KEY, balance BIGINT NOT NULL);',
  'CREATE TABLE lab.elements (value BIGINT NOT NULL);',
  'CREATE TABLE lab.lists (name VARCHAR(64) PRIMARY KEY, value TEXT NOT NULL);',
];

/** Passwords of a lab, made at the first call. @param dir the store's folder within the lab's state */
export function credentialsIn(dir: string): Credentials {
  const file = credentialsFile(dir);
  if (!existsSync(file)) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const password = () => randomBytes(18).toString('base64url');
    writeFileSync(file, JSON.stringify({ manager: password(), replica: password(), app: password() }), { mode: 0o600 });
  }
  return Object.freeze(JSON.parse(readFileSync(file, 'utf8')) as Credentials);
}

export function credentialsFile(dir: string): string {
  return join(dir, 'credentials.json');
}

/** What a new member executes at its first start, outside its binary log: the same users everywhere, and no other. */
export function initSql({ manager, replica, app }: Credentials): string {
  return [
    'SET SESSION sql_log_bin=0;',
    "DELETE FROM mysql.global_priv WHERE User NOT IN ('mariadb.sys');",
    'FLUSH PRIVILEGES;',
    `CREATE USER manager@'%' IDENTIFIED BY '${manager}';`,
    "GRANT ALL PRIVILEGES ON *.* TO manager@'%' WITH GRANT OPTION;",
    `CREATE USER replica@'%' IDENTIFIED BY '${replica}';`,
    "GRANT REPLICATION SLAVE ON *.* TO replica@'%';",
    `CREATE USER app@'%' IDENTIFIED BY '${app}';`,
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lab.* TO app@'%';",
    ...SCHEMA,
    '',
  ].join('\n');
}
