// A whole request as careless programs write it before they sign: query, path, body, host, moment, parts. As the client's `explain` has it.
(() => {
  const { VALUES } = globalThis.procwiseTexts;
  const { decode } = globalThis.procwiseTransforms;
  const { percent, unquote, unquotePlus } = globalThis.procwiseBytes;
  const { hostOf, portOf, siteOf, headersNamed, withHeader } = globalThis.procwiseRequest;
  const { writeMoment } = globalThis.procwiseMoments;
  const { wrongBodies, wrongTextsOfBody, rewriteItems, rewriteTexts, rewriteBlanks, splitItem } = globalThis.procwiseRequestBodies;
  const { wrongHeaders, wrongLineEnds } = globalThis.procwiseRequestLines;

  const RESERVED = "!'()*";
  const MOST_FOLDERS = 3;
  const DAY_MS = 86_400_000;
  const FORMATS = [
    "unix-s", "unix-ms", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%LZ", "%Y%m%dT%H%M%SZ", "%Y%m%d",
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%a, %d %b %Y %H:%M:%S GMT",
    "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S.%L+00:00", "unix-us",
  ];
  const FAMILIES = [["md5", "sha1", "sha256", "sha384", "sha512"], ["hex-lower", "hex-upper", "base64", "base64url"], ["upper", "lower"]];

  const writeSmall = (text) => text.replace(/%[0-9A-Fa-f]{2}/g, (found) => found.toLowerCase());
  const writeCapital = (text) => text.replace(/%[0-9A-Fa-f]{2}/g, (found) => found.toUpperCase());
  const ENCODERS = [
    ["with small letters behind `%`, such as `%2f`", (value) => writeSmall(percent(decode(value)))],
    [`without encoding \`${RESERVED}\``, (value) => percent(decode(value), RESERVED)],
    ["without encoding `/`", (value) => percent(decode(value), "/")],
  ];
  const writeTitle = (value) => decode(value).split("-").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("-");

  const withRequest = (context, changes) => ({ ...context, request: { ...context.request, ...changes } });
  const withClause = (map, ...clauses) => new Map([...map, ...clauses]);
  const without = (map, ...names) => new Map([...map].filter(([name]) => !names.includes(name)));
  const unknow = (request, place) => Object.fromEntries(Object.entries(request.parameters).filter(([name]) => name !== place));

  /** The request or a part of its message, written otherwise. */
  function* wrongWritings(context) {
    yield* wrongQueries(context);
    yield* wrongPaths(context);
    yield* wrongBodies(context);
    yield* wrongHeaders(context);
    yield* wrongHosts(context);
    yield* wrongMoments(context);
    yield* wrongLineEnds(context);
    yield* wrongParts(context);
    yield* wrongTexts(context);
  }

  function* wrongQueries(context) {
    const { query } = context.request;
    const texts = [
      ["the query was signed decoded", unquote(query)],
      ["the query was signed decoded, with blanks for `+`", unquotePlus(query)],
      ["the query was encoded once more before signing", query.split("&").map(encodeItem).join("&")],
      ["the query was signed with small letters behind `%`", writeSmall(query)],
      ["the query was signed with capital letters behind `%`", writeCapital(query)],
      ["blanks of the query were signed as `+`, and sent as `%20`", query.replaceAll("%20", "+")],
      ["blanks of the query were signed as `%20`, and sent as `+`", query.replaceAll("+", "%20")],
      [`\`${RESERVED}\` were signed encoded in the query`, query.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)],
      [`\`${RESERVED}\` were signed without encoding in the query`, query.replace(/%(?:21|2[789Aa])/g, unquote)],
      ["`~` was signed as `%7E` in the query", query.replaceAll("~", "%7E")],
      ["the query was signed with `?` before it", query ? `?${query}` : ""],
    ];
    const change = (text) => withRequest(context, { query: text, parameters: unknow(context.request, "query") });
    for (const [cause, text] of texts) if (text !== query) yield [cause, change(text)];
    for (const [cause, text] of rewriteItems(query)) yield [`${cause}, in the query`, change(text)];
    for (const [cause, text] of rewriteBlanks(query, "query")) yield [cause, change(text)];
  }
  /** Values of the query or of a form escaped, quoted or changed as texts. */
  function* wrongTexts(context) {
    const { query } = context.request;
    const change = (text) => withRequest(context, { query: text, parameters: unknow(context.request, "query") });
    for (const [cause, text] of rewriteTexts(query)) yield [`${cause}, in the query`, change(text)];
    yield* wrongTextsOfBody(context);
  }
  function encodeItem(item) {
    const [name, equals, value] = splitItem(item);
    return `${percent(name)}${equals}${percent(value)}`;
  }

  function* wrongPaths(context) {
    const { request } = context;
    const { path } = request;
    const folders = path.split("/");
    const texts = [
      ["the path was signed decoded", unquote(path)],
      ["the path was encoded once more before signing", percent(path, "/")],
      ["the path was encoded before signing, and sent without", percent(unquote(path), "/")],
      ["the path was signed with small letters behind `%`", writeSmall(path)],
      ["the path was signed with capital letters behind `%`", writeCapital(path)],
      ["blanks of the path were signed as `+`", path.replaceAll("%20", "+")],
      ["the path was signed without the slash at its beginning", path.slice(1)],
      ["the whole address was signed in place of the path", `${request.scheme}://${siteOf(request)}${path}`],
    ];
    for (let count = 1; count <= Math.min(MOST_FOLDERS, folders.length - 2); count += 1) {
      const left = folders.slice(0, count + 1).join("/");
      texts.push([`the path was signed without \`${left}\` at its beginning`, path.slice(left.length)]);
    }
    for (const [cause, text] of texts) if (text !== path) yield [cause, withRequest(context, { path: text })];
  }

  function* wrongHosts(context) {
    const { request } = context;
    const [host] = headersNamed(request, "host");
    const hosts = [
      ["the host was signed with its port", `${hostOf(request)}:${portOf(request)}`],
      ["the host was signed without its port", hostOf(request)],
      ["the host was signed in capital letters", host.toUpperCase()],
    ];
    for (const [cause, text] of hosts) {
      if (text !== host) yield [cause, { ...context, request: withHeader({ ...request, authority: text }, "Host", text) }];
    }
  }

  function* wrongMoments(context) {
    const clock = context.scheme.get("timestamp");
    if (!clock) return;
    const formats = FORMATS.map((format) => [format, writeMoment(format, context.nowMs, clock.get("zone"))]);
    if (clock.has("zone")) formats.push(["UTC", writeMoment(clock.get("format"), context.nowMs)]);
    for (const [format, timestamp] of formats) {
      const cause = `the moment was signed as ${format} (${timestamp})`;
      // in the message, and then in the fields that are signed too
      if (timestamp !== context.timestamp) yield* [[cause, { ...context, timestamp }], [cause, { ...context, timestamp, isPlacedAnew: true }]];
    }
    yield ["the moment was signed as 0", { ...context, timestamp: "0" }];
    for (const [word, days] of [["before", -1], ["after", 1]]) {
      yield [`the day ${word} was signed, as another time zone has it`, { ...context, nowMs: Math.max(0, context.nowMs + days * DAY_MS) }];
    }
  }

  function* wrongParts(context) {
    const { scheme } = context;
    const values = scheme.get("values") ?? new Map();
    for (const change of [otherSteps, otherClocks, otherSets, otherPresence]) {
      for (const [cause, part] of changeEach(scheme.get("message"), "the message", change, scheme)) {
        yield [cause, { ...context, scheme: withClause(scheme, ["message", part]) }];
      }
      for (const [name, value] of values) {
        for (const [cause, part] of changeEach(value, `\`value.${name}\``, change, scheme)) {
          yield [cause, { ...context, scheme: withClause(scheme, ["values", withClause(values, [name, part])]) }];
        }
      }
    }
  }
  /** The part with the change made to it, then to each part of its groups. */
  function* changeEach(written, name, change, scheme) {
    const part = typeof written === "string" ? new Map([["from", written]]) : written;
    yield* change(part, name);
    const parts = part.get("parts") ?? [];
    for (const [at, inner] of parts.entries()) {
      for (const [cause, changed] of changeEach(inner, describePart(inner, at, scheme), change, scheme)) {
        yield [cause, withClause(part, ["parts", [...parts.slice(0, at), changed, ...parts.slice(at + 1)]])];
      }
    }
  }
  /** A part by its source, or by its place in a group. */
  function describePart(part, at, scheme) {
    const source = typeof part === "string" ? part : part.get("from");
    if (source === undefined) return `part ${at + 1}`;
    return scheme.get("values")?.has(source) ? `\`value.${source}\`` : `\`${source}\``;
  }
  function* otherSteps(part, name) {
    const steps = part.get("as") ?? [];
    for (const [at, known] of steps.entries()) {
      for (const other of FAMILIES.find((family) => family.includes(known)) ?? []) {
        if (other !== known) yield [`${name} was signed as ${other} instead of ${known}`, withClause(part, ["as", [...steps.slice(0, at), other, ...steps.slice(at + 1)]])];
      }
    }
  }
  function* otherClocks(part, name) {
    for (const format of part.has("clock") ? FORMATS : []) {
      if (format !== part.get("clock")) yield [`${name} was signed as ${format} instead of ${part.get("clock")}`, withClause(part, ["clock", format])];
    }
    const offset = part.get("offset_seconds")?.raw;
    if (offset) yield [`${name} was signed without the ${offset} seconds that are added to it`, without(part, "offset_seconds")];
  }
  function* otherSets(part) {
    if (!part.has("parameters")) return;
    const values = [part.get("values") ?? "plain"].flat();
    const [word, steps] = Object.hasOwn(VALUES, values[0] ?? "") ? [values[0], values.slice(1)] : ["plain", values];
    for (const [how, encoder] of steps.includes("percent-encode") ? ENCODERS : []) {
      const others = steps.map((step) => (step === "percent-encode" ? encoder : step));
      yield [`the values of the parameters were encoded ${how}`, withClause(part, ["values", [word, ...others]])];
    }
    if (part.get("parameters").includes("headers")) {
      yield ["the names of the headers were signed with capital letters", withClause(part, ["names", [...(part.get("names") ?? []), writeTitle]])];
      const pair = part.get("pair") ?? "{name}={value}";
      yield ["no blank was signed behind the colon of each header", withClause(part, ["pair", pair.replaceAll(": ", ":")])];
      yield ["the values of the headers were signed in small letters", withClause(part, ["values", [word, ...steps, "lower"]])];
    }
  }
  /** A part that is empty, or that is there although the scheme leaves it out without a body. */
  function* otherPresence(part, name) {
    if (part.has("only_with")) yield [`${name} was signed without a body too`, without(part, "only_with")];
    else if (part.has("only_without")) yield [`${name} was signed, though there is a header ${part.get("only_without").slice("header.".length)}`, without(part, "only_without")];
    else if (name !== "the message") yield [`${name} was signed as nothing`, new Map([["text", ""]])];
  }

  globalThis.procwiseRequestWritings = { wrongWritings, describePart };
})();
