// Requests as people have them: a line of curl, a query, a body.
(() => {
  const { parseJson, Num, percent } = globalThis.procwiseSigning;
  const { requestOf } = globalThis.procwiseRequest;

  /** The words of a shell line. */
  function splitShell(line) {
    const words = [];
    const token = /\s+|\\\r?\n|'([^']*)'|\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\$]+|\$)/gy;
    let word = null;
    for (const [all, single_, ansi, double_, escaped, bare] of line.matchAll(token)) {
      if (/^(\s+|\\\r?\n)$/.test(all)) {
        if (word !== null) words.push(word);
        word = null;
        continue;
      }
      const plain = double_?.replace(/\\(["\\$`]|\r?\n)/g, (_, char) => (char.trim() ? char : ""));
      const quoted = ansi?.replace(/\\(n|r|t|.)/g, (_, char) => ({ n: "\n", r: "\r", t: "\t" })[char] ?? char);
      word = (word ?? "") + (single_ ?? quoted ?? plain ?? escaped ?? bare);
    }
    return word === null ? words : [...words, word];
  }

  const splitPair = (text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)];
  const isFile = (part) => /^[^=]*=([@<]|.*;filename=)/s.test(part);
  const WITH_VALUE = ["-o", "-u", "-A", "-e", "-m", "-w", "-b", "-c", "--output", "--user", "--max-time", "--cacert", "--cert", "--key"];
  function encodePair(text) {
    const at = text.indexOf("=");
    return at < 0 ? percent(text, "/") : `${text.slice(0, at)}=${percent(text.slice(at + 1))}`;
  }
  /** The request of a curl line as it is sent, its address and headers as they were written. */
  function requestOfCurl({ method, url, headers, body, form, isJson }, path) {
    const pairs = headers.map((line) => [line.split(":")[0].trim(), line.slice(line.indexOf(":") + 1).trim()]);
    const hasType = pairs.some(([name]) => name.toLowerCase() === "content-type");
    const media = isJson ? "application/json" : "application/x-www-form-urlencoded";
    const all = body && !hasType ? [...pairs, ["Content-Type", media]] : pairs;
    return requestOf(method, url, all, body ?? "", { path, ...(form.size ? { body: form } : {}) });
  }
  /** A line of cmd.exe, as browsers copy it, in the words of a Unix shell. */
  const unescapeCmd = (line) => (/\^\r?\n|\^"/.test(line) ? line.replace(/\^(\r?\n|[^])/g, (_, char) => char.replace(/\r?\n/, " ")) : line);
  const PROMPT = /^(?:[$#%>+]|PS [^>\n]*>|[^\s'"]*[$#%])[ \t]+(?=curl)/m;
  const CURL = /^[ \t]*curl(?:\.exe)?(?=\s)/m;
  const MESSAGE = /^(?:> )?"?(GET|POST|PUT|PATCH|DELETE)\s+([^\s"]+)(?:\s+HTTP\/[\d.]+)?"?[^\n]*\n?/;
  /** The request in a pasted text, or nothing: a line of curl, also behind others or a prompt, an HTTP message, or an address. */
  function readRequest(text) {
    const plain = text.replace(PROMPT, "");
    const at = plain.search(CURL);
    const before = plain.slice(0, Math.max(at, 0)).trim(); // what sets the variables of a printed program
    if (at >= 0 && (!before || /^(?:#|\w+=["$])/.test(before))) return readCurl(unescapeCmd(plain.slice(at)));
    if (/^https?:\/\/\S+$/.test(text)) return { method: "GET", url: text, headers: [], body: null, form: new Map(), isJson: false };
    const message = MESSAGE.exec(text);
    if (!message) return undefined;
    const [head, ...rest] = text.slice(message[0].length).replaceAll("\r\n", "\n").replace(/^> ?/gm, "").split("\n\n");
    const headers = head.split("\n").filter((line) => /^[\w-]+:/.test(line));
    return { method: message[1], url: message[2], headers, body: rest.length ? rest.join("\n\n") : null, form: new Map(), isJson: false };
  }
  /** What a curl line sends: method, url, headers, body, and the fields of a form without its files. */
  function readCurl(line) {
    const words = splitShell(line.trim()).slice(1);
    const found = { method: "", url: "", headers: [], body: null, form: [] };
    let isJson = false;
    let isQuery = false;
    const add = (text) => { found.body = (found.body === null ? "" : `${found.body}&`) + text; };
    while (words.length) {
      const word = words.shift();
      const [name, inline] = /^--\w[\w-]*=/.test(word) ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word];
      const value = () => inline ?? words.shift() ?? "";
      if (name === "-X" || name === "--request") found.method = value();
      else if (name === "-H" || name === "--header") found.headers.push(value());
      else if (/^(-d|--data(-raw|-binary|-ascii)?)$/.test(name)) add(value());
      else if (name === "--data-urlencode") add(encodePair(value()));
      else if (name === "--json") {
        found.body = (found.body ?? "") + value();
        isJson = true;
      } else if (name === "-G" || name === "--get") isQuery = true;
      else if (/^(-F|--form|--form-string)$/.test(name)) found.form.push(value());
      else if (name === "--url") found.url = value();
      else if (WITH_VALUE.includes(name)) value();
      else if (!name.startsWith("-")) found.url ||= name;
    }
    if (isQuery && found.body !== null) {
      found.url += (found.url.includes("?") ? "&" : "?") + found.body;
      found.body = null;
    }
    const method = found.method || (found.body === null && !found.form.length ? "GET" : "POST");
    return { ...found, isJson, method: method.toUpperCase(), form: new Map(found.form.filter((part) => !isFile(part)).map(splitPair)) };
  }

  const decode = (text) => decodeURIComponent(text.replaceAll("+", " "));
  const readPairs = (text) =>
    text.split("&").filter(Boolean).map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
  const PART = /^content-disposition: form-data; name="([^"]*)"(; filename=)?/im;
  /** The fields of a form in parts, without its files. */
  function readParts(text) {
    const [boundary] = text.split(/\r?\n/, 1);
    const parts = text.split(boundary).slice(1, -1).map((part) => /^\r?\n(.*?)\r?\n\r?\n(.*)\r?\n$/s.exec(part) ?? ["", "", ""]);
    const named = parts.map(([, head, value]) => [PART.exec(head), value]);
    return new Map(named.filter(([name]) => name && !name[2]).map(([name, value]) => [name[1], value]));
  }
  /** The members of a body: of a JSON object, or of a form. */
  function readBody(text) {
    if (text === null || !text.trim()) return new Map();
    if (text.startsWith("--")) return readParts(text);
    if (!/^\s*[{["\d]/.test(text)) return new Map(readPairs(text));
    const value = parseJson(text);
    return value instanceof Map ? value : new Map();
  }

  /** The operation that a method and path lead to, with the ids in the path; words go before placeholders. */
  function route(operations, method, path) {
    const segments = path.replace(/\/$/, "").split("/");
    const fits = operations.flatMap((operation) => {
      const wanted = (operation.base + operation.path).split("/");
      if (operation.method !== method || wanted.length > segments.length) return [];
      const own = segments.slice(segments.length - wanted.length + 1);
      const ids = new Map();
      const same = wanted.slice(1).every((part, at) => {
        if (!part.startsWith("{")) return part === own[at];
        ids.set(part.slice(1, -1), decodeURIComponent(own[at]));
        return true;
      });
      return same ? [{ operation, ids }] : [];
    });
    return fits.sort((one, other) => one.ids.size - other.ids.size)[0];
  }

  globalThis.procwiseRequests = { readRequest, readCurl, requestOfCurl, readPairs, readBody, route, Num };
})();
