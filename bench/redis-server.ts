import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** A Redis of its own on a free port, nothing kept on disk; `undefined` means: this machine has none. */
export async function startRedis(): Promise<{ readonly url: string; readonly end: () => void } | undefined> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const child: ChildProcess = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const isUp = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(false));
    child.stdout?.on('data', (piece) => {
      if (String(piece).includes('eady to accept connections')) resolve(true);
    });
  });
  const end = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  if (isUp) return { url: `redis://127.0.0.1:${port}`, end };
  end();
  return undefined;
}
