// What can be done to a part of a message, by the words of x-signing: text to text, and the forms that bytes are written in.
(() => {
  const { encodeUtf8, decodeUtf8, hex, fromHex, base64, fromBase64, percent, formEncode, unquote, unquotePlus } =
    globalThis.procwiseBytes;

  const encode = (value) => (typeof value === "string" ? encodeUtf8(value) : value);
  const decode = (value) => (typeof value === "string" ? value : decodeUtf8(value));
  const text = (change) => (value) => change(decode(value));
  const form = (write) => (value) => write(encode(value));
  const trim = (value) => value.replace(/^[ \t]+|[ \t]+$/g, "");

  /** The path without `.`, `..` and empty segments. */
  function removeDotSegments(path) {
    const kept = [];
    for (const segment of path.split("/")) {
      if (segment === "..") kept.pop();
      else if (segment !== "" && segment !== ".") kept.push(segment);
    }
    return `/${kept.join("/")}${kept.length && /\/\.{0,2}$/.test(path) ? "/" : ""}`;
  }

  const TRANSFORMS = {
    upper: text((value) => value.toUpperCase()),
    lower: text((value) => value.toLowerCase()),
    trim: text(trim),
    squeeze: text((value) => (value.match(/[^ \t]+/g) ?? []).join(" ")),
    "percent-encode": text((value) => percent(value)),
    "percent-encode-path": text((value) => percent(value, "/")),
    "percent-decode": text(unquote),
    "form-encode": text((value) => formEncode(value).replaceAll("~", "%7E")),
    "form-decode": text(unquotePlus),
    "dot-segments": text(removeDotSegments),
    "last-segment": text((value) => value.replace(/\/+$/, "").split("/").pop()),
    "media-type": text((value) => value.split(";")[0].trim().toLowerCase()),
    unpadded: text((value) => value.replace(/=+$/, "")),
    "hex-lower": form(hex),
    "hex-upper": form((value) => hex(value).toUpperCase()),
    base64: form(base64),
    base64url: form((value) => base64(value).replaceAll("+", "-").replaceAll("/", "_")),
    "from-base64": text(fromBase64),
    "from-hex": text(fromHex),
  };

  const WITH_ARGUMENT = {
    first: (count) => (value) =>
      typeof value === "string" ? Array.from(value).slice(0, Number(count.raw)).join("") : value.slice(0, Number(count.raw)),
    strip: (prefix) => text((value) => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
    replace: ([old, other]) => text((value) => value.replaceAll(old, () => other)),
  };

  /** The bytes of text in an encoding whose letters are single bytes. */
  function encodeSingle(value, most) {
    const codes = Array.from(decode(value), (char) => char.codePointAt(0));
    if (codes.some((code) => code > most)) throw new Error("a credential has letters that its encoding lacks");
    return Uint8Array.from(codes);
  }
  const KEYS = {
    "utf-8": encode,
    ascii: (value) => encodeSingle(value, 0x7f),
    "latin-1": (value) => encodeSingle(value, 0xff),
    base64: TRANSFORMS["from-base64"],
    base64url: TRANSFORMS["from-base64"],
    hex: TRANSFORMS["from-hex"],
  };

  /** Whether a name is one of these; `*` in a pattern stands for any text. */
  const matches = (name, patterns) => patterns.some((pattern) => name === pattern || (pattern.includes("*") && fits(name, pattern)));
  function fits(name, pattern) {
    const [first, ...rest] = pattern.split("*");
    const last = rest.pop();
    let at = first.length;
    for (const piece of rest) {
      const found = name.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return name.startsWith(first) && name.length - at >= last.length && name.endsWith(last);
  }

  globalThis.procwiseTransforms = { TRANSFORMS, WITH_ARGUMENT, KEYS, encode, decode, trim, matches };
})();
