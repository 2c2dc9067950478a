// Why the signature of a whole request was refused, for schemes of any kind: the catalogue of the client's `explain`, tried one after the other.
(() => {
  const { compare, VALUES } = globalThis.procwiseTexts;
  const { encode } = globalThis.procwiseTransforms;
  const { targetOf } = globalThis.procwiseRequest;
  const { evaluate, signatureOf, placeCompanions } = globalThis.procwiseSigner;
  const { decodeUtf8 } = globalThis.procwiseBytes;
  const { wrongWritings, describePart } = globalThis.procwiseRequestWritings;

  const DIGESTS = ["hex-lower", "hex-upper", "base64", "base64url"];
  const HASHES = ["md5", "sha1", "sha256", "sha384", "sha512"];
  const ORDERS = ["name-bytes", "name-codepoints", "name-lower", "pair-bytes", "value-bytes", "as-sent"];
  const SEPARATORS = ["&", "?", "", ",", ";", "|", "\n"];
  const JOINERS = ["", "\n", "&", ":", ".", "|", ","];
  const [MOST_WORK, FEWEST] = [16_000_000, 200]; // as the client bounds its search, or the two would differ
  const [BYTES_OF_AN_ATTEMPT, BYTES_OF_A_PART, BYTES_OF_A_PAIR, FEW] = [1500, 200, 250, 4];

  const escaped = (text) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  const quoted = (text) => (text.includes("'") ? `"${escaped(text)}"` : `'${escaped(text)}'`);
  const withClause = (map, ...clauses) => new Map([...map, ...clauses]);
  const without = (map, ...names) => new Map([...map].filter(([name]) => !names.includes(name)));
  const replaceAt = (items, at, count, ...others) => [...items.slice(0, at), ...others, ...items.slice(at + count)];
  const withRequest = (context, changes) => ({ ...context, request: { ...context.request, ...changes } });
  const withScheme = (context, ...clauses) => ({ ...context, scheme: withClause(context.scheme, ...clauses) });

  /** The request as a careless signer sees it. */
  function* otherInputs(context) {
    const { request } = context;
    const { method, path, query, body, scheme } = request;
    yield ["the method was signed in small letters", withRequest(context, { method: method.toLowerCase() })];
    yield ["the method was signed in capital letters", withRequest(context, { method: method.toUpperCase() })];
    yield ["the body was not signed", withRequest(context, { body: new Uint8Array() })];
    yield ["the query was not signed", withRequest(context, { query: "" })];
    yield ["the path was signed with a slash at its end", withRequest(context, { path: `${path}/` })];
    yield ["the path was signed without the slash at its end", withRequest(context, { path: path.slice(0, -1) })];
    yield ["the body was signed with a line break at its end", withRequest(context, { body: Uint8Array.from([...body, 10]) })];
    let end = body.length;
    while (end && body[end - 1] === 10) end -= 1;
    yield ["the body was signed without the line break at its end", withRequest(context, { body: body.slice(0, end) })];
    const other = scheme === "https" ? "http" : "https";
    yield [`the address was signed with ${other}`, withRequest(context, { scheme: other })];
    const items = query.split("&").sort(compare);
    yield ["the query was sorted before signing", withRequest(context, { query: items.join("&") })];
    for (const [at, item] of items.entries()) {
      const name = item.split("=")[0];
      yield [`the parameter ${quoted(name)} was not signed`, withRequest(context, { query: items.filter((_, index) => index !== at).join("&") })];
    }
  }

  /** Another hash, or another form of the result. */
  function* otherResults(context) {
    const algorithm = context.scheme.get("algorithm");
    for (const hash of HASHES) {
      const other = algorithm.startsWith("hmac-") ? `hmac-${hash}` : hash;
      if (other !== algorithm) yield [`it was signed with ${other} instead of ${algorithm}`, withScheme(context, ["algorithm", other])];
    }
    const digest = [context.scheme.get("digest")].flat();
    for (const form of DIGESTS) {
      if (digest.length !== 1 || digest[0] !== form) yield [`the digest was written as ${form}`, withScheme(context, ["digest", form])];
    }
  }

  function* otherKeys(context) {
    const key = context.scheme.get("key");
    if (!key) return;
    const rest = without(key, "encoding", "strip");
    if (key.has("credential")) {
      yield ["the key was taken as it is written, without decoding it", withScheme(context, ["key", rest])];
      for (const [name, encoding] of [["from-base64", "base64"], ["from-hex", "hex"]]) {
        yield [`the key was decoded (${name})`, withScheme(context, ["key", withClause(rest, ["encoding", encoding])])];
      }
    }
    if (key.has("derive")) yield ["the key was not derived", withScheme(context, ["key", without(key, "derive")])];
    const { secret_key: secret = "", token = "", access_key: own = "" } = context.credentials;
    const keys = [
      ...(token || own ? [["the token was used as the key, instead of the secret key", token || own]] : []),
      ["the secret key ended with a line break", `${secret}\n`],
      ["the secret key ended with a carriage return and a line break", `${secret}\r\n`],
      ["the secret key ended with a space", `${secret} `],
      ["the secret key stood in quotation marks", `"${secret}"`],
      ["the secret key was empty", ""],
    ];
    for (const [cause, other] of keys) yield [cause, { ...context, credentials: { ...context.credentials, secret_key: other } }];
  }

  /** Derived keys in other forms, and a key of several parts that was joined otherwise or signed itself. */
  function* otherKeyParts(context) {
    const key = context.scheme.get("key");
    if (!key) return;
    for (const form of key.has("derive") ? ["", "hex-lower", "hex-upper", "base64"] : []) {
      if (form === (key.get("form") ?? "")) continue;
      const cause = form ? `each derived key was written as ${form}` : "each derived key was taken as its bytes";
      yield [cause, withScheme(context, ["key", form ? withClause(key, ["form", form]) : without(key, "form")])];
    }
    if (!key.has("parts")) return;
    const own = key.get("join") ?? "";
    for (const joiner of JOINERS.filter((one) => one !== own)) {
      const cause = `the parts of the key were joined by ${quoted(joiner)} instead of ${quoted(own)}`;
      yield [cause, withScheme(context, ["key", withClause(key, ["join", joiner])])];
    }
    const alone = new Map([["credential", "secret_key"]]);
    yield ["what is the key was signed, and the secret key alone was the key", withScheme(context, ["key", alone], ["message", without(key, "derive", "form")])];
  }

  /** The message with one part changed. */
  function* otherMessages(context) {
    const { scheme } = context;
    for (const [cause, message] of variants(scheme.get("message"), "the message", context)) yield [cause, withScheme(context, ["message", message])];
    const values = scheme.get("values") ?? new Map();
    for (const [name, value] of values) {
      for (const [cause, part] of variants(value, `\`value.${name}\``, context)) yield [cause, withScheme(context, ["values", withClause(values, [name, part])])];
    }
  }
  function* variants(written, name, context) {
    const part = typeof written === "string" ? new Map([["from", written]]) : written;
    const steps = part.get("as") ?? [];
    if (steps.length) yield [`${name} was not transformed`, without(part, "as")];
    if (steps.length > 1) yield [`${name} lacks its last transform`, withClause(part, ["as", steps.slice(0, -1)])];
    if (part.has("before")) {
      const [before, bare] = [part.get("before"), without(part, "before")];
      yield [`${name} was signed without ${quoted(before)} before it`, bare];
      const always = [new Map([["text", before.replace(/[{}]/g, "$&$&")]]), without(bare, "as")];
      const steps = part.has("as") ? [["as", part.get("as")]] : [];
      const conditions = ["only_with", "only_without"].filter((name) => part.has(name)).map((name) => [name, part.get(name)]);
      yield [`${name} was signed with ${quoted(before)} before it, though it is empty`, new Map([["parts", always], ...steps, ...conditions])];
    }
    if (part.has("parameters")) yield* variantsOfSet(part);
    if (part.has("parts")) yield* variantsOfGroup(part, name, context);
  }
  function* variantsOfSet(part) {
    const own = part.get("order") ?? "as-sent";
    for (const order of ORDERS) if (order !== own) yield [`the parameters were signed ${order} instead of ${own}`, withClause(part, ["order", order])];
    if (part.get("empty") === "name") yield ["parameters without a value were signed like those that have one", without(part, "empty")];
    if (part.get("only")?.length) yield ["all parameters were signed, not only those that count", without(part, "only")];
    const values = [part.get("values") ?? "plain"].flat();
    const word = Object.hasOwn(VALUES, values[0] ?? "") ? values[0] : "plain";
    if (values.length > 1 || values[0] !== word) yield ["the values of the parameters were signed raw", withClause(part, ["values", [word]])];
    for (const step of ["percent-encode", "form-encode"]) yield [`the values of the parameters were signed with ${step}`, withClause(part, ["values", [word, step]])];
    const joined = part.get("separator") ?? "&";
    for (const separator of SEPARATORS) {
      if (separator !== joined) yield [`the parameters were joined by ${quoted(separator)} instead of ${quoted(joined)}`, withClause(part, ["separator", separator])];
    }
  }
  function* variantsOfGroup(part, name, context) {
    const parts = part.get("parts");
    const joiner = part.get("join") ?? "";
    for (const other of JOINERS) {
      if (other !== joiner) yield [`the parts of ${name} were joined by ${quoted(other)} instead of ${quoted(joiner)}`, withClause(part, ["join", other])];
    }
    const shown = parts.map((inner, at) => describePart(inner, at, context.scheme));
    for (const [at, inner] of parts.entries()) {
      yield [`${shown[at]} was not signed`, withClause(part, ["parts", replaceAt(parts, at, 1)])];
      for (const [cause, changed] of variants(inner, shown[at], context)) yield [cause, withClause(part, ["parts", replaceAt(parts, at, 1, changed)])];
    }
    for (let at = 0; at + 1 < parts.length; at += 1) {
      yield [`${shown[at + 1]} was signed before ${shown[at]}`, withClause(part, ["parts", replaceAt(parts, at, 2, parts[at + 1], parts[at])])];
    }
  }

  const KINDS = [otherInputs, otherResults, otherKeys, otherMessages];

  /** Each mistake, then two of different kinds, then two in the message. */
  function* attempts(context) {
    for (const kind of [...KINDS, wrongWritings, otherKeyParts]) yield* kind(context);
    for (const [at, kind] of KINDS.entries()) {
      for (const [cause, changed] of kind(context)) for (const other of KINDS.slice(at + 1)) yield* both(cause, other(changed));
    }
    for (const [cause, changed] of otherMessages(context)) yield* both(cause, otherMessages(changed));
  }
  function* both(cause, others) {
    for (const [more, changed] of others) yield [`${cause}; and ${more}`, changed];
  }
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  const listForms = (part) => [part, ...(part.get?.("parts") ?? []).flatMap(listForms)];
  function countPairs(places, { headers, query, body }) {
    const ofBody = 1 + body.filter((byte) => byte === 0x2c || byte === 0x26).length;
    const known = { headers: headers.length, query: query.split("&").length, body: ofBody, form: ofBody };
    return sum(places.map((place) => (place instanceof Map ? place.size : (known[place] ?? FEW))));
  }
  /** How many attempts there are: the work of one is about the bytes that are signed. */
  function limitOf({ scheme, request }) {
    const parts = [scheme.get("message"), ...(scheme.get("values")?.values() ?? []), ...(scheme.get("key")?.get("derive") ?? [])];
    const forms = parts.flatMap(listForms);
    const pairs = sum(forms.map((form) => countPairs(form.get?.("parameters") ?? [], request)));
    const size = request.body.length + targetOf(request).length + sum(request.headers.map(([name, value]) => name.length + value.length));
    const work = size + BYTES_OF_AN_ATTEMPT + BYTES_OF_A_PART * forms.length + BYTES_OF_A_PAIR * pairs;
    return Math.max(FEWEST, Math.floor(MOST_WORK / work));
  }

  /** The mistake that makes this very signature, or one of these; `make` is what is compared, the signature unless the message is. */
  async function findCauseOfRequest(context, wanted, make = signatureOf) {
    const all = [wanted].flat();
    if (all.includes(await tryMake(make, context))) return "";
    let left = limitOf(context) - 1;
    for (const [cause, attempt] of attempts(context)) {
      if (left === 0) break;
      left -= 1;
      if (all.includes(await tryMake(make, attempt))) return cause;
    }
    return "";
  }
  async function tryMake(make, context) {
    try {
      return await make(context.isPlacedAnew ? await placeCompanions(context, context.scheme.get("placement")) : context);
    } catch {
      return undefined; // such a mistake cannot be made here: a key that is no base64, for one
    }
  }
  const messageOf = async (context) => decodeUtf8(encode(await evaluate(context.scheme.get("message"), context)));

  globalThis.procwiseRequestMistakes = { findCauseOfRequest, messageOf };
})();
