// A server in this process that gives the responses of a test, and records what arrives. It computes signatures by itself.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { Client } from "procwise";

export const TOKEN = "planted-token-0123456789";
export const SECRET = "planted-secret-key-9876543210";
export const AT_ONCE = { firstWaitMs: 0, longestWaitMs: 0 };

/** Runs a test with a server that answers the nth request with the nth script; the last one stays. */
export async function serve(scripts, use, options = {}) {
  const requests = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url, "http://localhost");
      const body = Buffer.concat(chunks);
      requests.push({ method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body, at: performance.now() });
      const script = scripts[Math.min(requests.length, scripts.length) - 1];
      reply(typeof script === "function" ? script(requests.at(-1)) : script, request, response);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  try {
    const client = new Client({ token: TOKEN, secretKey: SECRET, baseUrl, ...AT_ONCE, ...options });
    return await use(client, requests, baseUrl);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function reply(script, request, response) {
  if (script === "lost") return void request.socket.destroy();
  if (script === "silent") return undefined;
  const { status = 200, headers = {}, json, text = JSON.stringify(json ?? {}), cut = false } = script;
  const type = { "Content-Type": "application/json", ...(cut ? { "Content-Length": 1000 } : {}) };
  response.writeHead(status, { ...type, ...headers });
  if (cut) response.write(text, () => request.socket.destroy());
  else response.end(text);
}

/** The signature of plain texts, by the standard library alone. */
export function expectedSignature(values) {
  const names = Object.keys(values).filter((name) => name !== "signature").sort();
  const message = names.map((name) => `${name}=${values[name]}`).join("?");
  return createHmac("sha256", SECRET).update(message).digest("hex");
}
