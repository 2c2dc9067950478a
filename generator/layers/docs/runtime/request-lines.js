// Headers and line breaks of a message that a program wrote otherwise before it signed. As the client's `explain` has it.
(() => {
  const { headersNamed } = globalThis.procwiseRequest;
  const { signedHeaders } = globalThis.procwiseSigner;

  const MOST_HEADERS = 20;
  const withClause = (map, ...clauses) => new Map([...map, ...clauses]);

  /** The headers that are signed, written otherwise. */
  function* wrongHeaders(context) {
    const names = namesOfSigned(context).slice(0, MOST_HEADERS);
    if (!names.length) return;
    const { scheme } = context;
    const values = [...(scheme.get("values") ?? [])].map(([name, part]) => [name, keepBlanks(part)]);
    const untrimmed = withClause(scheme, ["message", keepBlanks(scheme.get("message"))], ["values", new Map(values)]);
    const kept = { ...context, keepsBlanks: true, scheme: untrimmed };
    const change = (chosen, write) => ({ ...context.request, headers: changeHeaders(context.request, chosen, write) });
    yield ["the values of the headers were signed with the blanks around them", kept];
    yield ["several blanks in the values of the headers were signed as one", { ...context, request: change(names, (value) => value.replace(/ +/g, " ")) }];
    for (const [where, write] of [["before", (value) => ` ${value}`], ["behind", (value) => `${value} `]]) {
      for (const chosen of [names, ...(names.length > 1 ? names.map((name) => [name]) : [])]) {
        const whose = chosen === names && names.length > 1 ? "each header" : `the header ${chosen[0]}`;
        yield [`a blank was signed ${where} the value of ${whose}`, { ...kept, request: change(chosen, write) }];
      }
    }
  }
  /** The part without the transforms that take blanks from the values of headers. */
  function keepBlanks(part) {
    if (typeof part === "string") return part;
    const drop = (steps) => steps.filter((step) => !["trim", "squeeze"].includes(step));
    if (part.has("parts")) return withClause(part, ["parts", part.get("parts").map(keepBlanks)]);
    if (part.get("parameters")?.includes("headers") && Array.isArray(part.get("values"))) return withClause(part, ["values", drop(part.get("values"))]);
    return part.get("from")?.startsWith("header.") && part.has("as") ? withClause(part, ["as", drop(part.get("as"))]) : part;
  }
  /** Those that any part of the message may hold, in lower case. */
  function namesOfSigned(context) {
    const named = new Set();
    let hasSet = false;
    const seen = new Set();
    const see = (source) => {
      const value = context.scheme.get("values")?.get(source);
      if (value !== undefined && !seen.has(source)) {
        seen.add(source);
        walk(value);
      } else if (value === undefined && source.startsWith("header.")) named.add(source.slice("header.".length).toLowerCase());
    };
    const walk = (part) => {
      if (typeof part === "string") return see(part);
      if (part.has("from")) see(part.get("from"));
      for (const [, name] of (part.get("text") ?? "").matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)) if (name) see(name);
      for (const inner of part.get("parts") ?? []) walk(inner);
      for (const place of part.get("parameters") ?? []) {
        if (place === "headers") hasSet = true;
        else if (place instanceof Map) for (const inner of place.values()) walk(inner);
      }
      return undefined;
    };
    walk(context.scheme.get("message"));
    const listed = hasSet ? signedHeaders(context).map(([name]) => name) : [];
    return [...new Set([...listed, ...[...named].sort()])];
  }
  function changeHeaders(request, names, write) {
    const own = request.headers.map(([name]) => name.toLowerCase());
    const added = names.filter((name) => !own.includes(name)).flatMap((name) => headersNamed(request, name).map((value) => [name, value]));
    return [...request.headers, ...added].map(([name, value]) => [name, names.includes(name.toLowerCase()) ? write(value) : value]);
  }

  const LINE_ENDS = [
    ["each line of the message was ended by `\\r\\n` instead of `\\n`", "\n", "\r\n"],
    ["each line of the message was ended by `\\n` instead of `\\r\\n`", "\r\n", "\n"],
    ["a backslash and an `n` were signed for each line break", "\n", "\\n"],
    ["a blank was signed for each line break", "\n", " "],
    ["the message was signed without its line breaks", "\n", ""],
  ];
  const withoutBreak = (text) => (text.endsWith("\n") ? text.slice(0, -1) : text);
  const oneMore = (value) => (typeof value === "string" ? `${value}\n` : Uint8Array.from([...value, 10]));
  const oneLess = (value) => (typeof value === "string" ? withoutBreak(value) : value.at(-1) === 10 ? value.slice(0, -1) : value);

  /** The scheme with other line breaks between its parts; what is in the parts stays as it is. */
  function* wrongLineEnds(context) {
    const { scheme } = context;
    const values = scheme.get("values") ?? new Map();
    const withPart = (name, part) =>
      ({ ...context, scheme: withClause(scheme, name === undefined ? ["message", part] : ["values", withClause(values, [name, part])]) });
    for (const [cause, old, other] of LINE_ENDS) {
      let found = false;
      const change = (text) => {
        found ||= text.includes(old);
        return text.replaceAll(old, other);
      };
      const message = changePart(scheme.get("message"), change);
      const changed = new Map([...values].map(([name, part]) => [name, changePart(part, change)]));
      if (found) yield [cause, { ...context, scheme: withClause(scheme, ["message", message], ["values", changed]) }];
    }
    for (const [step, how] of [[oneMore, "with a line break more"], [oneLess, "without the line break"]]) {
      yield [`the message was signed ${how} at its end`, withPart(undefined, withStep(scheme.get("message"), step))];
      for (const [name, part] of values) yield [`\`value.${name}\` was signed ${how} at its end`, withPart(name, withStep(part, step))];
    }
  }
  const opened = (part) => (typeof part === "string" ? new Map([["from", part]]) : part);
  const withStep = (part, step) => withClause(opened(part), ["as", [step, ...(opened(part).get("as") ?? [])]]);
  /** A part with all its constant texts changed. */
  function changePart(part, change) {
    if (typeof part === "string") return part;
    const texts = ["text", "join", "pair", "separator", "before"].filter((clause) => part.has(clause));
    const inner = part.has("parts") ? [["parts", part.get("parts").map((one) => changePart(one, change))]] : [];
    return withClause(part, ...texts.map((clause) => [clause, change(part.get(clause))]), ...inner);
  }

  globalThis.procwiseRequestLines = { wrongHeaders, wrongLineEnds };
})();
