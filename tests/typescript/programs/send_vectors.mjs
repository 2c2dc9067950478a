// The clients generated from the published vectors send their requests: calls on standard input, what was sent on standard output.
import { readFileSync, realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";

const root = pathToFileURL(`${realpathSync("node_modules/procwise")}/`);
const { procwiseNonces } = await import(new URL("runtime/evaluator.js", root));

async function send({ version, origin, named, body, credentials, settings, now_ms: nowMs, nonce }) {
  const { Client } = await import(`procwise/${version}`);
  procwiseNonces.makeNonce = () => nonce;
  const { secret_key: secretKey, token = "", ...others } = credentials;
  let sent;
  const fetch = async (input, init) => {
    const request = new Request(input, init); // writes the address anew, as the platform does
    sent = { method: request.method, url: request.url, headers: [...init.headers], body: Buffer.from(await request.arrayBuffer()).toString() };
    return new Response(null, { status: 204 });
  };
  const client = new Client({ token, secretKey, baseUrl: origin, credentials: others, settings, clock: () => nowMs, fetch, maxRetries: 0 });
  await client.vectors.send({ ...named, ...(body ? { body: new TextEncoder().encode(body) } : {}) });
  return sent;
}

const answers = [];
for (const call of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push(await send(call));
  } catch (error) {
    answers.push({ error: `${error.name}: ${error.message}` });
  }
}
process.stdout.write(JSON.stringify(answers));
