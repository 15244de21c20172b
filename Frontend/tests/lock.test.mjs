import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missing, platformOf } from '../scripts/complete-lock.mjs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

describe('the lock file', () => {
  it('holds the native packages of every platform, also of those this registry lacks', () => {
    expect([...missing(lock).keys()]).toEqual([]);
  });

  it('names no registry', () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved?.startsWith('http'))).toEqual([]);
  });

  it('tells the platform of a native package by its name', () => {
    expect(platformOf('@next/swc-linux-x64-gnu')).toEqual({ cpu: ['x64'], libc: ['glibc'], os: ['linux'] });
    expect(platformOf('@unrs/resolver-binding-linux-arm-musleabihf')).toEqual({ cpu: ['arm'], libc: ['musl'], os: ['linux'] });
    expect(platformOf('@next/swc-win32-arm64-msvc')).toEqual({ cpu: ['arm64'], os: ['win32'] });
    expect(platformOf('@tailwindcss/oxide-wasm32-wasi')).toEqual({ cpu: ['wasm32'] });
  });

  it('finds a package beside its parent and above it', () => {
    const parent = { optionalDependencies: { native: '1.0.0' } };
    const native = { version: '1.0.0' };
    expect(missing({ packages: { 'node_modules/a': parent, 'node_modules/native': native } }).size).toBe(0);
    expect(missing({ packages: { 'node_modules/a': parent, 'node_modules/a/node_modules/native': native } }).size).toBe(0);
    expect(missing({ packages: { 'node_modules/a/node_modules/b': parent, 'node_modules/a/node_modules/native': native } }).size).toBe(0);
    expect([...missing({ packages: { 'node_modules/a': parent } }).keys()]).toEqual(['node_modules/native']);
  });
});
