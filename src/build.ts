// Reads the corpus, checks it and trains the models; `npm run build` runs it after tsc. The parts are added room by room.
export {};
