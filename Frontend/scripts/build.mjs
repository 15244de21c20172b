// Prepares the storefront: installs its packages and builds it, each only when its inputs have changed.
//   node scripts/build.mjs                  npm ci, next build
//   node scripts/build.mjs --install-only   npm ci (for `npm run dev`)
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const leastNodeMajor = 20;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const buildStamp = path.join(root, '.next', 'inputs.sha256');
const buildInputs = [
  'app', 'components', 'lib', 'public', 'instrumentation.ts', 'next.config.ts', 'package.json', 'package-lock.json',
  'postcss.config.mjs', 'tsconfig.json',
];

const say = (line) => console.log(`[frontend] ${line}`);

class Problem extends Error {}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < leastNodeMajor) {
    throw new Problem(
      `Node ${process.versions.node} at ${process.execPath} is too old: the storefront needs Node ${leastNodeMajor} or newer (https://nodejs.org).`,
    );
  }
}

/** npm as Node starts it: on Windows it is a script of the shell. */
const npm = { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', shell: process.platform === 'win32' };

function checkNpm() {
  const { status, error } = spawnSync(npm.command, ['--version'], { shell: npm.shell, encoding: 'utf8' });
  if (error || status !== 0) {
    throw new Problem('npm was not found on the PATH. It comes with Node (https://nodejs.org); some systems pack it apart.');
  }
}

/** Whether node_modules holds what the lock file says, by npm's own record of the last complete install. */
function installed() {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([where, { version, dev, optional, devOptional }]) =>
      where === '' || dev || optional || devOptional || present[where]?.version === version,
  );
}

function hashInputs() {
  const hash = createHash('sha256').update(`${process.versions.node.split('.')[0]}/${process.platform}/${process.arch}\n`);
  const visit = (relative) => {
    const full = path.join(root, relative);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(path.join(relative, name));
      return;
    }
    hash.update(relative.split(path.sep).join('/')).update('\0').update(readFileSync(full)).update('\0');
  };
  for (const input of buildInputs) visit(input);
  return hash.digest('hex');
}

function built(hash) {
  return (
    existsSync(buildStamp) &&
    readFileSync(buildStamp, 'utf8').trim() === hash &&
    existsSync(path.join(root, '.next', 'BUILD_ID'))
  );
}

function run(command, args, what, shell = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      shell,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NO_UPDATE_NOTIFIER: '1' },
    });
    const started = Date.now();
    const beat = setInterval(() => say(`${what}, ${Math.round((Date.now() - started) / 1000)} s so far`), 10_000);
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
    child.on('error', (error) => {
      clearInterval(beat);
      reject(new Problem(`${what} could not start: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      clearInterval(beat);
      if (code === 0) resolve(((Date.now() - started) / 1000).toFixed(1));
      else reject(new Problem(`${what} failed (${signal ?? `exit code ${code}`}); its output is above.`));
    });
  });
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One build at a time in this folder; the lock of a process that is gone is taken over. */
async function locked(work) {
  const lock = path.join(root, '.next-build.lock');
  const give = () => rmSync(lock, { force: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw new Problem(`${root} is not writable: ${error.message}`);
      const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
      if (holder && !alive(holder)) {
        give();
        continue;
      }
      if (!told) say(`Waiting for another build of this folder (process ${holder})`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  process.once('exit', give);
  await work();
}

async function main() {
  checkNode();
  const installOnly = process.argv.includes('--install-only');
  await locked(async () => {
    if (installed()) {
      say('Packages are up to date');
    } else {
      checkNpm();
      say('Installing packages (npm ci); the first time takes a minute');
      const seconds = await run(
        npm.command,
        ['ci', '--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'],
        'Installing packages',
        npm.shell,
      );
      say(`Packages installed in ${seconds} s`);
    }
    if (installOnly) return;

    const hash = hashInputs();
    if (built(hash)) {
      say('The build is up to date');
      return;
    }
    rmSync(buildStamp, { force: true });
    say('Building the storefront (next build)');
    const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
    const seconds = await run(process.execPath, [next, 'build'], 'Building the storefront');
    mkdirSync(path.dirname(buildStamp), { recursive: true });
    writeFileSync(buildStamp, `${hash}\n`);
    say(`Built in ${seconds} s`);
  });
}

main().catch((error) => {
  console.error(`[frontend] ${error instanceof Problem ? error.message : error.stack}`);
  process.exitCode = 1;
});
