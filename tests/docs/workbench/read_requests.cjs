// Reads pasted texts with the scripts of the docs site: from standard input [scripts, texts], to standard output what each asks for, or null.
const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");

globalThis.crypto ??= require("node:crypto").webcrypto;
globalThis.require = require; // js-md5 asks for it in Node

const [scripts, texts] = JSON.parse(readFileSync(0, "utf8"));
for (const script of scripts) runInThisContext(readFileSync(script, "utf8"), { filename: script });
const read = (text) => {
  const request = globalThis.procwiseRequests.readRequest(text);
  return request ? [request.method, request.url, request.headers, request.body] : null;
};
process.stdout.write(JSON.stringify(texts.map(read)));
