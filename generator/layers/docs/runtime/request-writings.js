// A whole request as careless programs write it before they sign: query, path, body, host, moment, parts. As the client's `explain` has it.
(() => {
  const { parseJson, dumpJson, compactJson, compare, VALUES } = globalThis.procwiseTexts;
  const { encode, decode } = globalThis.procwiseTransforms;
  const { percent, unquote, unquotePlus, encodeUtf8 } = globalThis.procwiseBytes;
  const { hostOf, portOf, siteOf, headersNamed, mediaType, withHeader } = globalThis.procwiseRequest;
  const { writeMoment } = globalThis.procwiseMoments;
  const { REWRITES, listNames, quoteText, rewriteText } = globalThis.procwiseMistakes;

  const FORM = "application/x-www-form-urlencoded";
  const RESERVED = "!'()*";
  const MOST_FOLDERS = 3;
  const DAY_MS = 86_400_000;
  const FORMATS = [
    "unix-s", "unix-ms", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%LZ", "%Y%m%dT%H%M%SZ", "%Y%m%d",
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%a, %d %b %Y %H:%M:%S GMT",
  ];
  const FAMILIES = [["md5", "sha1", "sha256", "sha384", "sha512"], ["hex-lower", "hex-upper", "base64", "base64url"]];

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
    yield* wrongHosts(context);
    yield* wrongMoments(context);
    yield* wrongParts(context);
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
    for (const [cause, text] of wrongItems(query)) yield [`${cause}, in the query`, change(text)];
  }
  const splitItem = (item) => (item.includes("=") ? [item.slice(0, item.indexOf("=")), "=", item.slice(item.indexOf("=") + 1)] : [item, "", ""]);
  function encodeItem(item) {
    const [name, equals, value] = splitItem(item);
    return `${percent(name)}${equals}${percent(value)}`;
  }

  /** Values of a query or a form written as programs print them: for all values that are so, once for each way. */
  function* wrongItems(text) {
    for (const rewrite of text ? REWRITES.filter(({ kind }) => ["boolean", "null", "number"].includes(kind)) : []) {
      const found = [];
      const items = text.split("&").map((item) => {
        const [name, equals, value] = splitItem(item);
        const plain = unquotePlus(value);
        const wrong = equals ? rewriteText(rewrite, plain, plain) : null;
        if (wrong === null || wrong === plain) return item;
        found.push([unquotePlus(name), plain, wrong]);
        return `${name}=${percent(wrong)}`;
      });
      if (found.length) yield [describeValues(rewrite, found), items.join("&")];
    }
  }
  function describeValues({ sentence }, found) {
    const fill = (values) => sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
    if (!sentence.includes("{wrong}")) return fill({ names: listNames(found.map(([name]) => name)) });
    return [...new Set(found.map(([, , wrong]) => wrong))].map((wrong) => {
      const own = found.filter(([, , text]) => text === wrong);
      return fill({ wrong: quoteText(wrong), right: quoteText(own[0][1]), names: listNames(own.map(([name]) => name)) });
    }).join("; and ");
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
      ["the path was signed without the slash at its beginning", path.slice(1)],
      ["the whole address was signed in place of the path", `${request.scheme}://${siteOf(request)}${path}`],
    ];
    for (let count = 1; count <= Math.min(MOST_FOLDERS, folders.length - 2); count += 1) {
      const left = folders.slice(0, count + 1).join("/");
      texts.push([`the path was signed without \`${left}\` at its beginning`, path.slice(left.length)]);
    }
    for (const [cause, text] of texts) if (text !== path) yield [cause, withRequest(context, { path: text })];
  }

  function* wrongBodies(context) {
    const { request } = context;
    const change = (text) => withRequest(context, { body: encodeUtf8(text, true), parameters: unknow(request, "body") });
    if (mediaType(request) === FORM) {
      const text = decode(request.body);
      yield ["the body was sorted before signing", change(text.split("&").sort(compare).join("&"))];
      yield ["the body was signed decoded", change(unquotePlus(text))];
      for (const [cause, changed] of wrongItems(text)) yield [`${cause}, in the body`, change(changed)];
    }
    if (mediaType(request).endsWith("json")) {
      for (const [how, text] of jsonTexts(decode(request.body))) yield [`the JSON of the body was signed ${how}, not the bytes that are sent`, change(text)];
    }
  }
  /** The JSON of the body as programs write it anew. */
  function* jsonTexts(body) {
    let value;
    try {
      value = parseJson(body);
    } catch {
      return;
    }
    const ordered = value instanceof Map ? new Map([...value].sort(([one], [other]) => compare(one, other))) : value;
    for (const [order, members] of [["", value], [", sorted by name", ordered]]) {
      for (const [how, text] of writeJson(members)) if (text !== body) yield [how + order, text];
    }
  }
  function writeJson(value) {
    const compact = compactJson(value);
    const escaped = dumpJson(value, { between: ",", colon: ":", ascii: true });
    return [
      ["without blanks", compact],
      ["with blanks", dumpJson(value)],
      ["without blanks, with `\\u` for letters beyond ASCII", escaped],
      ["with blanks, with `\\u` for letters beyond ASCII", dumpJson(value, { ascii: true })],
      ["without blanks, with `\\/` for `/`", compact.replaceAll("/", "\\/")],
      ["without blanks, with `\\u` for letters beyond ASCII and `\\/` for `/`", escaped.replaceAll("/", "\\/")],
    ];
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
    if (!context.scheme.has("timestamp")) return;
    for (const format of FORMATS) {
      const timestamp = writeMoment(format, context.nowMs);
      if (timestamp !== context.timestamp) yield [`the moment was signed as ${format} (${timestamp})`, { ...context, timestamp }];
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
      yield ["the values of the headers were signed in small letters", withClause(part, ["values", [word, ...steps, "lower"]])];
    }
  }
  /** A part that is empty, or that is there although the scheme leaves it out without a body. */
  function* otherPresence(part, name) {
    if (part.has("only_with")) yield [`${name} was signed without a body too`, without(part, "only_with")];
    else if (name !== "the message") yield [`${name} was signed as nothing`, new Map([["text", ""]])];
  }

  globalThis.procwiseRequestWritings = { wrongWritings, describePart };
})();
