// Finds mistakes with the scripts of the docs site: from standard input [scripts, cases], to standard output a cause for each.
const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");

globalThis.crypto ??= require("node:crypto").webcrypto;
globalThis.require = require; // js-md5 asks for it in Node

async function findCauses([scripts, cases]) {
  for (const script of scripts) runInThisContext(readFileSync(script, "utf8"), { filename: script });
  const { readScheme, signRequest } = globalThis.procwiseSigner;
  const { findCauseOfRequest } = globalThis.procwiseRequestMistakes;
  const causes = [];
  for (const { value, method, url, headers, body, inputs, signatures } of cases) {
    const unsigned = globalThis.procwiseRequest.requestOf(method, url, headers, globalThis.procwiseBytes.fromBase64(body));
    const { context } = await signRequest(readScheme(value), unsigned, inputs);
    for (const signature of signatures) causes.push(await findCauseOfRequest(context, signature));
  }
  return causes;
}

const given = [];
process.stdin.on("data", (chunk) => given.push(chunk));
process.stdin.on("end", async () => {
  process.stdout.write(JSON.stringify(await findCauses(JSON.parse(Buffer.concat(given).toString("utf8")))));
});
