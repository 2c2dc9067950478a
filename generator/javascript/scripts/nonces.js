// A nonce of the kind that a scheme asks for. Programs without a source of randomness for keys use that of Math.
(() => {
  const { hex, base64 } = globalThis.procwiseBytes;

  function randomBytes(count) {
    const bytes = new Uint8Array(count);
    if (globalThis.crypto?.getRandomValues) return globalThis.crypto.getRandomValues(bytes);
    return bytes.map(() => Math.floor(Math.random() * 256));
  }
  const KINDS = {
    "": () => "",
    integer: () => String(parseInt(hex(randomBytes(6)), 16) + 1),
    increasing: (last) => {
      const now = BigInt(Date.now()) * BigInt(1e6) + BigInt(`0x${hex(randomBytes(2))}`);
      const next = BigInt(last || 0) + BigInt(1); // the clock may have stood still, or been set back
      return String(now > next ? now : next);
    },
    base64: () => base64(randomBytes(16)),
    uuid: () => {
      const bytes = randomBytes(16);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    },
    hex: () => hex(randomBytes(16)),
    string: () => hex(randomBytes(16)),
  };
  /** A new nonce; empty for a scheme without one. `last` is the one before, if it is known. */
  const makeNonce = (kind, last = "") => KINDS[kind](last);

  globalThis.procwiseNonces = { makeNonce };
})();
