// Signs cases with the scripts of the docs site: from standard input [scripts, schemes, requests, cases], to standard output the results.
const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");

globalThis.crypto ??= require("node:crypto").webcrypto;
globalThis.require = require; // js-md5 asks for it in Node

async function signCases([scripts, schemes, requests, cases]) {
  for (const script of scripts) runInThisContext(readFileSync(script, "utf8"), { filename: script });
  const { encodeUtf8, decodeUtf8, base64, fromBase64 } = globalThis.procwiseBytes;
  const { requestOf, urlOf } = globalThis.procwiseRequest;
  const { readScheme, signRequest } = globalThis.procwiseSigner;
  const results = [];
  for (const [scheme, request, inputs] of cases) {
    const { method, url, headers, body, path } = requests[request];
    const parameters = path ? { path: new Map(Object.entries(path)) } : {};
    const unsigned = requestOf(method, url, headers, fromBase64(body), parameters);
    if (requests[request].wire !== undefined) unsigned.path = requests[request].wire;
    try {
      const { message, signature, request: signed } = await signRequest(readScheme(schemes[scheme]), unsigned, inputs);
      const bytes = typeof message === "string" ? encodeUtf8(message) : message;
      results.push([base64(bytes), signature, urlOf(signed), signed.headers, base64(signed.body)]);
    } catch (error) {
      results.push(String(error.message));
    }
  }
  return results;
}

const given = [];
process.stdin.on("data", (chunk) => given.push(chunk));
process.stdin.on("end", async () => {
  process.stdout.write(JSON.stringify(await signCases(JSON.parse(Buffer.concat(given).toString("utf8")))));
});
