// The least app that Bolt can be: it says what was said. What our own app's time and memory are held against.
import bolt from '@slack/bolt';

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  logLevel: 'error',
});
app.message(async ({ message, say }) => {
  await say({ text: message.text, unfurl_links: false, unfurl_media: false, parse: 'none' });
});
await app.start();
console.log('"running"');
