// Reads pasted lines of curl with the scripts of the docs site: from standard input [scripts, cases], to standard output what each says and its cause.
const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");

globalThis.crypto ??= require("node:crypto").webcrypto;
globalThis.require = require; // js-md5 asks for it in Node

async function explainLine({ value, line, credentials, settings }) {
  const { readCurl, requestOfCurl } = globalThis.procwiseRequests;
  const { rebuildContext, findUnfitField } = globalThis.procwiseClaims;
  const { findCauseOfRequest } = globalThis.procwiseRequestMistakes;
  const sent = requestOfCurl(readCurl(line), new Map());
  try {
    const { context, signatures } = rebuildContext(globalThis.procwiseSigner.readScheme(value), sent, { credentials, settings });
    const { timestamp, nonce, headerNames = null } = context;
    const claims = { timestamp, nonce, signatures, headerNames, credentials: context.credentials, settings: context.settings };
    return { claims, unfit: await findUnfitField(context, sent), cause: await findCauseOfRequest(context, signatures) };
  } catch (error) {
    return { error: error.message };
  }
}

const given = [];
process.stdin.on("data", (chunk) => given.push(chunk));
process.stdin.on("end", async () => {
  const [scripts, cases] = JSON.parse(Buffer.concat(given).toString("utf8"));
  for (const script of scripts) runInThisContext(readFileSync(script, "utf8"), { filename: script });
  const found = [];
  for (const one of cases) found.push(await explainLine(one));
  process.stdout.write(JSON.stringify(found));
});
