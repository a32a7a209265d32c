// Loaded into a bot before it starts: at SIGUSR2 it collects its garbage, so that what it holds is measured and not what it has thrown away.
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  globalThis.gc?.();
});
