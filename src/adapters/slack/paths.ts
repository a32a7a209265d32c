/** All that Slack sends over HTTP, and the pages of an install, come in below this path. */
export const HTTP_PREFIX = '/slack';
/** Events, commands and presses. */
export const EVENTS_PATH = `${HTTP_PREFIX}/events`;
/** Begins an install in a workspace. */
export const INSTALL_PATH = `${HTTP_PREFIX}/install`;
/** Where Slack sends the browser back to after an install. */
export const REDIRECT_PATH = `${HTTP_PREFIX}/oauth_redirect`;
