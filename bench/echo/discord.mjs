// The least bot that discord.js can be: it says what it was asked. What our own bot's time and memory are held against.
import { Client, GatewayIntentBits, MessageFlags } from 'discord.js';

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  rest: { api: process.env.DISCORD_API_URL },
});
client.on('interactionCreate', (interaction) =>
  interaction.reply({ content: interaction.options.getString('question') ?? '', flags: MessageFlags.Ephemeral }),
);
client.once('clientReady', () => console.log('"running"'));
await client.login(process.env.DISCORD_TOKEN);
