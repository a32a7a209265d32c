import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** Intents by their bit. */
export const INTENT = { guilds: 1, guildMessages: 1 << 9, directMessages: 1 << 12, messageContent: 1 << 15 } as const;
/** Guild members, presences and message content: refused unless switched on for the application. */
const PRIVILEGED = (1 << 1) | (1 << 8) | INTENT.messageContent;

/** An IDENTIFY that was taken. */
export interface Identified {
  readonly intents: number;
  readonly shard: readonly [number, number];
  readonly compress: boolean;
}

interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  seq: number;
  /** All that was dispatched, for a replay. */
  readonly sent: { readonly s: number; readonly packet: string }[];
  socket: WebSocket | undefined;
}

/** How the gateway is told to behave badly. */
export interface GatewayMood {
  /** Heartbeats get no ACK. */
  silent: boolean;
  /** A RESUME is refused with op 9 (d: false). */
  forgetful: boolean;
  /** Milliseconds between heartbeats. */
  heartbeatMs: number;
  /** New lines get no HELLO until `speak`. */
  mute: boolean;
  /** Every IDENTIFY is refused with this close code. */
  refuses: number | undefined;
}

/** What a gateway needs to know of the rest of the fake. */
export interface GatewayWorld {
  readonly token: () => string;
  /** Privileged intents that are switched on. */
  readonly privileged: () => number;
  readonly ready: (session: {
    id: string;
    shard: readonly [number, number];
    intents: number;
  }) => readonly (readonly [string, unknown])[];
  readonly note: (what: string, detail?: unknown) => void;
}

/** The gateway of the fake: HELLO, IDENTIFY, READY, heartbeats, RESUME with replay, ops 7 and 9. It stands on the fake's own server. */
export function createGateway(server: Server, world: GatewayWorld) {
  const sockets = new WebSocketServer({ server, path: '/gateway' });
  const sessions = new Map<string, Session>();
  const mood: GatewayMood = {
    silent: false,
    forgetful: false,
    heartbeatMs: 41_250,
    mute: false,
    refuses: undefined,
  };
  const identified: Identified[] = [];

  const dispatch = (session: Session, t: string, d: unknown): void => {
    const s = ++session.seq;
    const packet = JSON.stringify({ op: 0, t, s, d });
    session.sent.push({ s, packet });
    session.socket?.send(packet);
  };

  const waiting: (() => void)[] = [];
  sockets.on('connection', (socket) => {
    const send = (packet: unknown) => socket.send(JSON.stringify(packet));
    let session: Session | undefined;
    const hello = () => send({ op: 10, d: { heartbeat_interval: mood.heartbeatMs, _trace: [] } });
    if (mood.mute) waiting.push(hello);
    else hello();
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (session?.socket === socket) session.socket = undefined;
      world.note('closed', code);
    });
    socket.on('message', (raw) => {
      const { op, d } = JSON.parse(String(raw)) as { op: number; d: Record<string, unknown> };
      if (op === 1) {
        world.note('heartbeat');
        if (!mood.silent) send({ op: 11 });
        return;
      }
      if (op === 2) {
        const intents = Number(d.intents);
        if (mood.refuses) return socket.close(mood.refuses, 'as the test says');
        if (d.token !== world.token()) return socket.close(4004, 'Authentication failed.');
        if (intents & PRIVILEGED & ~world.privileged()) return socket.close(4014, 'Disallowed intent(s).');
        const shard = (d.shard as [number, number] | undefined) ?? [0, 1];
        session = { id: `session${sessions.size + 1}`, intents, shard, seq: 0, sent: [], socket };
        sessions.set(session.id, session);
        identified.push({ intents, shard, compress: Boolean(d.compress) });
        for (const [t, data] of world.ready(session)) dispatch(session, t, data);
        return world.note('identified');
      }
      if (op === 6) {
        const old = sessions.get(String(d.session_id));
        if (d.token !== world.token()) return socket.close(4004, 'Authentication failed.');
        if (!old || mood.forgetful) {
          send({ op: 9, d: false });
          return world.note('resume refused');
        }
        session = old;
        old.socket = socket;
        const missed = old.sent.filter((p) => p.s > Number(d.seq));
        for (const { packet } of missed) socket.send(packet);
        dispatch(old, 'RESUMED', {});
        return world.note('resumed', missed.length);
      }
    });
  });

  const all = () => [...sessions.values()];
  /** Sessions in their last identify of a shard: an older session of the same shard is dead. */
  const living = () => [...new Map(all().map((s) => [s.shard[0], s])).values()];

  return {
    mood,
    identified: identified as readonly Identified[],
    /** Sends an event to the shard of the guild (shard 0 for none), when the session's intents cover `needs`; kept for a replay. */
    emit(t: string, guildId: string | undefined, needs: number, data: (intents: number) => unknown): void {
      for (const s of living()) {
        const shard = guildId ? Number((BigInt(guildId) >> 22n) % BigInt(s.shard[1])) : 0;
        if (s.shard[0] === shard && (s.intents & needs) === needs) dispatch(s, t, data(s.intents));
      }
    },
    /** Sends the last packets of each session once more, as happens when an ACK was lost. */
    repeat(packets: number): void {
      for (const s of living()) for (const p of s.sent.slice(-packets)) s.socket?.send(p.packet);
    },
    /** Greets the lines that came while it was mute. */
    speak: () => {
      mood.mute = false;
      for (const hello of waiting.splice(0)) hello();
    },
    /** Asks for a reconnect (op 7). */
    askReconnect: () => {
      for (const s of living()) s.socket?.send(JSON.stringify({ op: 7, d: null }));
    },
    /** Ends the session (op 9). */
    invalidate: () => {
      for (const s of living()) s.socket?.send(JSON.stringify({ op: 9, d: false }));
    },
    /** Closes with a code, e.g. 4004 as when the token was reset. */
    close: (code: number) => {
      for (const s of living()) s.socket?.close(code, 'as the test says');
    },
    /** Cuts the line without a word. */
    drop: () => {
      for (const s of living()) {
        s.socket?.terminate();
        s.socket = undefined;
      }
    },
    stop: () =>
      new Promise<void>((resolve) => {
        for (const c of sockets.clients) c.terminate();
        sockets.close(() => resolve());
      }),
  };
}
export type Gateway = ReturnType<typeof createGateway>;
