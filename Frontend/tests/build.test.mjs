import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('a Node that is too old is refused with its version and with what is needed', () => {
  const pretendToBeOld = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "18.20.1" })';
  const script = fileURLToPath(new URL('../scripts/build.mjs', import.meta.url));
  const build = spawnSync(process.execPath, ['--import', pretendToBeOld, script], { encoding: 'utf8' });
  expect(build.status).toBe(1);
  expect(build.stderr).toContain('Node 18.20.1');
  expect(build.stderr).toContain('needs Node 20 or newer');
});
