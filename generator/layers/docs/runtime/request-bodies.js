// A body as careless programs write it before they sign: JSON in other characters, a form in another order, nothing.
(() => {
  const { Num, parseJson, dumpJson, compactJson, compare, VALUES } = globalThis.procwiseTexts;
  const { jsonWays, escapeInCapitals, escapeLikeGo } = globalThis.procwiseJsonTexts;
  const { mixBlanks } = globalThis.procwiseValueWays;
  const { decode } = globalThis.procwiseTransforms;
  const { percent, formEncode, unquotePlus, encodeUtf8 } = globalThis.procwiseBytes;
  const { mediaType } = globalThis.procwiseRequest;
  const { REWRITES, listNames, quoteText, rewriteText } = globalThis.procwiseMistakes;

  const FORM = "application/x-www-form-urlencoded";
  const INDENTS = ["indented by 2 blanks", "indented by 4 blanks", "indented by tabs"];
  const FOR_NOTHING = ["{}", "null", "[]", '""', "undefined", "None"];

  /** The request with its body written otherwise. */
  function* wrongBodies(context) {
    const { request } = context;
    const parameters = Object.fromEntries(Object.entries(request.parameters).filter(([name]) => name !== "body"));
    const change = (text) => ({ ...context, request: { ...request, body: encodeUtf8(text, true), parameters } });
    if (!request.body.length) {
      for (const text of FOR_NOTHING) yield [`\`${text}\` was signed for the body, and none was sent`, change(text)];
    } else if (mediaType(request) === FORM) {
      const text = decode(request.body);
      yield ["the body was sorted before signing", change(text.split("&").sort(compare).join("&"))];
      yield ["the body was signed decoded", change(unquotePlus(text))];
      for (const [cause, changed] of rewriteItems(text)) yield [`${cause}, in the body`, change(changed)];
      for (const [cause, changed] of rewriteBlanks(text, "body")) yield [cause, change(changed)];
    } else if (mediaType(request).endsWith("json")) {
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
    for (const [how, text] of waysOf(value)) if (text !== body && !/\p{Cs}/u.test(text)) yield [how, text];
  }
  function* waysOf(value) {
    const ordered = value instanceof Map ? sorted(value) : value;
    for (const [order, members] of [["", value], [", sorted by name", ordered], [", sorted by name at every depth", sortAll(value)]]) {
      for (const [how, text] of writeJson(members)) yield [how + order, text];
    }
    yield* printObject(value);
  }
  const sorted = (members) => new Map([...members].sort(([one], [other]) => compare(one, other)));
  /** JSON with the members of each object in order. */
  function sortAll(value) {
    if (Array.isArray(value)) return value.map(sortAll);
    return value instanceof Map ? new Map([...sorted(value)].map(([name, item]) => [name, sortAll(item)])) : value;
  }
  function writeJson(value) {
    const compact = compactJson(value);
    const escaped = dumpJson(value, { between: ",", colon: ":", ascii: true });
    const ways = new Map(jsonWays());
    return [
      ["without blanks", compact],
      ["with blanks", dumpJson(value)],
      ["without blanks, with `\\u` for letters beyond ASCII", escaped],
      ["with blanks, with `\\u` for letters beyond ASCII", dumpJson(value, { ascii: true })],
      ["without blanks, with `\\u` and capital digits for letters beyond ASCII", escapeInCapitals(compact)],
      ["with blanks, with `\\u` and capital digits for letters beyond ASCII", escapeInCapitals(dumpJson(value))],
      ["without blanks, with `\\u` for `<`, `>` and `&`", escapeLikeGo(compact)],
      ["without blanks, with `\\/` for `/`", compact.replaceAll("/", "\\/")],
      ["without blanks, with `\\u` for letters beyond ASCII and `\\/` for `/`", escaped.replaceAll("/", "\\/")],
      ...INDENTS.map((how) => [how, ways.get(how)(compact) ?? compact]),
    ];
  }

  /** An object as languages print it that is not written as JSON. */
  function* printObject(value) {
    if (!(value instanceof Map) && !Array.isArray(value)) return;
    const python = printPython(value);
    if (python !== null) yield ["as Python prints it", python];
    if (value instanceof Map) {
      yield ["as JavaScript prints it", "[object Object]"];
      const write = (text) => formEncode(text).replaceAll("*", "%2A").replaceAll("%7E", "~");
      yield ["as a form", [...value].map(([name, item]) => `${write(name)}=${write(VALUES.plain(item))}`).join("&")];
    }
    yield ["as PHP prints it", "Array"];
  }
  /** The repr of Python; null if it holds characters that have escapes of their own there. */
  function printPython(value) {
    const all = (items) => (items.includes(null) ? null : items.join(", "));
    if (value instanceof Map) {
      const items = all([...value].map((pair) => pair.map(printPython)).map(([name, item]) => (name === null || item === null ? null : `${name}: ${item}`)));
      return items === null ? null : `{${items}}`;
    }
    if (Array.isArray(value)) {
      const items = all(value.map(printPython));
      return items === null ? null : `[${items}]`;
    }
    if (typeof value === "string") return quotePython(value);
    return value instanceof Num ? value.text : value === null ? "None" : value ? "True" : "False";
  }
  const LINES = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  function quotePython(text) {
    const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
    const written = text.replace(/[\\\n\r\t]/g, (one) => LINES[one]);
    if (/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(written)) return null;
    return mark + (mark === "'" ? written.replaceAll("'", "\\'") : written) + mark;
  }

  const splitItem = (item) => (item.includes("=") ? [item.slice(0, item.indexOf("=")), "=", item.slice(item.indexOf("=") + 1)] : [item, "", ""]);
  /** Values of a query or a form written as programs print them: for all values that are so, once for each way. */
  const rewriteItems = (text) => rewriteBy(REWRITES.filter(({ kind }) => ["boolean", "null", "number"].includes(kind)), text);
  /** The same for values that are escaped, quoted or changed as texts. */
  const rewriteTexts = (text) => rewriteBy(REWRITES.filter(({ kind, sentence }) => kind === "text" && !sentence.includes("encoded before signing")), text);
  function* rewriteBy(rewrites, text) {
    for (const rewrite of text ? rewrites : []) {
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
  /** A query or a form with some of its blanks written otherwise, or with each `+` as the sign that it was meant for. */
  function* rewriteBlanks(text, where) {
    for (const mixed of mixBlanks(text)) yield [`some blanks of the ${where} were signed as \`+\` and others as \`%20\`, not as they were sent`, mixed];
    if (text.includes("+")) yield [`\`+\` was not encoded in the ${where}: it arrives as a blank; send \`%2B\``, text.replaceAll("+", "%2B")];
  }
  /** The values of a form escaped, quoted or changed as texts. */
  function* wrongTextsOfBody(context) {
    const { request } = context;
    const parameters = Object.fromEntries(Object.entries(request.parameters).filter(([name]) => name !== "body"));
    for (const [cause, text] of mediaType(request) === FORM ? rewriteTexts(decode(request.body)) : []) {
      yield [`${cause}, in the body`, { ...context, request: { ...request, body: encodeUtf8(text, true), parameters } }];
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

  globalThis.procwiseRequestBodies = { wrongBodies, wrongTextsOfBody, rewriteItems, rewriteTexts, rewriteBlanks, splitItem };
})();
