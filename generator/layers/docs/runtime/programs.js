// A signed request as a program, in several languages.
(() => {
  const json = (text) => JSON.stringify(text);
  const escape = (text, chars) => text.replace(chars, "\\$&").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
  /** Lines that end in \r\n are not copied as they are, so that they are written with escapes. */
  const quote = (plain, escaped) => (text) => (text.includes("\r") ? escaped(text) : plain(text));
  const shell = quote((text) => `'${text.replaceAll("'", "'\\''")}'`, (text) => `$'${escape(text, /[\\']/g)}'`);
  const single = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const php = quote(single, (text) => `"${escape(text, /[\\"$]/g)}"`);
  const ruby = quote(single, (text) => `"${escape(text, /[\\"#]/g)}"`);
  /** Before Java 18, source is read in the encoding of the system. */
  const java = (text) => json(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

  /** The request in each language; it has method, url, headers as pairs, and body as text or null. */
  const LANGUAGES = {
    curl: ({ method, url, headers, body }) =>
      [
        `curl -sS -X ${method} ${shell(url)}`,
        ...headers.map((pair) => `  -H ${shell(pair.join(": "))}`),
        ...(body === null ? [] : [`  --data-binary ${shell(body)}`]),
      ].join(" \\\n"),
    HTTP: ({ method, url, headers, body }) => {
      const { host, pathname, search } = new URL(url);
      const lines = [`${method} ${pathname}${search} HTTP/1.1`, `Host: ${host}`, ...headers.map((pair) => pair.join(": "))];
      return [...lines, ...(body === null ? [] : ["", body])].join("\n");
    },
    Python: ({ method, url, headers, body }) =>
      [
        "from urllib.error import HTTPError",
        "from urllib.request import Request, urlopen",
        "",
        `request = Request(${json(url)}, method=${json(method)})`,
        ...headers.map(([name, value]) => `request.add_header(${json(name)}, ${json(value)})`),
        ...(body === null ? [] : [`request.data = ${json(body)}.encode()`]),
        "try:",
        "    response = urlopen(request)",
        "except HTTPError as refused:",
        "    response = refused  # its body says why",
        'print(response.read().decode(errors="replace"))',
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
        `$options = ['method' => ${php(method)}, 'ignore_errors' => true,`,
        `    'header' => [${headers.map((pair) => php(pair.join(": "))).join(", ")}],`,
        ...(body === null ? [] : [`    'content' => ${php(body)},`]),
        "];",
        `echo file_get_contents(${php(url)}, false, stream_context_create(['http' => $options]));`,
      ].join("\n"),
    Ruby: ({ method, url, headers, body }) =>
      [
        "require 'net/http'",
        "",
        `uri = URI(${ruby(url)})`,
        `headers = { ${headers.map(([name, value]) => `${ruby(name)} => ${ruby(value)}`).join(", ")} }`,
        "response = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') do |http|",
        `  http.send_request(${ruby(method)}, uri.request_uri, ${body === null ? "nil" : ruby(body)}, headers)`,
        "end",
        "puts response.code, response.body",
      ].join("\n"),
    Go: ({ method, url, headers, body }) =>
      [
        "package main",
        "",
        `import (\n\t"fmt"\n\t"io"\n\t"log"\n\t"net/http"${body === null ? "" : '\n\t"strings"'}\n)`,
        "",
        "func main() {",
        `\trequest, err := http.NewRequest(${json(method)}, ${json(url)}, ${body === null ? "nil" : `strings.NewReader(${json(body)})`})`,
        "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}",
        ...headers.map(([name, value]) => `\trequest.Header.Set(${json(name)}, ${json(value)})`),
        "\tresponse, err := http.DefaultClient.Do(request)",
        "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}",
        "\tdefer response.Body.Close()",
        "\tanswer, err := io.ReadAll(response.Body)",
        "\tfmt.Println(response.Status, string(answer), err)",
        "}",
      ].join("\n"),
    Java: ({ method, url, headers, body }) =>
      [
        "import java.net.URI;",
        "import java.net.http.HttpClient;",
        "import java.net.http.HttpRequest;",
        "import java.net.http.HttpRequest.BodyPublishers;",
        "import java.net.http.HttpResponse.BodyHandlers;",
        "",
        "class Main {",
        "    public static void main(String[] arguments) throws Exception {",
        `        var request = HttpRequest.newBuilder(URI.create(${java(url)}))`,
        `                .method(${java(method)}, BodyPublishers.${body === null ? "noBody()" : `ofString(${java(body)})`})`,
        ...headers.map(([name, value]) => `                .header(${java(name)}, ${java(value)})`),
        "                .build();",
        "        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());",
        '        System.out.println(response.statusCode() + " " + response.body());',
        "    }",
        "}",
      ].join("\n"),
    "C#": ({ method, url, headers, body }) =>
      [
        "using System;",
        "using System.Net.Http;",
        ...(body === null ? [] : ["using System.Net.Http.Headers;"]),
        "",
        "static class Program",
        "{",
        "    static void Main()",
        "    {",
        `        var request = new HttpRequestMessage(new HttpMethod(${json(method)}), ${json(url)});`,
        ...(body === null ? [] : [`        request.Content = new StringContent(${json(body)});`]),
        ...headers.map(([name, value]) =>
          name === "Content-Type"
            ? `        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(${json(value)});`
            : `        request.Headers.TryAddWithoutValidation(${json(name)}, ${json(value)});`,
        ),
        "        var response = new HttpClient().SendAsync(request).Result;",
        '        Console.WriteLine((int)response.StatusCode + " " + response.Content.ReadAsStringAsync().Result);',
        "    }",
        "}",
      ].join("\n"),
  };

  globalThis.procwisePrograms = { LANGUAGES };
})();
