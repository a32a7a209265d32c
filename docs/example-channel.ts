import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type Channel, type ChannelContext, ChannelError } from '../src/adapters/channel.ts';
import type { Part, Reply } from '../src/core/reply.ts';

/** What a page sends. `talk` is a random id that only this browser knows: it stands for the person. `id` is new for each message. */
const Sent = z.strictObject({
  talk: z.uuid(),
  id: z.uuid(),
  text: z.string().max(4000).default(''),
  choice: z.string().max(100).optional(),
});

const LARGEST = 20_000;
const escaped = (words: string): string => words.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** One part as HTML. No default: a new kind of part must break the compile here. */
function htmlOf(part: Part): string {
  switch (part.kind) {
    case 'warning':
      return `<p role="alert"><strong>${escaped(part.text)}</strong></p>`;
    case 'text':
      return `${part.about ? `<h2>${escaped(part.about)}</h2>` : ''}<p>${escaped(part.text)}</p>`;
    case 'list':
      return `<p>${escaped(part.title)}</p><ol>${part.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ol>`;
    case 'beyond':
      return `<aside><h3>${escaped(part.title)}</h3><p>${escaped(part.text)} (${escaped(part.source)})</p></aside>`;
    case 'source':
      return `<cite>${escaped(part.title)}, in ${escaped(part.article)}</cite>`;
    case 'choices':
      return part.choices.map((c) => `<button value="${escaped(c.id)}">${escaped(c.label)}</button>`).join('');
  }
}

/** A reply as HTML, in the order the core gave: a warning stands first. */
export const render = (reply: Reply): string => reply.parts.map(htmlOf).join('\n');

async function read(request: IncomingMessage) {
  if (Number(request.headers['content-length'] ?? LARGEST + 1) > LARGEST) return undefined;
  return Sent.safeParse(JSON.parse((await text(request)) || 'null')).data;
}

/**
 * A chat for a web page on this machine: `POST /` with a `Sent` gives `{"html": "..."}`, or 204 when the message was answered before.
 * Port 0 takes any free one; `port()` tells which.
 */
export function createWebChannel(port: number, context: ChannelContext): Channel & { port(): number } {
  const server = createServer(async (request, response) => {
    try {
      const sent = request.method === 'POST' ? await read(request).catch(() => undefined) : undefined;
      if (!sent) return void response.writeHead(400).end();
      const { talk, id, text, choice } = sent;
      const reply = await context.respond({
        id: `web:${id}`,
        conversation: `web:page:${talk}`,
        text,
        ...(choice === undefined ? {} : { choice }),
      });
      if (!reply) return void response.writeHead(204).end();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ html: render(reply) }));
    } catch (error) {
      context.count('error');
      context.log.error({ err: error }, 'web: a message was not answered'); // the cause, never the words
      if (!response.headersSent) response.writeHead(500).end();
    }
  });
  return {
    name: 'web',
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', (cause) => reject(new ChannelError(`web: port ${port} cannot be had`, { cause })));
        server.listen(port, '127.0.0.1', resolve);
      }),
    isConnected: () => server.listening,
    async stop(deadlineMs) {
      const late = setTimeout(() => server.closeAllConnections(), deadlineMs);
      await new Promise((resolve) => server.close(resolve)); // waits for what is being answered
      clearTimeout(late);
    },
    port: () => (server.address() as AddressInfo).port,
  };
}
