// JSON without loss, and how its values become text in what is signed. It needs nothing of a browser.
(() => {
  const { percent, formEncode } = globalThis.procwiseBytes;

  /** A JSON number as it was typed: nothing is lost of `1.0` or of 23 digits. */
  class Num {
    constructor(raw) {
      this.raw = raw;
      this.whole = /^-?\d+$/.test(raw);
    }
    /** As Python prints it. */
    get text() {
      return this.whole ? String(BigInt(this.raw)) : pythonFloat(Number(this.raw));
    }
  }

  /** JSON with numbers as Num and objects as Map; throws SyntaxError with the place. */
  function parseJson(text) {
    let at = 0;
    const fail = (what) => {
      throw new SyntaxError(`${what} at character ${at + 1}`);
    };
    const space = () => { at += /^[ \t\r\n]*/.exec(text.slice(at))[0].length; };
    const take = (pattern) => {
      const found = pattern.exec(text.slice(at));
      if (found) at += found[0].length;
      return found?.[0];
    };
    const list = (close, item) => {
      at += 1;
      space();
      if (text[at] === close) return void (at += 1);
      for (;;) {
        item();
        space();
        if (text[at] === close) return void (at += 1);
        if (text[at] !== ",") fail(`"," or "${close}" is missing`);
        at += 1;
        space();
      }
    };
    const string = () => {
      const raw = take(/^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/);
      return raw === undefined ? fail("a text in double quotes is missing") : JSON.parse(raw);
    };
    function value() {
      space();
      if (text[at] === "{") {
        const members = new Map();
        list("}", () => {
          const name = string();
          space();
          if (text[at] !== ":") fail('":" is missing');
          at += 1;
          members.set(name, value());
        });
        return members;
      }
      if (text[at] === "[") {
        const items = [];
        list("]", () => items.push(value()));
        return items;
      }
      if (text[at] === '"') return string();
      const number = take(/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/);
      if (number !== undefined) return new Num(number);
      const word = take(/^(?:true|false|null)\b/);
      return word === undefined ? fail("no JSON value") : { true: true, false: false, null: null }[word];
    }
    const found = value();
    space();
    return at < text.length ? fail("something follows the value") : found;
  }

  /** JSON as Python's json.dumps writes it. */
  function dumpJson(value, { between = ", ", colon = ": ", ascii = false } = {}) {
    const options = { between, colon, ascii };
    if (value instanceof Num) return value.text;
    if (value instanceof Map) {
      return `{${[...value].map(([name, item]) => dumpJson(name, options) + colon + dumpJson(item, options)).join(between)}}`;
    }
    if (Array.isArray(value)) return `[${value.map((item) => dumpJson(item, options)).join(between)}]`;
    const text = JSON.stringify(value);
    if (typeof value !== "string") return text;
    return ascii ? escapeAscii(text) : text.replace(/\\(?:u(d[0-9a-f]{3})|.)/g, writeHalf); // halves of characters as they are
  }
  const writeHalf = (found, half) => (half ? String.fromCharCode(parseInt(half, 16)) : found);
  const compactJson = (value) => dumpJson(value, { between: ",", colon: ":" });
  const escapeAscii = (text) =>
    text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

  /** The shortest digits of a number and where its point stands. */
  function digitsOf(number) {
    const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number));
    const all = whole + fraction;
    const leading = /^0*/.exec(all)[0].length;
    const digits = all.slice(leading).replace(/0+$/, "");
    return digits ? { sign, digits, point: whole.length - leading + Number(exponent) } : { sign, digits: "0", point: 1 };
  }
  const scientific = (digits, exponent) =>
    `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;

  function fixed(digits, point) {
    if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
    return point < digits.length ? `${digits.slice(0, point)}.${digits.slice(point)}` : `${digits.padEnd(point, "0")}.0`;
  }
  /** As Python's repr of a float. */
  function pythonFloat(number) {
    if (!Number.isFinite(number)) return { Infinity: "inf", "-Infinity": "-inf" }[number] ?? "nan";
    const { sign, digits, point } = digitsOf(Object.is(number, -0) ? "-0" : number);
    if (-4 < point && point <= 16) return sign + fixed(digits, point);
    return sign + digits[0] + (digits.length > 1 ? `.${digits.slice(1)}` : "") + scientific(digits, point - 1);
  }
  /** As Ruby's Float#to_s. */
  function rubyFloat(number) {
    if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : String(number);
    const { sign, digits, point } = digitsOf(Object.is(number, -0) ? "-0" : number);
    if (-4 < point && (point <= 15 || point < digits.length)) return sign + fixed(digits, point);
    return `${sign}${digits[0]}.${digits.slice(1) || "0"}${scientific(digits, point - 1)}`;
  }

  const RUBY = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\v": "\\v", "\b": "\\b", "\x07": "\\a", "\x1b": "\\e" };
  function rubyQuote(text) {
    const chars = Array.from(text);
    return `"${chars.map((char, index) => rubyEscape(char, chars[index + 1])).join("")}"`;
  }
  function rubyEscape(char, next) {
    if (char in RUBY) return RUBY[char];
    if (char === "#" && ["{", "$", "@"].includes(next)) return "\\#";
    if (char === "\x85" || !/[\p{Cc}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/u.test(char)) return char;
    const code = char.codePointAt(0).toString(16).toUpperCase();
    return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\u{${code}}`;
  }
  function rubyInspect(value) {
    if (typeof value === "string") return rubyQuote(value);
    if (value instanceof Map) return `{${[...value].map(([name, item]) => `${rubyQuote(name)}=>${rubyInspect(item)}`).join(", ")}}`;
    if (Array.isArray(value)) return `[${value.filter((item) => item !== null).map(rubyInspect).join(", ")}]`;
    if (value instanceof Num) return value.whole ? value.text : rubyFloat(Number(value.raw));
    return value === null ? "nil" : String(value);
  }
  const rubyText = (value) => (typeof value === "string" ? value : value === null ? "" : rubyInspect(value));
  const plain = (value) => (typeof value === "string" ? value : value === null ? "" : compactJson(value));

  const VALUES = {
    "ruby-text": rubyText,
    json: compactJson,
    plain,
    "percent-encoded": (value) => percent(plain(value)),
    "form-encoded": (value) => formEncode(plain(value)),
  };

  /** Order by code points, which is the order of UTF-8 bytes too. */
  function compare(one, other) {
    const [left, right] = [Array.from(one), Array.from(other)];
    for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
      if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0);
    }
    return left.length - right.length;
  }

  globalThis.procwiseTexts = { Num, parseJson, dumpJson, compactJson, escapeAscii, pythonFloat, VALUES, compare };
})();
