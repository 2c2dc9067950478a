// Digests and HMACs as browsers have them; MD5, which they lack, is that of js-md5.
(() => {
  const NAMES = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };
  const keys = new Map(); // imported keys of one check; nothing outlives the page

  async function digest(name, data) {
    if (name === "md5") return Uint8Array.from(globalThis.md5.array(data));
    return new Uint8Array(await crypto.subtle.digest(NAMES[name], data));
  }
  async function hmac(name, key, data) {
    if (name === "md5") return Uint8Array.from(globalThis.md5.hmac.array(key, data));
    const known = `${name} ${key}`;
    if (keys.size > 50) keys.clear();
    if (!keys.has(known)) {
      const padded = key.length ? key : new Uint8Array(1); // an empty key is padded with zeros as any other
      keys.set(known, crypto.subtle.importKey("raw", padded, { name: "HMAC", hash: NAMES[name] }, false, ["sign"]));
    }
    return new Uint8Array(await crypto.subtle.sign("HMAC", await keys.get(known), data));
  }
  globalThis.procwiseCrypto = { digest, hmac };
})();
