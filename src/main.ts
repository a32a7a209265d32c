#!/usr/bin/env node
// Joins settings, corpus, store and channels. Filled in by the terminal channel.
export {};
