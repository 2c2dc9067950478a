// An HTTP request as data. Nothing is normalised: a path or a query is kept as it was written.
(() => {
  const { encodeUtf8, percent, unquotePlus } = globalThis.procwiseBytes;
  const { parseJson, compactJson } = globalThis.procwiseTexts;
  const { encode, decode } = globalThis.procwiseTransforms;
  const FORM = "application/x-www-form-urlencoded";
  const PORTS = { http: "80", https: "443" };

  /** The request of an address. `headers` are pairs, `parameters` what is known better than the text says, as Maps by place. */
  function requestOf(method, url, headers = [], body = "", parameters = {}) {
    const [, scheme, authority, path, query] = /^(?:([^:/?#]*):\/\/)?([^/?#]*)([^?#]*)\??([^#]*)/.exec(url);
    return { method, scheme: scheme ?? "", authority, path: path || "/", query, headers, body: encode(body), parameters };
  }

  const targetOf = ({ path, query }) => (query ? `${path}?${query}` : path);
  const urlOf = (request) => `${request.scheme}://${request.authority}${targetOf(request)}`;
  const hostOf = ({ authority }) => authority.toLowerCase().replace(/:[0-9]+$/, "");
  const usualPort = ({ scheme }) => PORTS[scheme.toLowerCase()] ?? "";
  const portOf = (request) => /:([0-9]+)$/.exec(request.authority)?.[1] ?? usualPort(request);
  /** Host and port as a Host header has them. */
  const siteOf = (request) => (portOf(request) === usualPort(request) ? hostOf(request) : request.authority.toLowerCase());

  const isNamed = (name) => ([own]) => own.toLowerCase() === name.toLowerCase();
  /** The values of a header; of Host and Content-Length, what will be sent. */
  function headersNamed(request, name) {
    const found = request.headers.filter(isNamed(name)).map(([, value]) => value);
    const wanted = found.length ? "" : name.toLowerCase();
    const hasLength = request.body.length || ["POST", "PUT", "PATCH"].includes(request.method.toUpperCase());
    if (wanted === "content-length" && hasLength) return [String(request.body.length)];
    return wanted === "host" ? [siteOf(request)] : found;
  }
  const mediaType = (request) => (headersNamed(request, "content-type")[0] ?? "").split(";")[0].trim().toLowerCase();
  const isJson = (request) => mediaType(request).endsWith("json");
  const hasMembers = (request) => (isJson(request) ? !request.body.length || Boolean(membersOf(request)) : mediaType(request) === FORM);

  const splitItem = (item) => {
    const at = item.includes("=") ? item.indexOf("=") : item.length;
    return [unquotePlus(item.slice(0, at)), unquotePlus(item.slice(at + 1))];
  };
  const itemsOf = (text) => text.split("&").filter(Boolean);

  /** The names and values of `path`, `query` or `body`; of `form`, if the body is one. */
  function pairsIn(request, place) {
    if (place === "form") return [FORM, "multipart/form-data"].includes(mediaType(request)) ? pairsIn(request, "body") : [];
    if (place in request.parameters) return [...request.parameters[place]];
    if (place === "query") return itemsOf(request.query).map(splitItem);
    if (place !== "body") return [];
    if (isJson(request)) return [...(membersOf(request) ?? [])];
    return mediaType(request) === FORM ? itemsOf(decode(request.body)).map(splitItem) : [];
  }
  // Half a character that was written as three bytes, each of which `decode` keeps for itself.
  const HALVES = /\udced([\udca0-\udcbf])([\udc80-\udcbf])/g;
  const joinHalf = (_, second, third) => String.fromCharCode(0xd000 | ((second.charCodeAt(0) & 63) << 6) | (third.charCodeAt(0) & 63));
  function jsonOf(request) {
    const text = decode(request.body);
    if (/\p{Cs}/u.test(text.replace(HALVES, ""))) return null; // bytes that are no text
    try {
      return parseJson(text.replace(HALVES, joinHalf));
    } catch {
      return null;
    }
  }
  function membersOf(request) {
    const value = jsonOf(request);
    return value instanceof Map ? value : null;
  }

  /** The value of a name, or of a member of a JSON body by its JSON Pointer; an empty text if there is none. */
  function valueIn(request, place, name) {
    return valuesNamed(request, place, name)[0] ?? "";
  }
  /** All values of that name, or the member of a JSON body by its JSON Pointer. */
  function valuesNamed(request, place, name) {
    if (isPointer(request, place, name)) return memberOf(request, name);
    return pairsIn(request, place).filter(([own]) => own === name).map(([, value]) => value);
  }
  const isPointer = (request, place, name) => place === "body" && name.startsWith("/") && ![FORM, "multipart/form-data"].includes(mediaType(request));
  const stepsOf = (pointer) => pointer.split("/").slice(1).map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  const isIndex = (list, name) => Array.isArray(list) && /^(?:0|[1-9][0-9]{0,5})$/.test(name) && Number(name) < list.length;
  /** What a JSON Pointer leads to, if it leads to anything. */
  function memberOf(request, pointer) {
    const members = new Map(pairsIn(request, "body"));
    let value = members.size ? members : isJson(request) ? jsonOf(request) : null;
    for (const name of stepsOf(pointer)) {
      if (value instanceof Map && value.has(name)) value = value.get(name);
      else if (isIndex(value, name)) value = value[Number(name)];
      else return [];
    }
    return [value];
  }

  const withoutHeader = (request, name) => ({ ...request, headers: request.headers.filter((pair) => !isNamed(name)(pair)) });
  /** The request with this header alone of its name, where it stood or at the end. */
  function withHeader(request, name, value) {
    const { headers } = withoutHeader(request, name);
    const at = request.headers.findIndex(isNamed(name));
    headers.splice(at < 0 ? headers.length : at, 0, [name, value]);
    return { ...request, headers };
  }

  /** The request whose known values of a place are changed, if it knows any. */
  function know(request, place, change) {
    if (!(place in request.parameters)) return request;
    const values = new Map(request.parameters[place]);
    change(values);
    return { ...request, parameters: { ...request.parameters, [place]: values } };
  }
  /** The object that a member lies in, made where it is missing; null where something else stands there. What it lies in is copied. */
  function holderOf(members, pointer) {
    let holder = members;
    for (const name of stepsOf(pointer).slice(0, -1)) {
      const isMap = holder instanceof Map;
      if (!isMap && !isIndex(holder, name)) return null;
      const inner = isMap ? holder.get(name) ?? (holder.has(name) ? null : new Map()) : holder[Number(name)];
      const copied = inner instanceof Map ? new Map(inner) : Array.isArray(inner) ? [...inner] : inner;
      if (isMap) holder.set(name, copied);
      else holder[Number(name)] = copied;
      holder = copied;
    }
    return holder instanceof Map ? holder : null;
  }
  /** Whether the body, if there is one, can hold a field of that name, or a member by its JSON Pointer. */
  function hasRoomFor(request, name) {
    if (!isPointer(request, "body", name)) return !request.body.length || hasMembers(request);
    const members = request.body.length ? hasMembers(request) && membersOf(request) : new Map();
    return Boolean(members && holderOf(members, name));
  }
  /** The request whose body, and what is known of it, are changed at a member of JSON. */
  function changeMember(request, pointer, change) {
    const last = stepsOf(pointer).at(-1);
    const changeIn = (values) => {
      const holder = holderOf(values, pointer);
      if (holder) change(holder, last);
    };
    const known = know(request, "body", changeIn);
    const members = request.body.length ? membersOf(request) : new Map();
    changeIn(members);
    const kind = mediaType(known) ? known : withHeader(known, "Content-Type", "application/json");
    return { ...kind, body: encode(compactJson(members)) };
  }
  /** The request with this field in `query` or `body`, where it stood or at the end. */
  function withField(request, place, name, value) {
    if (isPointer(request, place, name)) return changeMember(request, name, (holder, last) => holder.set(last, value));
    const known = know(request, place, (values) => values.set(name, value));
    if (place === "query") return { ...known, query: withItem(request.query, name, value) };
    if (isJson(request)) {
      const members = request.body.length ? membersOf(request) : new Map();
      return members ? { ...known, body: encode(compactJson(members.set(name, value))) } : request;
    }
    const form = mediaType(known) ? known : withHeader(known, "Content-Type", FORM);
    return { ...form, body: encodeUtf8(withItem(decode(request.body), name, value), true) };
  }
  /** The request without the fields of that name; the rest stays as it was written. */
  function withoutField(request, place, name) {
    if (!valuesNamed(request, place, name).length) return request;
    if (isPointer(request, place, name)) return changeMember(request, name, (holder, last) => holder.delete(last));
    const known = know(request, place, (values) => values.delete(name));
    if (place === "query") return { ...known, query: withoutItem(request.query, name) };
    if (!isJson(request)) return { ...known, body: encodeUtf8(withoutItem(decode(request.body), name), true) };
    const members = membersOf(request) ?? new Map();
    members.delete(name);
    return { ...known, body: encode(compactJson(members)) };
  }

  /** The form text with this field; one that says the same already stays as it was written. */
  function withItem(text, name, value) {
    const items = itemsOf(text);
    const at = items.findIndex((item) => splitItem(item)[0] === name);
    const added = `${percent(name)}=${percent(value)}`;
    if (at < 0) return [...items, added].join("&");
    const kept = splitItem(items[at])[1] === value ? items[at] : added;
    return [...items.slice(0, at), kept, ...items.slice(at + 1).filter((item) => splitItem(item)[0] !== name)].join("&");
  }
  const withoutItem = (text, name) => itemsOf(text).filter((item) => splitItem(item)[0] !== name).join("&");

  globalThis.procwiseRequest = {
    requestOf, targetOf, urlOf, hostOf, portOf, siteOf, headersNamed, mediaType, hasMembers, pairsIn, valueIn, valuesNamed, hasRoomFor, withHeader, withoutHeader, withField, withoutField,
  };
})();
