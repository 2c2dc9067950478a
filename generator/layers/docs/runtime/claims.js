// What a signed request says about itself: key id, timestamp, nonce, settings, signatures. The inverse of the evaluator, as the client's verifier has it.
(() => {
  const { decode, trim } = globalThis.procwiseTransforms;
  const { fromHex, fromBase64, unquote, unquotePlus } = globalThis.procwiseBytes;
  const { headersNamed, valuesNamed } = globalThis.procwiseRequest;
  const { readMoment } = globalThis.procwiseMoments;
  const { evaluate, piecesOf, fieldsOf, isHeaderOfFields, headerOf, removeSignature } = globalThis.procwiseSigner;

  const MOST_PIECES = 4; // of a value that holds the separator
  const UNDO = {
    "percent-encode": unquote, "percent-encode-path": unquote, "form-encode": unquotePlus,
    "hex-lower": fromHex, "hex-upper": fromHex, base64: fromBase64, base64url: fromBase64,
  };
  const asPart = (written) => (typeof written === "string" ? new Map([["from", written]]) : written);
  const isUndone = (part) => (part.get("as") ?? []).every((step) => Object.hasOwn(UNDO, step));
  const isReadable = (part) => ["parts", "text", "from"].some((form) => part.has(form)) && !part.has("only_with") && !part.has("only_without") && isUndone(part);

  /** The pieces of a part, its transforms and the text before it aside: texts, `{ source }`, or a part that has to be undone before it is read. */
  function piecesIn(scheme, part) {
    if (part.has("parts")) {
      const joiner = part.get("join") ?? "";
      return part.get("parts").flatMap((one, at) => [...(at && joiner ? [joiner] : []), ...openPart(scheme, asPart(one))]);
    }
    if (part.has("text")) return piecesOf(part.get("text")).flatMap(({ name, text }) => (name === undefined ? [text] : expand(scheme, name)));
    return part.has("from") ? expand(scheme, part.get("from")) : [];
  }
  function expand(scheme, source) {
    const named = scheme.get("values")?.get(source);
    const part = named === undefined ? null : asPart(named);
    return part && isReadable(part) ? openPart(scheme, part) : [{ source }];
  }
  const openPart = (scheme, part) => (part.has("as") || part.has("before") || !isReadable(part) ? [part] : piecesIn(scheme, part));

  /** The sources of a part and their texts, if the text can be what the part makes; else null. */
  function readPart(scheme, part, text) {
    if ((part.has("only_with") || part.has("only_without")) && !text) return [];
    let read = text;
    for (const step of [...(part.get("as") ?? [])].reverse()) {
      if (!Object.hasOwn(UNDO, step)) return []; // a hash cannot be read
      try {
        read = decode(UNDO[step](read));
      } catch {
        return null;
      }
    }
    const before = part.get("before") ?? "";
    if (read && (!read.startsWith(before) || read === before)) return null;
    return match(scheme, piecesIn(scheme, part), read && read.slice(before.length));
  }
  function match(scheme, pieces, whole) {
    const found = [];
    let text = whole;
    for (const [at, piece] of pieces.entries()) {
      if (typeof piece === "string") {
        if (!text.startsWith(piece)) return null;
        text = text.slice(piece.length);
        continue;
      }
      const following = typeof pieces[at + 1] === "string" ? pieces[at + 1] : "";
      const end = endOf(text, following, at + 2 >= pieces.length);
      const inner = end < 0 ? null : piece instanceof Map ? readPart(scheme, piece, text.slice(0, end)) : [[piece.source, text.slice(0, end)]];
      if (inner === null) return null;
      found.push(...inner);
      text = text.slice(end);
    }
    return text && pieces.length ? null : found;
  }
  function endOf(text, following, isLast) {
    if (!following) return text.length;
    if (isLast) return text.endsWith(following) ? text.length - following.length : -1;
    return text.indexOf(following);
  }

  /** The texts of a placement's fields in a request, by name; each may stand there more than once. */
  function textsIn(placement, request) {
    if (isHeaderOfFields(placement)) return fieldsOfHeader(placement, request);
    const place = placement.get("in");
    return new Map(fieldsOf(placement).map(({ name }) => {
      if (place === "header") return [name, headersNamed(request, name).map(trim)];
      const found = (placement.get("accept") ?? [place]).map((one) => valuesNamed(request, one, name).map((value) => String(value.raw ?? value)));
      return [name, found.find((values) => values.length) ?? []];
    }));
  }
  function fieldsOfHeader(placement, request) {
    const found = new Map();
    const wanted = (placement.get("scheme") ?? "").toLowerCase();
    for (const header of headersNamed(request, headerOf(placement))) {
      const at = wanted ? `${header.trim()} `.indexOf(" ") : 0;
      if (header.trim().slice(0, at).toLowerCase() !== wanted) continue;
      const rest = wanted ? header.trim().slice(at + 1) : header;
      for (const [name, value] of splitFields(placement, rest)) found.set(name, [...(found.get(name) ?? []), value]);
    }
    return found;
  }
  /** The names and values of a header of fields; what is not written so is left out. */
  function splitFields(placement, text) {
    const written = placement.get("separator") ?? ", ";
    const separator = written.trim() || written;
    const pair = piecesOf(placement.get("pair") ?? '{name}="{value}"');
    const items = separator ? text.split(separator) : [text];
    let found = [];
    for (let at = 0; at < items.length; ) {
      let length = 1;
      let field = null;
      for (; length <= MOST_PIECES && at + length <= items.length; length += 1) {
        field = readPair(pair, items.slice(at, at + length).join(separator).trim());
        if (field) break;
      }
      if (field) found.push(field);
      at += field ? length : 1;
    }
    if (!pair.some(({ name }) => name === "name")) { // they are known by their order
      const names = [...placement.get("fields").keys()];
      found = names.length === found.length ? names.map((name, at) => [name, found[at][1]]) : [];
    }
    return found.flatMap(([name, value]) => {
      try {
        return [[name, undoValue(placement, value)]];
      } catch {
        return [];
      }
    });
  }
  function undoValue(placement, value) {
    const steps = placement.get("values") ?? [];
    const all = steps === "percent-encoded" ? ["percent-encode"] : [...steps];
    return all.reverse().reduce((text, step) => (Object.hasOwn(UNDO, step) ? decode(UNDO[step](text)) : text), value);
  }
  function readPair(pair, whole) {
    const values = { name: "", value: "" };
    let text = whole;
    for (const [at, piece] of pair.entries()) {
      if (piece.name === undefined) {
        if (!text.startsWith(piece.text)) return null;
        text = text.slice(piece.text.length);
        continue;
      }
      const following = pair[at + 1]?.text ?? "";
      const isLast = at + 2 >= pair.length;
      const end = !following ? text.length : isLast ? text.lastIndexOf(following) : text.indexOf(following);
      if (end < 0) return null;
      values[piece.name] = text.slice(0, end);
      text = text.slice(end);
    }
    return text ? null : [values.name, values.value];
  }

  /** What the request says; throws Error if a field is missing or not written as it must be. */
  function readClaims(scheme, request) {
    const found = new Map();
    const signatures = [];
    for (const placement of scheme.get("placement")) {
      const texts = textsIn(placement, request);
      for (const field of fieldsOf(placement)) {
        for (const [source, text] of readField(scheme, placement, field, texts.get(field.name) ?? [])) {
          if (source === "signature") signatures.push(text);
          else if (found.has(source) && found.get(source) !== text) throw new Error(`${field.name} says something else than another field`);
          else found.set(source, text);
        }
      }
    }
    const named = (kind) => Object.fromEntries([...found].filter(([source]) => source.startsWith(`${kind}.`)).map(([source, text]) => [source.slice(kind.length + 1), text]));
    return {
      timestamp: found.get("timestamp") ?? "", nonce: found.get("nonce") ?? "", signatures,
      credentials: named("credential"), settings: named("setting"), headerNames: headerNamesIn(scheme, found),
    };
  }
  function readField(scheme, placement, field, given) {
    if (!given.length) {
      if (field.optional) return [];
      throw new Error(`${field.name} is missing`);
    }
    const several = field.signs ? placement.get("several") ?? "" : "";
    if (!several && given.length > 1) throw new Error(`${field.name} stands there ${given.length} times`);
    const texts = several && !isHeaderOfFields(placement) ? given.flatMap((whole) => whole.split(several).filter(Boolean)) : given;
    const read = texts.map((text) => readPart(scheme, field.part, text)).filter((values) => values !== null);
    if (!read.length) throw new Error(`${field.name} is not written as the scheme says`);
    return read.flat();
  }
  /** The names in a list of the signed headers' names, if one was sent. */
  function headerNamesIn(scheme, found) {
    for (const [source, text] of found) {
      const part = scheme.get("values")?.get(source);
      const places = part instanceof Map ? part.get("parameters") : undefined;
      const separator = part instanceof Map ? part.get("separator") ?? "&" : "";
      if (places?.length === 1 && places[0] === "headers" && part.get("pair") === "{name}" && separator) {
        const before = part.get("before") ?? "";
        return (text.startsWith(before) ? text.slice(before.length) : text).toLowerCase().split(separator).filter(Boolean);
      }
    }
    return undefined;
  }

  /** What the signer of this request must have had, and the signatures that it carries. */
  function rebuildContext(scheme, request, { credentials, settings }) {
    const claims = readClaims(scheme, request);
    const clock = scheme.get("timestamp");
    const nowMs = clock ? readMoment(clock.get("format"), claims.timestamp, clock.get("zone")) : 0;
    if (nowMs === null) throw new Error(`the timestamp '${claims.timestamp.slice(0, 40)}' is not written as the scheme says`);
    return {
      signatures: claims.signatures,
      context: {
        scheme, nowMs, signature: "", request: removeSignature(scheme, request), timestamp: claims.timestamp, nonce: claims.nonce,
        credentials: { ...claims.credentials, ...credentials }, settings: { ...claims.settings, ...settings }, headerNames: claims.headerNames,
      },
    };
  }

  /** The first field beside the signature that does not fit the request, or nothing. */
  async function findUnfitField(context, sent) {
    for (const placement of context.scheme.get("placement")) {
      const texts = textsIn(placement, sent);
      for (const field of fieldsOf(placement).filter(({ signs }) => !signs)) {
        const expected = decode(await evaluate(field.part, context));
        if ((texts.get(field.name) ?? []).join("") !== expected && (expected || !field.optional)) return field.name;
      }
    }
    return "";
  }

  globalThis.procwiseClaims = { readClaims, rebuildContext, findUnfitField };
})();
