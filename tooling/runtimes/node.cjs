/**
 * What stands in for Node's modules where tests run in pages and web workers: as little as they need to read their
 * fixtures, wait and print, and nothing else. A test that needs more carries the tag `node`.
 */
const absent = require('./absent.cjs');

module.exports = Object.assign(absent("a part of Node's modules"), {
  /** Reads a file of the repository, which the server of the tests hands out. @param {URL | string} path @param {string} [encoding] */
  readFileSync(path, encoding) {
    const request = new XMLHttpRequest();
    request.open('GET', String(path), false);
    // A page may wait for text only; with this character set each byte is a character.
    request.overrideMimeType(`text/plain; charset=${encoding === undefined ? 'x-user-defined' : 'utf-8'}`);
    request.send();
    if (request.status !== 200) throw new Error(`${path} answered with status ${request.status}`);
    if (encoding !== undefined) return request.responseText;
    return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 255);
  },

  /** The server gives a folder's files, however deep, as JSON. @param {URL | string} path @param {{ recursive?: boolean }} [options] */
  readdirSync(path, { recursive = false } = {}) {
    const files = JSON.parse(module.exports.readFileSync(path, 'utf8'));
    return recursive ? files : files.filter((/** @type {string} */ file) => !file.includes('/'));
  },

  /** Addresses stay addresses, which `readFileSync` takes. @param {URL | string} url */
  fileURLToPath: (url) => String(url),

  /** @param {string[]} parts */
  join: (...parts) => parts.join('/'),

  /** What Node shows of a value that says it itself. @param {any} value */
  inspect: (value) => value[Symbol.for('nodejs.util.inspect.custom')](2, {}, module.exports.inspect),

  /** That of `node:timers/promises`. @param {number} milliseconds */
  setTimeout: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  setImmediate: () => new Promise((done) => setTimeout(done)),
});
