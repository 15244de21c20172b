import { defineConfig, globalIgnores } from 'eslint/config';
import vitals from 'eslint-config-next/core-web-vitals';
import typescript from 'eslint-config-next/typescript';

export default defineConfig([
  ...vitals,
  ...typescript,
  { rules: { '@next/next/no-img-element': 'off' } },
  globalIgnores(['.next/**', 'node_modules/**', 'next-env.d.ts', 'lib/api-types.ts']),
]);
