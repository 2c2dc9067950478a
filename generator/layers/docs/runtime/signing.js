// The short form of x-signing in the browser: one set of parameters, its base string, the digest.
(() => {
  const { Num, parseJson, dumpJson, compactJson, escapeAscii, pythonFloat, VALUES, compare } = globalThis.procwiseTexts;
  const { encodeUtf8, percent, formEncode } = globalThis.procwiseBytes;
  const { TRANSFORMS } = globalThis.procwiseTransforms;
  const { hmac, digest: hash } = globalThis.procwiseCrypto;

  const ORDERS = {
    "name-bytes": (one, other) => compare(one[0], other[0]),
    "name-codepoints": (one, other) => compare(one[0], other[0]),
  };
  const sortPairs = (pairs, order) => (order in ORDERS ? [...pairs].sort(ORDERS[order]) : [...pairs]);

  const pairsOf = (scheme, params) =>
    sortPairs(
      [...params].filter(([name]) => !scheme.exclude.includes(name)).map(([name, value]) => [name, VALUES[scheme.values](value)]),
      scheme.order,
    );
  const join = (scheme, pairs) => {
    const [before, rest] = split(scheme.pair, "{name}");
    const [between, after] = split(rest, "{value}");
    return pairs.map(([name, text]) => before + name + between + text + after).join(scheme.separator);
  };
  const split = (text, mark) => [text.slice(0, text.indexOf(mark)), text.slice(text.indexOf(mark) + mark.length)];

  /** The parameters of a request as one set; the source named first wins on a clash. */
  function merge(scheme, places) {
    const merged = new Map();
    for (const source of scheme.sources) {
      for (const [name, value] of places[source]) if (!merged.has(name)) merged.set(name, value);
    }
    return merged;
  }

  /** The signature of a base string, given as text or as bytes, as the key is; a hash alone where the key is null. */
  async function digest(scheme, message, secret) {
    const bytes = typeof message === "string" ? encodeUtf8(message) : message;
    const name = scheme.algorithm.replace("hmac-", "");
    if (secret === null) return TRANSFORMS[scheme.digest](await hash(name, bytes));
    return TRANSFORMS[scheme.digest](await hmac(name, typeof secret === "string" ? encodeUtf8(secret) : secret, bytes));
  }

  globalThis.procwiseSigning = {
    Num, parseJson, dumpJson, compactJson, escapeAscii, pythonFloat, percent, formEncode, compare, sortPairs, pairsOf, join, merge, digest,
  };
})();
