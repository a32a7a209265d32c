import pino, { type DestinationStream, type Logger } from 'pino';

/**
 * Standard error, written to without waiting: a line takes as long as half a turn where a program reads it. pino writes what is left when
 * the process ends by itself; only a kill from outside can lose the lines of its last moment.
 */
const standardError = (): DestinationStream => pino.destination({ dest: 2, sync: false });

/** Makes the log: JSON lines on standard error, or to another destination. Ids, kinds, counts and times only; never text, names or tokens. */
export const createLog = (level: string, destination: DestinationStream = standardError()): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['*.token', '*.text', '*.content', '*.authorization'], censor: '[left out]' },
      serializers: {
        // An error of a library may carry a request with its body: only its name, code and message go on.
        err: (error: unknown) =>
          error instanceof Error
            ? { name: error.name, code: (error as { code?: unknown }).code, message: withoutSecrets(error.message) }
            : { message: 'a value that is no error' },
      },
    },
    destination,
  );

/** A message without what looks like a token of Slack or Discord, or a password in an address. */
export const withoutSecrets = (message: string): string =>
  message
    .slice(0, 500)
    .replace(/x(?:ox[a-z]|app)-[\w-]+/g, '[token]')
    .replace(/[\w-]{20,30}\.[\w-]{5,8}\.[\w-]{25,45}/g, '[token]')
    .replace(/\/\/[^/@\s]+@/g, '//[secret]@');
