// Requests signed by any value of x-signing: the message, the key, the signature, and where its fields are put.
// Nothing is sent and no clock is read; digests and HMACs are those of `procwiseCrypto`, which each program has its own of.
(() => {
  const { parseJson, VALUES, compare } = globalThis.procwiseTexts;
  const { TRANSFORMS, WITH_ARGUMENT, KEYS, encode, decode, trim, matches } = globalThis.procwiseTransforms;
  const { readMoment, writeMoment } = globalThis.procwiseMoments;
  const { targetOf, urlOf, hostOf, portOf, siteOf, headersNamed, hasMembers, hasRoomFor, pairsIn, valueIn, withHeader, withoutHeader, withField, withoutField } =
    globalThis.procwiseRequest;

  const MOST_PASSES = 3;

  /** A scheme from its value, which is JSON: objects are Maps, so that no name is lost and all keep their order. */
  const readScheme = (json) => parseJson(json);

  /** The text or the bytes of a part. */
  async function evaluate(part, context) {
    if (typeof part === "string") return sourceValue(part, context);
    if (part.get("only_with") === "body" && !context.request.body.length) return "";
    if (part.has("only_without") && headersNamed(context.request, part.get("only_without").slice("header.".length)).some(Boolean)) return "";
    const [clause, make] = Object.entries(FORMS).find(([name]) => part.has(name));
    let value = await make(part.get(clause), context, part);
    if (part.has("before") && value.length) value = join([part.get("before"), value], "");
    for (const step of part.get("as") ?? []) value = await transform(step, value, context);
    return value;
  }
  const FORMS = {
    from: sourceValue,
    text: async (text, context) => join(await each(piecesOf(text), (piece) => (piece.name ? sourceValue(piece.name, context) : piece.text)), ""),
    clock: (format, context, part) =>
      writeMoment(format, context.nowMs + secondsIn(part), context.scheme.get("timestamp")?.get("zone")),
    parameters: async (_, context, part) => {
      const pieces = piecesOf(part.get("pair") ?? "{name}={value}");
      const write = ([name, value]) => (part.get("empty") === "name" && !value ? name : writePair(pieces, name, value));
      return (await pairsOf(part, context)).map(write).join(part.get("separator") ?? "&");
    },
    parts: async (parts, context, part) => join(await each(parts, (inner) => evaluate(inner, context)), part.get("join") ?? ""),
  };

  /** What is added to the clock, in milliseconds. */
  const secondsIn = (clause) => 1000 * Number(clause?.get("offset_seconds")?.raw ?? 0);

  async function each(items, make) {
    const made = [];
    for (const item of items) made.push(await make(item));
    return made;
  }
  function join(values, joiner) {
    if (values.every((value) => typeof value === "string")) return values.join(joiner);
    const between = [...encode(joiner)];
    return Uint8Array.from(values.flatMap((value, at) => [...(at ? between : []), ...encode(value)]));
  }
  /** Constant texts and names in braces. */
  const piecesOf = (text) =>
    Array.from(text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+/g), ([all, name]) =>
      name === undefined ? { text: all === "{{" || all === "}}" ? all[0] : all } : { name });
  const writePair = (pieces, name, value) =>
    pieces.map((piece) => piece.text ?? (piece.name === "name" ? name : value)).join("");

  function transform(step, value, context) {
    if (step === "sign") return signatureOf(context, value);
    if (typeof step === "function") return step(value); // no word of a scheme, but a mistake
    if (typeof step !== "string") return [...step].map(([name, argument]) => WITH_ARGUMENT[name](argument))[0](value);
    return step in TRANSFORMS ? TRANSFORMS[step](value) : globalThis.procwiseCrypto.digest(step, encode(value));
  }
  async function transformAll(steps, value, context) {
    let changed = value;
    for (const step of steps) changed = await transform(step, changed, context);
    return changed;
  }

  const OF_REQUEST = {
    method: ({ method }) => method,
    scheme: ({ scheme }) => scheme.toLowerCase(),
    host: hostOf,
    port: portOf,
    authority: siteOf,
    path: ({ path }) => path,
    query: ({ query }) => query,
    target: targetOf,
    url: (request) => `${request.scheme.toLowerCase()}://${siteOf(request)}${request.path}`,
    uri: urlOf,
    body: ({ body }) => body,
  };
  const OF_CONTEXT = ["timestamp", "nonce", "signature"];

  /** The text or the bytes of a source, or of a named value. */
  function sourceValue(source, context) {
    const { scheme, request } = context;
    if (scheme.get("values")?.has(source)) return evaluate(scheme.get("values").get(source), context);
    if (OF_CONTEXT.includes(source)) return context[source];
    if (Object.hasOwn(OF_REQUEST, source)) return OF_REQUEST[source](request);
    const kind = source.slice(0, source.indexOf("."));
    const name = source.slice(kind.length + 1);
    if (kind === "credential" || kind === "setting") return givenValue(kind, name, context);
    if (kind === "header") return headerValue(context, name);
    return VALUES.plain(valueIn(request, kind, name));
  }
  function givenValue(kind, name, context) {
    const given = context[`${kind}s`][name];
    const declared = context.scheme.get(`${kind}s`)?.get(name);
    const fallback = declared instanceof Map ? declared.get("default") : undefined;
    if (given !== undefined) return given;
    if (fallback) return String(fallback);
    if (name !== "token" && !(declared instanceof Map && declared.get("optional"))) throw new Error(`the ${kind} ${name} is missing`);
    return "";
  }

  const ORDERS = {
    "name-bytes": ([one], [other]) => compare(one, other),
    "name-codepoints": ([one], [other]) => compare(one, other),
    "name-lower": ([one], [other]) => compare(one.toLowerCase(), other.toLowerCase()),
    "pair-bytes": ([one, value], [other, second]) => compare(one, other) || compare(value, second),
    "value-bytes": ([, one], [, other]) => compare(one, other),
  };
  const sortPairs = (pairs, order) => (order in ORDERS ? [...pairs].sort(ORDERS[order]) : pairs);

  /** The names and texts of a set of parameters, in signing order. */
  async function pairsOf(part, context) {
    const written = part.get("values") ?? "plain";
    const [first, ...rest] = typeof written === "string" ? [written] : written;
    const [word, steps] = Object.hasOwn(VALUES, first ?? "") ? [first, rest] : ["plain", typeof written === "string" ? [] : written];
    const [only, exclude] = [part.get("only") ?? [], part.get("exclude") ?? []];
    const chosen = (await choose(part, context)).filter(([name]) => (!only.length || matches(name, only)) && !matches(name, exclude));
    const pairs = await each(chosen, async ([name, value]) => [
      decode(await transformAll(part.get("names") ?? [], name, context)),
      decode(await transformAll(steps, VALUES[word](value), context)),
    ]);
    const kept = part.get("empty") === "drop" ? pairs.filter(([, value]) => value) : pairs;
    const order = part.get("order") ?? "as-sent";
    return sortPairs(groupPairs(sortPairs(kept, order), part.get("repeated")), order);
  }
  async function choose(part, context) {
    const places = await each(part.get("parameters"), (place) => pairsFrom(place, context));
    if (part.get("repeated") !== "first-source") return places.flat();
    const merged = new Map();
    for (const pairs of places) for (const [name, value] of new Map(pairs)) if (!merged.has(name)) merged.set(name, value);
    return [...merged];
  }
  function pairsFrom(place, context) {
    if (place instanceof Map) return each([...place], async ([name, part]) => [name, decode(await evaluate(part, context))]);
    if (place === "headers") return signedHeaders(context);
    return place === "authorization" ? authorizationFields(context) : pairsIn(context.request, place);
  }
  function groupPairs(pairs, repeated) {
    const groups = new Map();
    for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
    if (repeated instanceof Map) return [...groups].map(([name, values]) => [name, values.join(repeated.get("join"))]);
    const isFirst = ([name, value], at) => pairs.findIndex((pair) => pair[0] === name && pair[1] === value) === at;
    return repeated === "unique" ? pairs.filter(isFirst) : pairs;
  }

  /** The values of a header, without the blanks around them; with them, if the context `keepsBlanks`, which is a mistake. */
  function headerValue({ scheme, request, keepsBlanks }, name) {
    const values = headersNamed(request, name);
    return (keepsBlanks ? values : values.map(trim)).join(scheme.get("headers")?.get("join") ?? ", ");
  }

  /** The signed headers: names in small letters, one pair a name. */
  function signedHeaders(context) {
    const { scheme, request, headerNames } = context;
    const choice = scheme.get("headers");
    const write = (name) => [name, headerValue(context, name)];
    if (headerNames) return headerNames.map(write);
    const exclude = (choice.get("exclude") ?? []).map((name) => name.toLowerCase());
    const listed = choice.get("names").map((name) => name.toLowerCase());
    const length = listed.includes("content-length") && headersNamed(request, "content-length").length ? ["content-length"] : [];
    const present = [...new Set(["host", ...request.headers.map(([name]) => name.toLowerCase()), ...length])].filter((name) => !matches(name, exclude));
    const inOrder = choice.get("order") === "name-bytes"
      ? present.filter((name) => matches(name, listed)).sort(compare)
      : [...new Set(listed.flatMap((pattern) => present.filter((name) => matches(name, [pattern]))))];
    return inOrder.map(write);
  }

  /** The signature of a message: of the scheme's own, if none is given. */
  async function signatureOf(context, message) {
    const { scheme } = context;
    const data = encode(message === undefined ? await evaluate(scheme.get("message"), context) : message);
    const [, keyed, hash] = /^(hmac-)?(.+)$/.exec(scheme.get("algorithm"));
    const { hmac, digest } = globalThis.procwiseCrypto;
    const mac = keyed ? await hmac(hash, await keyOf(scheme.get("key"), hash, context), data) : await digest(hash, data);
    return decode(await transformAll([scheme.get("digest")].flat(), mac, context));
  }
  async function keyOf(clause, hash, context) {
    let key = clause.has("parts") ? encode(await evaluate(clause, context)) : readKey(clause, context);
    for (const part of clause.get("derive") ?? []) {
      const derived = await globalThis.procwiseCrypto.hmac(hash, key, encode(await evaluate(part, context)));
      key = encode(clause.has("form") ? TRANSFORMS[clause.get("form")](derived) : derived);
    }
    return key;
  }
  function readKey(clause, context) {
    const credential = sourceValue(`credential.${clause.get("credential")}`, context);
    const stripped = clause.has("strip") ? WITH_ARGUMENT.strip(clause.get("strip"))(credential) : credential;
    return KEYS[clause.get("encoding") ?? "utf-8"](stripped);
  }

  // Fields of the placement. The signature stands in those that name it.
  const fieldsOf = (placement) =>
    [...placement.get("fields")].map(([name, written]) => {
      const part = typeof written === "string" ? new Map([["text", written]]) : written;
      const signs = holdsSignature(part);
      return { name, part, signs, optional: (placement.get("optional") ?? []).includes(name) };
    });
  /** Whether the signature stands in a part itself, or in one of its group. */
  function holdsSignature(part) {
    if (typeof part === "string") return part === "signature";
    if (part.has("parts")) return part.get("parts").some(holdsSignature);
    return part.get("from") === "signature" || piecesOf(part.get("text") ?? "").some(({ name }) => name === "signature");
  }
  const isHeaderOfFields = (placement) => placement.get("in") === "authorization";
  const headerOf = (placement) => placement.get("header") ?? "Authorization";

  async function authorizationFields(context) {
    const fields = context.scheme.get("placement").filter(isHeaderOfFields).flatMap(fieldsOf).filter((field) => !field.signs);
    const found = await each(fields, async (field) => [field, decode(await evaluate(field.part, context))]);
    return found.filter(([field, text]) => text || !field.optional).map(([field, text]) => [field.name, text]);
  }
  function removeSignature(scheme, signed) {
    let request = signed;
    for (const placement of scheme.get("placement")) {
      if (isHeaderOfFields(placement)) request = withoutHeader(request, headerOf(placement));
      else {
        for (const { name } of fieldsOf(placement).filter((field) => field.signs)) {
          const place = placement.get("in");
          if (place === "header") request = withoutHeader(request, name);
          else for (const one of placement.get("accept") ?? [place]) request = withoutField(request, one, name);
        }
      }
    }
    return request;
  }
  async function placeCompanionsOf(context, placement) {
    let { request } = context;
    for (const field of fieldsOf(placement).filter((one) => !one.signs)) {
      const text = decode(await evaluate(field.part, { ...context, request }));
      if (text || !field.optional) request = placeField(request, placement.get("in"), field.name, text);
    }
    return { ...context, request };
  }
  /** The fields that carry the signature, each made of the request as it was signed. */
  async function placeSignature(context, placements) {
    let { request } = context;
    for (const placement of placements) {
      if (isHeaderOfFields(placement)) request = placeHeader(request, headerOf(placement), await writeHeader(context, placement));
      for (const field of isHeaderOfFields(placement) ? [] : fieldsOf(placement).filter((one) => one.signs)) {
        const text = decode(await evaluate(field.part, context));
        if (text || !field.optional) request = placeField(request, placement.get("in"), field.name, text);
      }
    }
    return request;
  }
  /** All fields that do not carry the signature; those that are made of what fields are put into are made anew. */
  async function placeCompanions(context, placements) {
    context = { ...context, request: makeRoom(context.request, placements) };
    for (let pass = 0; pass <= MOST_PASSES; pass += 1) {
      const before = context.request;
      for (const place of ["body", "header", "query"]) {
        for (const placement of placements) if (placement.get("in") === place) context = await placeCompanionsOf(context, placement);
      }
      if (asText(before) === asText(context.request)) return context;
    }
    throw new Error("a field is made of what it is put into itself");
  }
  /** The request with its body as it is when the signature is taken out of it: JSON, for one, is written anew. */
  function makeRoom(request, placements) {
    for (const placement of placements.filter((one) => one.get("in") === "body")) {
      for (const { name } of fieldsOf(placement).filter((field) => field.signs)) {
        if (hasRoomFor(request, name)) request = withoutField(withField(request, "body", name, ""), "body", name);
      }
    }
    return request;
  }
  const asText = (request) => JSON.stringify([urlOf(request), request.headers, decode(request.body)]);
  const isBroken = (text) => /\p{Cs}/u.test(text); // half a character, or a byte that is no text
  function placeHeader(request, name, text) {
    if (isBroken(text) || /[\x00-\x08\x0a-\x1f\x7f]/.test(text)) {
      throw new Error(`the header ${name} would hold a line break or another character that no header can hold`);
    }
    if (/^[ \t]|[ \t]$/.test(text)) throw new Error(`the header ${name} would begin or end with a blank, which gets lost on its way`);
    return withHeader(request, name, text);
  }
  function placeField(request, place, name, text) {
    if (place === "header") return placeHeader(request, name, text);
    if (isBroken(text)) throw new Error(`the field ${name} would hold half a character, which cannot be sent`);
    if (place === "body" && !hasRoomFor(request, name)) {
      if (hasMembers(request)) throw new Error(`the field ${name} cannot be put there: what it would lie in is no JSON object`);
      throw new Error(`the field ${name} cannot be put into a body that is neither a form nor a JSON object`);
    }
    return withField(request, place, name, text);
  }
  async function writeHeader(context, placement) {
    const pieces = piecesOf(placement.get("pair") ?? '{name}="{value}"');
    const values = placement.get("values") ?? [];
    const texts = await each(fieldsOf(placement), async (field) => [field, decode(await evaluate(field.part, context))]);
    const written = await each(texts.filter(([field, text]) => text || !field.optional), async ([field, text]) =>
      writePair(pieces, field.name, decode(await transformAll(values === "percent-encoded" ? ["percent-encode"] : values, text, context))));
    const fields = written.join(placement.get("separator") ?? ", ");
    const word = placement.get("scheme");
    return word ? `${word} ${fields}` : fields;
  }

  /**
   * The message, the signature and the request as it is sent. `nowMs` is the clock; `timestamp` another text for that
   * moment, else it is written as the scheme says. `signature` stands for one that cannot be made yet. An old signature of
   * the request is dropped.
   */
  async function signRequest(scheme, request, { credentials, settings = {}, nowMs, nonce = "", timestamp = "", signature }) {
    const clock = scheme.get("timestamp");
    const moment = nowMs + secondsIn(clock);
    const [format, zone] = [clock?.get("format"), clock?.get("zone")];
    const written = timestamp || (clock ? writeMoment(format, moment, zone) : "");
    const said = clock ? readMoment(format, written, zone) : null; // no clock says more than a verifier can read
    let context = {
      scheme, credentials, settings, nonce, nowMs: said ?? moment, signature: "", timestamp: written,
      request: removeSignature(scheme, request),
    };
    const placements = scheme.get("placement");
    context = await placeCompanions(context, placements);
    const message = await evaluate(scheme.get("message"), context);
    const signed = { ...context, signature: signature ?? (await signatureOf(context, message)) };
    return { message, signature: signed.signature, request: await placeSignature(signed, placements), context };
  }

  globalThis.procwiseSigner = {
    readScheme, signRequest, placeCompanions, evaluate, signatureOf, signedHeaders, piecesOf, pairsOf, fieldsOf, isHeaderOfFields, headerOf, removeSignature,
  };
})();
