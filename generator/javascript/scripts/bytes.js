// Text as bytes and back, as the client does it: UTF-8, hex, base64, percent. It needs nothing of a browser.
(() => {
  /** UTF-8; a lone surrogate is its three bytes, or the byte that `decodeUtf8` wrote so if that `restores` it. */
  function encodeUtf8(text, restores = false) {
    const bytes = [];
    for (const char of text) {
      const code = char.codePointAt(0);
      if (code < 0x80) bytes.push(code);
      else if (restores && code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return Uint8Array.from(bytes);
  }

  // How many bytes follow a first one, and the limits of the second.
  function following(first) {
    if (first >= 0xc2 && first <= 0xdf) return [1, 0x80, 0xbf];
    if (first >= 0xe0 && first <= 0xef) return [2, first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf];
    if (first >= 0xf0 && first <= 0xf4) return [3, first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf];
    return [-1];
  }
  /** The text of UTF-8; `replace` writes what stands for a run of bytes that are none. */
  function decodeUtf8(bytes, replace = escapeBytes) {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at];
      let end = at + 1;
      if (first < 0x80) text += String.fromCharCode(first);
      else {
        const [count, least, most] = following(first);
        let code = first & (0x3f >> count);
        const fits = () => bytes[end] >= (end === at + 1 ? least : 0x80) && bytes[end] <= (end === at + 1 ? most : 0xbf);
        for (; end <= at + count && fits(); end += 1) code = (code << 6) | (bytes[end] & 63);
        text += end === at + 1 + count ? String.fromCodePoint(code) : replace(bytes.slice(at, end));
      }
      at = end;
    }
    return text;
  }
  const escapeBytes = (bytes) => String.fromCharCode(...[...bytes].map((byte) => 0xdc00 + byte));

  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  function fromHex(text) {
    if (!/^(?:\s*[0-9a-fA-F]{2})*\s*$/.test(text)) throw new Error("this is not hexadecimal");
    return Uint8Array.from(text.match(/[0-9a-fA-F]{2}/g) ?? [], (pair) => parseInt(pair, 16));
  }

  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  function base64(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      const digits = [18, 12, 6, 0].map((shift) => DIGITS[(three >> shift) & 63]).join("");
      text += digits.slice(0, Math.min(4, bytes.length - at + 1)).padEnd(4, "=");
    }
    return text;
  }
  /** The bytes of base64 in either alphabet, padded or not. */
  function fromBase64(text) {
    const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
    if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) throw new Error("this is not base64");
    const bytes = [];
    let bits = 0;
    for (let at = 0; at < plain.length; at += 1) {
      bits = ((bits << 6) | DIGITS.indexOf(plain[at])) & 0xffffff;
      if (at % 4) bytes.push((bits >> (6 - 2 * (at % 4))) & 255);
    }
    return Uint8Array.from(bytes);
  }

  /** Everything but letters, digits, `-._~` and what is safe, as `%` and two digits a byte. */
  const percent = (text, safe = "") =>
    Array.from(text, (char) =>
      /[A-Za-z0-9_.~-]/.test(char) || safe.includes(char)
        ? char
        : [...encodeUtf8(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
    ).join("");
  const formEncode = (text) => percent(text, "* ").replaceAll(" ", "+");
  const unquote = (text) =>
    text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => decodeUtf8(fromHex(run.replaceAll("%", "")), () => "\ufffd"));
  const unquotePlus = (text) => unquote(text.replaceAll("+", " "));

  globalThis.procwiseBytes = { encodeUtf8, decodeUtf8, hex, fromHex, base64, fromBase64, percent, formEncode, unquote, unquotePlus };
})();
