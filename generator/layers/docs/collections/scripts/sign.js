// A request of this collection, signed. `COLLECTION` says how; `read` gives a variable of the program, or nothing; `write` sets one.
(() => {
  const { MD5, SHA1, SHA256, SHA384, SHA512, HmacMD5, HmacSHA1, HmacSHA256, HmacSHA384, HmacSHA512, enc } = require("crypto-js");
  const { hex, fromHex } = globalThis.procwiseBytes;
  const HASHES = { md5: MD5, sha1: SHA1, sha256: SHA256, sha384: SHA384, sha512: SHA512 };
  const HMACS = { md5: HmacMD5, sha1: HmacSHA1, sha256: HmacSHA256, sha384: HmacSHA384, sha512: HmacSHA512 };
  const wordsOf = (bytes) => enc.Hex.parse(hex(bytes));
  const bytesOf = (words) => fromHex(words.toString(enc.Hex));
  globalThis.procwiseCrypto = {
    digest: (name, data) => bytesOf(HASHES[name](wordsOf(data))),
    hmac: (name, key, data) => bytesOf(HMACS[name](wordsOf(data), wordsOf(key))),
  };
})();

/** The values of the placeholders in the path of an address. */
function pathValues(template, url) {
  const wanted = template.split("/");
  const own = url.split(/[?#]/)[0].split("/").slice(1 - wanted.length);
  const isValue = ([part]) => part.startsWith("{");
  const values = wanted.slice(1).map((part, at) => [part, own[at]]).filter(isValue);
  return new Map(values.map(([part, value]) => [part.slice(1, -1), globalThis.procwiseBytes.unquote(value)]));
}

const LAST_NONCE = "last_nonce";
/** The request as it is sent, or nothing if it is not signed. `members` are the texts of a form with files, `added` what signing adds. */
async function signDescribed({ name, method, url, headers, body, members }, read, write) {
  const { value, templates, credentials, settings, nonce: kind } = COLLECTION;
  if (!(name in templates)) return null;
  const nonce = globalThis.procwiseNonces.makeNonce(kind, /^[0-9]+$/.test(read(LAST_NONCE) ?? "") ? read(LAST_NONCE) : "");
  if (kind === "increasing") write(LAST_NONCE, nonce);
  const given = (names) => Object.fromEntries(names.map((one) => [one, read(one)]).filter((pair) => pair[1]));
  const parameters = { path: pathValues(templates[name], url), ...(members ? { body: members } : {}) };
  const isMedia = ([key]) => key.toLowerCase() === "content-type";
  const isJson = headers.some((pair) => isMedia(pair) && /json\s*(;|$)/i.test(pair[1]));
  const own = members ? headers.filter((pair) => !isMedia(pair)) : headers; // the program writes that of a form with files
  const request = globalThis.procwiseRequest.requestOf(method, url, own, isJson ? spellBraces(body) : body, parameters);
  const { request: signed } = await globalThis.procwiseSigner.signRequest(globalThis.procwiseSigner.readScheme(value), request, {
    credentials: given(credentials),
    settings: given(settings),
    nowMs: Date.now(),
    nonce,
  });
  const added = members ? [...signed.parameters.body].filter(([key, text]) => members.get(key) !== text) : [];
  return {
    url: globalThis.procwiseRequest.urlOf(signed),
    headers: members ? signed.headers.filter((pair) => !isMedia(pair)) : signed.headers,
    text: globalThis.procwiseBytes.decodeUtf8(signed.body),
    added,
  };
}
