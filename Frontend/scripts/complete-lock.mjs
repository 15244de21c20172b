// Completes package-lock.json after `npm install` against a registry that lacks the native packages of other platforms.
// npm leaves those out, and `npm ci` then refuses the lock everywhere. They are pinned by their parents and never
// fetched on a foreign platform, so name, version and platform are all that an entry needs.
//   npm install && npm run lock:complete
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const systems = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony'];
const processors = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

/** `@next/swc-linux-x64-gnu` runs on linux, x64, glibc. */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const libc = words.some((word) => /^gnu/.test(word)) ? 'glibc' : words.some((word) => /^musl/.test(word)) ? 'musl' : null;
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' && libc ? { libc: [libc] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}

/** Where Node would look for `name` from the package at `from`: nearest node_modules first. */
function places(from, name) {
  const found = [];
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    found.push(`${at ? `${at}/` : ''}node_modules/${name}`);
    if (!at.includes('/node_modules/')) {
      if (at) found.push(`node_modules/${name}`);
      return found;
    }
  }
}

/** Optional dependencies that the lock names but does not hold. */
export function missing(lock) {
  const gaps = new Map();
  for (const [where, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (entry.inBundle || places(where, name).some((place) => lock.packages[place])) continue;
      gaps.set(`node_modules/${name}`, { name, version: range.replace(/^[\^~]/, ''), dev: entry.dev });
    }
  }
  return gaps;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const gaps = missing(lock);
  for (const [where, { name, version, dev }] of gaps) {
    lock.packages[where] = { version, ...platformOf(name), ...(dev ? { dev: true } : {}), optional: true };
  }
  const [root, ...rest] = Object.entries(lock.packages);
  lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${gaps.size} entries added to package-lock.json`);
}
