import { defineConfig } from 'vitest/config';

// Property tests take long on a busy machine: the bound only ends what hangs. Speed is measured in bench/.
export default defineConfig({
  test: { globalSetup: ['test/logs-are-clean.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
