// The catalogue of mistakes: a request signed once more with each of them, in the order of the client's `explain`.
(() => {
  const { Num, dumpJson, compactJson, escapeAscii, pythonFloat, percent, formEncode, compare, sortPairs, pairsOf, join, digest } =
    globalThis.procwiseSigning;
  const { isJson, jsonWays } = globalThis.procwiseJsonTexts;
  const { textWays, listWays, replaceSome, limit, MOST_CHOICES } = globalThis.procwiseValueWays;
  const MOST = 16_000;
  const MOST_WORK = 16_000_000;
  const BYTES_OF_AN_ATTEMPT = 768;
  const BYTES_OF_A_PAIR = 16;
  const WORK_OF_VALUE = 32;
  const WORK_OF_TEXT = 800;
  const WORK_OF_LIST = 2000;
  const WORK_OF_JSON = 800;
  const USUAL_COMBINATIONS = 600;
  const MOST_TOGETHER = 3_000;
  const MOST_COMBINED = 60;
  const MOST_RARE = 1_000;

  /** A text or value as Python prints it. */
  function repr(value) {
    if (typeof value === "string") {
      const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
      const escaped = Array.from(value, (char) => {
        if (char === quote || char === "\\") return `\\${char}`;
        const named = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[char];
        if (named) return named;
        const code = char.codePointAt(0);
        if (char === " " || !/[\p{Cc}\p{Cf}\p{Cn}\p{Cs}\p{Co}\p{Z}]/u.test(char)) return char;
        if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
        return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
      });
      return quote + escaped.join("") + quote;
    }
    if (value instanceof Num) return value.text;
    if (value instanceof Map) return `{${[...value].map(([name, item]) => `${repr(name)}: ${repr(item)}`).join(", ")}}`;
    if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
    return value === null ? "None" : value ? "True" : "False";
  }
  const print = (value) => (typeof value === "string" ? value : repr(value));

  function listNames(names, most = 8) {
    const shown = names.slice(0, most).map((name) => `\`${name}\``).join(", ");
    return names.length > most ? `${shown} and ${names.length - most} more` : shown;
  }
  function* combinations(items, count, start = 0) {
    if (count === 0) yield [];
    else for (let i = start; i < items.length; i += 1) for (const rest of combinations(items, count - 1, i + 1)) yield [items[i], ...rest];
  }
  function* permutations(items) {
    if (items.length === 0) yield [];
    else for (let i = 0; i < items.length; i += 1) for (const rest of permutations(items.filter((_, at) => at !== i))) yield [items[i], ...rest];
  }
  function* product([first, ...rest]) {
    if (first === undefined) yield [];
    else for (const one of first) for (const others of product(rest)) yield [one, ...others];
  }

  // One clause of the scheme taken otherwise.
  const SEPARATORS = ["&", "?", "", ",", ";", "|", "\n"];
  const DIGESTS = ["hex-lower", "hex-upper", "base64", "base64url"];
  const ALGORITHMS = ["hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512"];
  const otherSeparators = (scheme) => SEPARATORS.filter((one) => one !== scheme.separator)
    .map((separator) => [`the pairs were joined by ${repr(separator)} instead of ${repr(scheme.separator)}`, { ...scheme, separator }]);
  function* wrongClauses({ scheme, pairs, base }) {
    for (const [cause, other] of otherSeparators(scheme)) yield { cause, text: join(other, pairs) };
    for (const form of DIGESTS.filter((one) => one !== scheme.digest)) {
      yield { cause: `the digest was written as ${form} instead of ${scheme.digest}`, text: base, scheme: { ...scheme, digest: form } };
    }
    for (const algorithm of ALGORITHMS.filter((one) => one !== scheme.algorithm)) {
      yield { cause: `it was signed with ${algorithm} instead of ${scheme.algorithm}`, text: base, scheme: { ...scheme, algorithm } };
    }
  }

  function* wrongKeys({ base, key, token }) {
    if (token) yield { cause: "the token was used as the key, instead of the secret key", text: base, key: token };
    yield { cause: "the secret key ended with a line break", text: base, key: `${key}\n` };
    yield { cause: "the secret key ended with a carriage return and a line break", text: base, key: `${key}\r\n` };
    yield { cause: "the secret key ended with a space", text: base, key: `${key} ` };
    yield { cause: "the secret key stood in quotation marks", text: base, key: `"${key}"` };
    yield { cause: "the secret key was empty", text: base, key: "" };
    const bytes = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));
    if (/^(?:[0-9A-Fa-f]{2})+$/.test(key)) {
      const decoded = Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));
      yield { cause: "the secret key was decoded from hexadecimal digits; the key is the text itself", text: base, key: decoded };
    }
    if (/^(?=.)(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/.test(key)) {
      yield { cause: "the secret key was decoded from base64; the key is the text itself", text: base, key: bytes(atob(key)) };
    }
    yield { cause: "the key and the message were exchanged: the secret key is the key", text: key, key: base };
  }

  function* wrongEnds({ base, scheme: { separator } }) {
    const texts = new Map([
      ["the base string ended with a line break", `${base}\n`],
      [`the base string began with ${repr(separator)}`, separator + base],
      ["the base string began with '?'", `?${base}`],
      [`the base string ended with ${repr(separator)}`, base + separator],
    ]);
    for (const [cause, text] of texts) yield { cause, text };
  }

  // Something else than the base string under the key.
  function* wrongHashes({ base, key, scheme }) {
    const name = scheme.algorithm.replace("hmac-", "");
    const texts = [
      ["without the secret key", base],
      ["with the secret key behind it", base + key],
      ["with the secret key before it", key + base],
      [`with ${repr(scheme.separator)} and the secret key behind it`, base + scheme.separator + key],
    ];
    for (const [how, text] of texts) {
      yield { cause: `the base string was hashed with ${name}, ${how}; sign it with ${scheme.algorithm}`, text, key: null };
    }
  }
  function* wrongJson({ params, body }) {
    const sent = new Map(body.filter((name) => params.has(name)).map((name) => [name, params.get(name)]));
    for (const [what, members] of [["the body", sent], ["all parameters", params]]) {
      const cause = `the JSON of ${what} was signed, instead of names and values as the scheme joins them`;
      const sorted = new Map([...members].sort(([one], [other]) => compare(one, other)));
      for (const order of members.size ? [members, sorted] : []) {
        for (const written of [{ between: ",", colon: ":" }, {}]) {
          for (const ascii of [false, true]) yield { cause, text: dumpJson(order, { ...written, ascii }) };
        }
      }
    }
  }

  /** What happened to a valid signature on its way, or nothing. */
  function findDamage(right, sent) {
    const bare = sent.trim().replace(/^["']+|["']+$/g, "").trim();
    if (sent && bare === right) return "the signature is right, but blanks or quotation marks were sent around it";
    const [length, whole] = [sent.length, right.length];
    if (length >= Math.floor(whole / 2) && length < whole && right.startsWith(sent)) {
      return `the signature is right, but was cut short: ${length} of its ${whole} characters were sent`;
    }
    return sent.startsWith(right) ? `the signature is right, but more was sent behind its ${whole} characters` : "";
  }

  // Values written otherwise, as programs in many languages write them.
  const fits = {
    boolean: (value) => [true, false, "true", "false"].includes(value),
    null: (value) => value === null || value === "",
    list: (value) => Array.isArray(value),
    text: (_, own) => own !== "",
    json: (value, own) => typeof value === "string" && isJson(own),
    number: (value, own) => (value instanceof Num || typeof value === "string") && /^-?[0-9]{1,30}(?:\.[0-9]{1,30})?$/.test(own),
  };
  const boolean = (yes, no, rare = false) => ({
    kind: "boolean",
    rare,
    family: "boolean",
    write: (value) => (value === true || value === "true" ? yes : no),
    sentence: "{wrong} was signed for {names}; write {right}",
  });
  const nothing = (text) => ({
    kind: "null",
    family: "null",
    write: () => text,
    sentence: "{wrong} was signed for {names}; write {right}, or leave the parameter out",
  });
  const list = (write, how, rare = false) => ({
    kind: "list",
    rare,
    family: "list",
    write,
    sentence: `the list {names} was signed ${how}; write it as the scheme does, such as \`{right}\``,
  });
  const text = (change, sentence, rare = false) => ({ kind: "text", family: "text", rare, write: (_, own) => change(own), sentence });
  const json = (change, how) => ({
    kind: "text",
    family: "json",
    write: (_, own) => change(own),
    sentence: `the JSON {names} was signed ${how}; sign the very text that you send`,
  });
  const number = (change) => ({
    kind: "number",
    family: "number",
    write: (_, own) => change(own),
    sentence: "the number {names} was signed with other digits than were sent; sign the digits that you send",
  });
  const latinTwice = (own) => String.fromCharCode(...new TextEncoder().encode(own));

  /** Decimal digits without zeros at the end, as Python's `Decimal.normalize` in fixed form. */
  function normalize(own) {
    const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(own);
    const digits = fraction.replace(/0+$/, "");
    return sign + whole.replace(/^0+(?=\d)/, "") + (digits ? `.${digits}` : "");
  }
  /** Decimal digits with so many places, a tie to the even digit. */
  function round(own, places) {
    const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(own);
    const kept = fraction.slice(0, places).padEnd(places, "0");
    const rest = fraction.slice(places);
    let scaled = BigInt(whole + kept);
    const tie = /^50*$/.test(rest);
    if (tie ? scaled % 2n === 1n : rest >= "5") scaled += 1n;
    const shown = String(scaled).padStart(places + 1, "0");
    return `${sign}${shown.slice(0, -places)}.${shown.slice(-places)}`;
  }
  function exponential(own) {
    const [digits, exponent] = Number(own).toExponential(6).split("e");
    return `${Object.is(Number(own), -0) ? "-" : ""}${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  const integer = (own) => String(BigInt(own.split(".")[0]));

  const PERCENT = "{names} was percent-encoded before signing; sign the raw text";
  const encodeLikeBrowsers = (own) => percent(own, "!~*'()-._");
  const RARE_WORDS = [
    ["yes", "no"], ["Yes", "No"], ["YES", "NO"], ["on", "off"], ["On", "Off"], ["ON", "OFF"], ["t", "f"], ["T", "F"], ["y", "n"], ["Y", "N"],
  ];
  const REWRITES = [
    boolean("True", "False"), boolean("1", ""), boolean("1", "0"), boolean("TRUE", "FALSE"),
    ...RARE_WORDS.map(([yes, no]) => boolean(yes, no, true)),
    ...["None", "null", "<nil>", "nil", "NULL", "undefined", '""'].map(nothing),
    list((items) => items.map(print).join(","), "with commas alone"),
    list((items) => items.map(print).join(", "), "with commas alone"),
    list(() => "Array", "as `Array`"),
    list((items) => repr(items), "as Python prints it"),
    list(compactJson, "as JSON"),
    list((items) => dumpJson(items), "as JSON"),
    list((items) => dumpJson(items, { ascii: true }), "as JSON"),
    list((items) => escapeAscii(compactJson(items)), "as JSON"),
    list((items) => escapeAscii(compactJson(items)).replaceAll("/", "\\/"), "as JSON"),
    list((items) => `[${items.map(print).join(", ")}]`, "as Java prints it"),
    list((items) => `[${items.map(print).join(" ")}]`, "with blanks alone"),
    ...listWays(print).map(([how, write]) => list(write, how, true)),
    text((own) => percent(own), PERCENT),
    text((own) => percent(own, "/"), PERCENT),
    text(encodeLikeBrowsers, PERCENT),
    text(formEncode, "{names} was form-encoded before signing; sign the raw text"),
    text(escapeAscii, "{names} was signed with `\\u` and digits for letters beyond ASCII; sign the letters themselves"),
    text(latinTwice, "{names} was encoded as UTF-8 twice; sign its letters as UTF-8 once"),
    text((own) => own.normalize("NFD"), "{names} was signed with accents apart from their letters (decomposed), and sent with them; sign what you send"),
    text((own) => own.normalize("NFC"), "{names} was signed with accents composed, and sent decomposed; sign what you send"),
    text((own) => own.trim(), "{names} was trimmed before signing; sign the blanks at its ends too"),
    text((own) => own.toLowerCase(), "{names} was signed in small letters; sign what you send"),
    ...textWays().map(([sentence, change]) => text(change, sentence, true)),
    ...jsonWays().map(([how, write]) => json(write, how)),
    number(normalize), number((own) => round(own, 1)), number((own) => round(own, 2)), number((own) => round(own, 3)),
    number(integer), number(exponential), number((own) => pythonFloat(Number(own))),
  ];

  /** The wrong text, or nothing where this way does not fit. */
  const rewriteText = (rewrite, value, own) => (fits[rewrite.family](value, own) ? rewrite.write(value, own) : null);
  /** The ways that change a text, with the wrong texts by name; of long texts, only as many as the work allows. */
  function findRewrites({ params, pairs }) {
    const wrong = new Map(REWRITES.map((rewrite) => [rewrite, new Map()]));
    const costs = { json: WORK_OF_JSON, list: WORK_OF_LIST };
    const left = Object.fromEntries(Object.keys(fits).map((family) => [family, MOST_WORK / (costs[family] || WORK_OF_TEXT)]));
    for (const [name, own] of pairs) {
      const work = Array.from(own).length + WORK_OF_VALUE;
      for (const family of Object.keys(fits)) {
        if (work > left[family] || !fits[family](params.get(name), own)) continue;
        left[family] -= work;
        for (const rewrite of REWRITES.filter((one) => one.family === family)) {
          const changed = rewrite.write(params.get(name), own);
          if (changed !== null && changed !== own) wrong.get(rewrite).set(name, changed);
        }
      }
    }
    return [...wrong].filter(([, changed]) => changed.size);
  }

  function* wrongValues(request, found) {
    const texts = new Map(request.pairs);
    yield* wrongBlanks(request, texts);
    for (const one of found) yield attempt(request, texts, [one]);
    for (const [rewrite, wrong] of found) {
      if (wrong.size > 1) for (const [name, value] of wrong) yield attempt(request, texts, [[rewrite, new Map([[name, value]])]]);
    }
    for (const [cause, bytes] of otherEncodings(request.base)) yield { cause, bytes };
  }
  function* wrongCombinations(request, found) {
    const texts = new Map(request.pairs);
    for (const chosen of together(found)) yield attempt(request, texts, chosen);
  }
  /** Each way for all values, and some ways of several kinds: what to say, and the wrong texts by name. */
  function* valueMistakes(request, found) {
    const texts = new Map(request.pairs);
    for (const one of found) if (!one[0].rare) yield [causeOf([one], texts), changedBy([one])];
    for (const chosen of limit(together(found), MOST_COMBINED)) yield [causeOf(chosen, texts), changedBy(chosen)];
  }
  function* together(found) {
    const usual = found.filter(([rewrite]) => !rewrite.rare);
    yield* limit(combine(usual, usual.length), MOST_TOGETHER);
  }
  function* rareCombinations(request, found) {
    const texts = new Map(request.pairs);
    for (const chosen of limit(withRare(found), MOST_RARE)) yield attempt(request, texts, chosen);
  }
  function* withRare(found) {
    for (const chosen of combine(found, 2)) if (chosen.some(([rewrite]) => rewrite.rare)) yield chosen;
  }
  function* combine(found, most) {
    const kinds = new Map();
    for (const one of found) kinds.set(one[0].kind, [...(kinds.get(one[0].kind) ?? []), one]);
    for (let count = 2; count <= Math.min(most, kinds.size); count += 1) {
      for (const some of combinations([...kinds.values()], count)) yield* product(some);
    }
  }
  function attempt(request, texts, chosen) {
    const wrong = changedBy(chosen);
    return { cause: causeOf(chosen, texts), text: join(request.scheme, request.pairs.map(([name, own]) => [name, wrong.get(name) ?? own])) };
  }
  const changedBy = (chosen) => new Map(chosen.flatMap(([, changed]) => [...changed]));
  const causeOf = (chosen, texts) => chosen.flatMap((one) => sentences(one, texts)).join("; and ");
  function sentences([rewrite, wrong], texts) {
    const names = [...wrong.keys()];
    const fill = (values) => rewrite.sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
    if (rewrite.kind === "list") {
      const short = names.map((name) => texts.get(name)).find((own) => own.length < 40);
      return [fill({ names: listNames(names), right: short ?? "[1, 2]" })];
    }
    if (!rewrite.sentence.includes("{wrong}")) return [fill({ names: listNames(names) })];
    return [...new Set(wrong.values())].map((value) => {
      const own = names.filter((name) => wrong.get(name) === value);
      return fill({ wrong: quote(value), right: quote(texts.get(own[0])), names: listNames(own) });
    });
  }
  const quote = (own) => (own ? `\`${own}\`` : "nothing");
  function* wrongBlanks(request, texts) {
    const sent = [...request.query, ...request.body].filter((name) => (texts.get(name) ?? "").includes(" "));
    const change = (wrong) => join(request.scheme, request.pairs.map(([name, own]) => [name, wrong.get(name) ?? own]));
    for (const wrong of choosePlus(sent, texts)) {
      yield { cause: `\`+\` was not encoded in ${listNames([...wrong.keys()])}: it arrives as a blank; send \`%2B\``, text: change(wrong) };
    }
    for (const name of sent) {
      const cause = `\`${name}\` was percent-encoded before signing, some blanks as \`+\`; sign the raw text`;
      for (const mixed of limit(replaceSome(percent(texts.get(name)), "%20", "+"), MOST_CHOICES)) yield { cause, text: change(new Map([[name, mixed]])) };
    }
  }
  /** The texts with `+` for all blanks, in all of them and in each; then for some of the blanks. */
  function* choosePlus(names, texts) {
    const all = (name) => texts.get(name).replaceAll(" ", "+");
    const some = (name) => replaceSome(texts.get(name), " ", "+");
    for (const chosen of [names, ...names.map((name) => [name])]) if (chosen.length) yield new Map(chosen.map((name) => [name, all(name)]));
    for (const name of names) for (const text of limit(some(name), MOST_CHOICES)) yield new Map([[name, text]]);
    if (names.length < 2) return;
    const variants = names.map((name) => [...limit([texts.get(name), all(name), ...limit(some(name), 16)], 16)]);
    for (const picked of limit(product(variants), MOST_CHOICES)) {
      const wrong = new Map(names.map((name, at) => [name, picked[at]]).filter(([name, text]) => text !== texts.get(name)));
      if (wrong.size > 1) yield wrong;
    }
  }

  const WINDOWS = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
  const ENCODINGS = {
    "Latin-1": (base) => bytesOf(base, (char) => (char.codePointAt(0) < 256 ? [char.codePointAt(0)] : null)),
    "Windows-1252": (base) => bytesOf(base, windows),
    "UTF-16": (base) => Uint8Array.from([...base].flatMap((char) => char.split("")).flatMap((unit) => [unit.charCodeAt(0) & 255, unit.charCodeAt(0) >> 8])),
  };
  function windows(char) {
    const code = char.codePointAt(0);
    const at = code < 128 || (code > 159 && code < 256) ? code : 128 + WINDOWS.indexOf(char);
    return at < 128 && code > 127 || [129, 141, 143, 144, 157].includes(at) ? null : [at];
  }
  function bytesOf(base, encode) {
    const found = Array.from(base, encode);
    return found.includes(null) ? null : Uint8Array.from(found.flat());
  }
  function* otherEncodings(base) {
    const right = new TextEncoder().encode(base);
    for (const [name, encode] of Object.entries(ENCODINGS)) {
      const message = encode(base);
      const same = message && message.length === right.length && message.every((byte, at) => byte === right[at]);
      if (message && !same) yield [`the base string was encoded as ${name}; encode it as UTF-8`, message];
    }
  }

  // Other parameters: left out, renamed, taken from another place, or too many.
  function* wrongParameters(request) {
    const { params, path, query, body, scheme, pairs } = request;
    const without = (names) => join(scheme, pairs.filter(([name]) => !names.includes(name)));
    const changed = (changes, less = []) => {
      const rest = new Map(pairs.filter(([name]) => !less.includes(name)));
      for (const [name, value] of pairsOf(scheme, new Map(Object.entries(changes)))) rest.set(name, value);
      return join(scheme, sortPairs([...rest], scheme.order));
    };
    const signing = [scheme.timestamp_parameter, scheme.nonce_parameter];
    const names = [...params.keys()];
    const empty = names.filter((name) => [null, ""].includes(params.get(name)) || (Array.isArray(params.get(name)) && !params.get(name).length));
    const groups = [
      ["the ids in the path were not signed", path],
      ["the parameters of the query were not signed", query.filter((name) => !signing.includes(name))],
      ["the parameters of the body were not signed", body],
      [`the empty parameters were not signed (${listNames(empty)})`, empty],
    ];
    for (const [cause, left] of groups) if (left.length) yield { cause, text: without(left) };
    yield { cause: "only the path ids, the timestamp and the nonce were signed", text: without(names.filter((name) => ![...path, ...signing].includes(name))) };
    yield { cause: "only the timestamp and the nonce were signed", text: without(names.filter((name) => !signing.includes(name))) };
    for (const name of names) yield { cause: `the parameter ${repr(name)} was not signed`, text: without([name]) };
    if (names.length <= 30) {
      for (const pair of combinations(names, 2)) yield { cause: `${listNames(pair)} were not signed`, text: without(pair) };
    }
    for (const [name, value] of request.overridden) {
      if (!params.has(name)) continue;
      const where = path.includes(name) ? "path" : "query";
      const cause = `\`${print(value)}\` was signed for \`${name}\`, as another place has it; the ${where} has \`${print(params.get(name))}\`, which counts`;
      yield { cause, text: changed({ [name]: value }) };
    }
    for (const [name, other] of product([path, request.names])) {
      if (!params.has(name)) continue;
      const cause = `the id in the path was signed as ${repr(other)} instead of ${repr(name)}`;
      yield { cause, text: changed({ [other]: params.get(name) }, [name]) };
    }
    for (const name of request.token ? ["token", "api_token", "Authorization", "authorization"] : []) {
      yield { cause: `the token was signed too, as ${repr(name)}: it is no parameter`, text: changed({ [name]: request.token }) };
    }
  }

  // The right parameters in a wrong order.
  function* wrongOrders(request, known) {
    for (const [cause, pairs] of known) yield { cause, text: join(request.scheme, pairs) };
  }
  function* everyOrder(request, known) {
    const right = request.pairs;
    if (right.length > 7) return;
    const tried = new Set([right, ...known.map(([, pairs]) => pairs)].map(keyOf));
    for (const pairs of permutations(right)) {
      if (!tried.has(keyOf(pairs))) yield { cause: describeOrder(request, "in another order", pairs), text: join(request.scheme, pairs) };
    }
  }
  const keyOf = (pairs) => JSON.stringify(pairs.map(([name]) => name));
  /** What is said of each other order that programs have, and the pairs in it; none twice. */
  function knownOrders(request) {
    const tried = new Set([keyOf(request.pairs)]);
    return [...orders(request)]
      .filter(([, pairs]) => !tried.has(keyOf(pairs)) && tried.add(keyOf(pairs)))
      .map(([how, pairs]) => [describeOrder(request, how, pairs), pairs]);
  }
  function describeOrder(request, how, pairs) {
    const shown = (own) => own.slice(0, 12).map(([name]) => name).join(", ") + (own.length > 12 ? ", …" : "");
    const byName = `sort them by name: ${shown(request.pairs)}`;
    const advice = request.scheme.order === "as-sent" ? "sign them in the order sent" : byName;
    return `the parameters were signed ${how}: ${shown(pairs)}; ${advice}`;
  }

  // Two mistakes at once: ids of the path left out or renamed, values written otherwise, another order, joiner or encoding.
  function* wrongTogether(request, found, known) {
    for (const [said, other] of wrongPaths(request)) {
      for (const one of joinedOtherwise(other, other.pairs)) yield { ...one, cause: `${said}; and ${one.cause}` };
      for (const [cause, pairs] of knownOrders(other)) yield { cause: `${said}; and ${cause}`, text: join(other.scheme, pairs) };
      for (const [cause, wrong] of valueMistakes(request, found)) {
        yield { cause: `${said}; and ${cause}`, text: join(other.scheme, other.pairs.map(([name, own]) => [name, wrong.get(name) ?? own])) };
      }
    }
    for (const [said, pairs] of known) {
      for (const one of joinedOtherwise(request, pairs)) yield { ...one, cause: `${said}; and ${one.cause}` };
    }
    for (const [said, wrong] of valueMistakes(request, found)) {
      const texts = new Map(request.pairs.map(([name, own]) => [name, wrong.get(name) ?? own]));
      for (const [cause, pairs] of known) {
        yield { cause: `${cause}; and ${said}`, text: join(request.scheme, pairs.map(([name]) => [name, texts.get(name)])) };
      }
      for (const one of joinedOtherwise(request, [...texts])) yield { ...one, cause: `${one.cause}; and ${said}` };
    }
  }
  /** What is said of ids of the path that were left out, or of one that was renamed, and the request so changed. */
  function* wrongPaths(request) {
    const path = request.path.filter((name) => request.params.has(name));
    if (path.length) yield ["the ids in the path were not signed", rename(request, new Map(path.map((name) => [name, ""])))];
    for (const [name, other] of product([path, request.names])) {
      if (!request.params.has(other)) yield [`the id in the path was signed as ${repr(other)} instead of ${repr(name)}`, rename(request, new Map([[name, other]]))];
    }
  }
  /** The request with other names of parameters, without those whose new name is empty. */
  function rename(request, names) {
    const own = (name) => names.get(name) ?? name;
    const renamed = (pairs) => [...pairs].map(([name, value]) => [own(name), value]).filter(([name]) => name);
    return {
      ...request,
      params: new Map(renamed(request.params)),
      pairs: sortPairs(renamed(request.pairs), request.scheme.order),
      path: request.path.map(own).filter(Boolean),
    };
  }
  function* joinedOtherwise({ scheme }, pairs) {
    for (const [cause, other] of otherSeparators(scheme)) yield { cause, text: join(other, pairs) };
    for (const [cause, bytes] of otherEncodings(join(scheme, pairs))) yield { cause, bytes };
  }
  function* orders(request) {
    const right = request.pairs;
    const by = (key, order = compare) => [...right].sort((one, other) => order(key(one), key(other)));
    const signing = [request.scheme.timestamp_parameter, request.scheme.nonce_parameter];
    for (const pairs of ordersSent(request)) yield ["in the order sent, not sorted by name", pairs];
    for (const pairs of [right, ...ordersSent(request)]) {
      const rest = pairs.filter(([name]) => !signing.includes(name));
      const own = pairs.filter(([name]) => signing.includes(name));
      const turned = [...own].reverse();
      yield ["with the signing parameters last", [...rest, ...own]];
      yield ["with the signing parameters last", [...rest, ...turned]];
      yield ["with the signing parameters first", [...own, ...rest]];
      yield ["with the signing parameters first", [...turned, ...rest]];
    }
    yield ["sorted without regard to capital letters", by(([name]) => name.toLowerCase())];
    yield ["sorted by bytes of their names", by(([name]) => name)];
    yield ["in reversed order", [...right].reverse()];
    yield ["sorted by value", by(([, own]) => own)];
    yield ["sorted by length of their names", by(([name]) => Array.from(name).length, (one, other) => one - other)];
  }
  function* ordersSent({ params, path, query, body, pairs }) {
    const texts = new Map(pairs);
    const known = [...path, ...query, ...body];
    const rest = [...params.keys()].filter((name) => !known.includes(name));
    const places = [path, query, body, rest].filter((names) => names.length);
    const pick = (lists) => [...new Set(lists.flat())].filter((name) => texts.has(name)).map((name) => [name, texts.get(name)]);
    for (const order of permutations(places)) yield pick(order);
    for (const order of permutations(places)) yield pick(order.map((names) => [...names].sort(compare)));
  }

  /** A request as its signer may have seen it; `places` are the names in each place as sent. */
  function describe(scheme, params, key, { path = [], query = [], body = [], overridden = [], names = [], token = "" } = {}) {
    const signed = new Map([...params].filter(([name]) => !scheme.exclude.includes(name)));
    const pairs = pairsOf(scheme, params);
    return { scheme, params: signed, pairs, base: join(scheme, pairs), key, path, query, body, overridden, names, token };
  }

  /** Each mistake alone, then two at once: what is usual comes first, as the search may end early. */
  function* listAttempts(request) {
    for (const kind of [wrongClauses, wrongKeys, wrongEnds, wrongHashes, wrongJson]) yield* kind(request);
    const found = findRewrites(request);
    yield* wrongValues(request, found);
    yield* wrongParameters(request);
    const known = knownOrders(request);
    yield* wrongOrders(request, known);
    const combinations = wrongCombinations(request, found);
    for (let tried = 0; tried < USUAL_COMBINATIONS; tried += 1) {
      const { done, value } = combinations.next();
      if (done) break;
      yield value;
    }
    yield* wrongTogether(request, found, known);
    yield* combinations;
    yield* everyOrder(request, known);
    yield* rareCombinations(request, found);
  }
  function* attempts(request) {
    const most = Math.min(MOST, Math.floor(MOST_WORK / (Array.from(request.base).length + 64 + BYTES_OF_AN_ATTEMPT + BYTES_OF_A_PAIR * request.pairs.length)));
    let tried = 0;
    for (const one of listAttempts(request)) {
      yield one;
      if ((tried += 1) > most) return;
    }
  }

  /** The mistake that makes this very signature, or nothing. */
  async function findCause(request, signature) {
    const right = await digest(request.scheme, request.base, request.key);
    if (right === signature) return "";
    const damage = findDamage(right, signature);
    if (damage) return damage;
    for (const { cause, text: own, bytes, key = request.key, scheme = request.scheme } of attempts(request)) {
      if ((await digest(scheme, bytes ?? own, key)) === signature) return cause;
    }
    return "";
  }

  /** The mistake that makes this very base string, or nothing. */
  function findCauseOfText(request, pasted) {
    for (const { cause, text: own, key, scheme } of attempts(request)) {
      if (key === undefined && scheme === undefined && own === pasted) return cause;
    }
    return "";
  }

  /** Where two base strings differ, counted in characters. */
  function findDifference(correct, yours) {
    const [here, there] = [Array.from(correct), Array.from(yours)];
    let at = 0;
    while (at < Math.min(here.length, there.length) && here[at] === there[at]) at += 1;
    const cut = (chars) => repr(chars.slice(at, at + 40).join(""));
    const { differences } = globalThis.procwiseWorkbench;
    if (correct === yours) return { at: -1, sentence: differences.none };
    const words = { at: at + 1, yours: cut(there), correct: cut(here) };
    return { at, sentence: differences.shown.replace(/\{(\w+)\}/g, (_, name) => words[name]) };
  }

  globalThis.procwiseMistakes = { describe, attempts, findCause, findCauseOfText, findDifference, REWRITES, listNames, quoteText: quote, rewriteText };
})();
