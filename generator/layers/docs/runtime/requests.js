// Signed requests: as programs in several languages, and read back from a curl line.
(() => {
  const { parseJson, Num } = globalThis.procwiseSigning;
  const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const single = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const json = (text) => JSON.stringify(text);

  /** The request in each language; `request` has method, url, headers as pairs, and body as text or null. */
  const LANGUAGES = {
    curl: ({ method, url, headers, body }) =>
      [
        `curl -X ${method} ${shell(url)}`,
        ...headers.map(([name, value]) => `  -H ${shell(`${name}: ${value}`)}`),
        ...(body === null ? [] : [`  --data-binary ${shell(body)}`]),
      ].join(" \\\n"),
    HTTP: ({ method, url, headers, body }) => {
      const { host, pathname, search } = new URL(url);
      const lines = [`${method} ${pathname}${search} HTTP/1.1`, `Host: ${host}`, ...headers.map((pair) => pair.join(": "))];
      return [...lines, ...(body === null ? [] : ["", body])].join("\n");
    },
    Python: ({ method, url, headers, body }) =>
      [
        "from urllib.request import Request, urlopen",
        "",
        `request = Request(${json(url)}, method=${json(method)})`,
        ...headers.map(([name, value]) => `request.add_header(${json(name)}, ${json(value)})`),
        ...(body === null ? [] : [`request.data = ${json(body)}.encode()`]),
        "print(urlopen(request).read().decode())",
      ].join("\n"),
    JavaScript: ({ method, url, headers, body }) =>
      [
        `const response = await fetch(${json(url)}, {`,
        `  method: ${json(method)},`,
        `  headers: { ${headers.map(([name, value]) => `${json(name)}: ${json(value)}`).join(", ")} },`,
        ...(body === null ? [] : [`  body: ${json(body)},`]),
        "});",
        "console.log(response.status, await response.text());",
      ].join("\n"),
    PHP: ({ method, url, headers, body }) =>
      [
        "<?php",
        `$options = ['method' => ${single(method)}, 'ignore_errors' => true,`,
        `    'header' => [${headers.map((pair) => single(pair.join(": "))).join(", ")}],`,
        ...(body === null ? [] : [`    'content' => ${single(body)},`]),
        "];",
        `echo file_get_contents(${single(url)}, false, stream_context_create(['http' => $options]));`,
      ].join("\n"),
    Ruby: ({ method, url, headers, body }) =>
      [
        "require 'net/http'",
        "",
        `uri = URI(${single(url)})`,
        `headers = { ${headers.map(([name, value]) => `${single(name)} => ${single(value)}`).join(", ")} }`,
        `response = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') do |http|`,
        `  http.send_request(${single(method)}, uri.request_uri, ${body === null ? "nil" : single(body)}, headers)`,
        "end",
        "puts response.code, response.body",
      ].join("\n"),
  };

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

  const WITH_VALUE = ["-o", "-u", "-A", "-e", "-m", "-w", "-b", "-c", "--output", "--user", "--max-time", "--cacert", "--cert", "--key"];
  /** What a curl line sends: method, url, headers, body. */
  function readCurl(line) {
    const words = splitShell(line.trim()).slice(1);
    const found = { method: "", url: "", headers: [], body: null };
    while (words.length) {
      const word = words.shift();
      const [name, inline] = /^--\w[\w-]*=/.test(word) ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word];
      const value = () => inline ?? words.shift() ?? "";
      if (name === "-X" || name === "--request") found.method = value();
      else if (name === "-H" || name === "--header") found.headers.push(value());
      else if (/^(-d|--data(-raw|-binary|-ascii)?|--json)$/.test(name)) found.body = (found.body === null ? "" : `${found.body}&`) + value();
      else if (name === "--url") found.url = value();
      else if (WITH_VALUE.includes(name)) value();
      else if (!name.startsWith("-")) found.url ||= name;
    }
    return { ...found, method: (found.method || (found.body === null ? "GET" : "POST")).toUpperCase() };
  }

  const decode = (text) => decodeURIComponent(text.replaceAll("+", " "));
  const readPairs = (text) =>
    text.split("&").filter(Boolean).map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
  /** The members of a body: of a JSON object, or of a form. */
  function readBody(text) {
    if (text === null || !text.trim()) return new Map();
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

  globalThis.procwiseRequests = { LANGUAGES, readCurl, readPairs, readBody, route, Num };
})();
