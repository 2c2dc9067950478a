// The signing workbench: a request is signed while it is typed. Nothing is sent or stored.
(() => {
  const { readScheme, signRequest } = globalThis.procwiseSigner;
  const { requestOf, urlOf } = globalThis.procwiseRequest;
  const { writeMoment, readMoment } = globalThis.procwiseMoments;
  const { makeNonce } = globalThis.procwiseNonces;
  const { readBody } = globalThis.procwiseRequests;
  const { LANGUAGES } = globalThis.procwisePrograms;
  const { Num, dumpJson } = globalThis.procwiseTexts;
  const { el, code, textOf, showMessage } = globalThis.procwiseShown;
  const { RefusedBox } = globalThis.procwiseRefused;
  const { versions, operations } = globalThis.procwiseWorkbench;

  const labelled = (label, input) => el("label", {}, el("span", {}, label), input);
  const input = (attributes) => el("input", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", ...attributes });
  const area = (attributes) => el("textarea", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", ...attributes });

  const START = `procwise-sandbox --cors ${globalThis.origin}`; // the origin of a file is null
  const MULTIPART = "multipart/form-data";
  const fieldText = (value) => (typeof value === "string" ? value : value instanceof Num ? value.raw : dumpJson(value));
  /** A form in parts, of fields and files as pairs. */
  function writeParts(boundary, fields, files) {
    const start = (name) => `--${boundary}\r\nContent-Disposition: form-data; name="${name.replaceAll('"', "%22")}"`;
    const parts = [
      ...fields.map(([name, value]) => `${start(name)}\r\n\r\n${fieldText(value)}\r\n`),
      ...files.map(([name, text]) => `${start(name)}; filename="upload.txt"\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`),
    ];
    return `${parts.join("")}--${boundary}--\r\n`;
  }
  const hyphenated = (name) => name.replaceAll("_", "-");
  const titled = (name) => name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
  /** The lines of an area, each parted at its first mark. */
  const linesOf = (text, mark) =>
    text.split("\n").filter((line) => line.includes(mark)).map((line) => [line.slice(0, line.indexOf(mark)).trim(), line.slice(line.indexOf(mark) + 1)]);

  const writeQuery = (query) => Object.entries(query).map((pair) => pair.join("=")).join("\n");

  class Workbench {
    constructor(root, typed) {
      this.root = root;
      this.token = input({ name: "token" });
      this.timestamp = input({ name: "timestamp" });
      this.nonce = input({ name: "nonce" });
      this.address = input({ name: "address", inputmode: "url" });
      this.query = area({ rows: 3, name: "query" });
      this.headers = area({ rows: 3, name: "headers" });
      this.body = area({ rows: 8, name: "body" });
      this.ids = el("div", { class: "op-fields" });
      this.keys = el("div", { class: "op-fields" });
      this.message = el("div");
      this.base = el("pre", { class: "op-base", tabindex: "0" });
      this.signature = el("output", { class: "op-signature" });
      this.fault = el("p", { class: "op-fault", role: "status" });
      this.language = el("select", { name: "language" }, ...Object.keys(LANGUAGES).map((name) => el("option", {}, name)));
      this.program = el("pre", { class: "op-program", tabindex: "0" });
      this.server = input({ name: "server", value: "http://127.0.0.1:8080" });
      this.reply = el("pre", { class: "op-reply", tabindex: "0", role: "status" });
      this.render();
      this.choose(root.dataset.operation || Object.keys(operations)[0], typed);
    }

    /** The level below that of the heading above, so that none is left out. */
    heading(text) {
      return el(this.root.dataset.operation ? "h3" : "h2", {}, text);
    }

    render() {
      const renew = el("button", { type: "button", onclick: () => { this.renew(); this.update(); } }, "New timestamp and nonce");
      const form = el("form", { class: "op-bench", oninput: () => this.update(), onsubmit: (event) => event.preventDefault() },
        ...(this.root.dataset.operation ? [] : [this.chooser()]),
        (this.counterparts = el("div")),
        el("p", {}, "Fill in the request. It is signed in this page while you type; nothing is sent or stored."),
        this.ids,
        labelled("Query, one name=value a line", this.query),
        (this.headersLabel = labelled("Headers, one name: value a line", this.headers)),
        (this.bodyLabel = labelled("Body, as JSON without files", this.body)),
        (this.fresh = el("div", { class: "op-fields" },
          (this.timestampLabel = labelled("Timestamp", this.timestamp)), (this.nonceLabel = labelled("Nonce", this.nonce)), renew)),
        this.keys,
        labelled("Base URL", this.address),
        this.fault,
        this.heading("What is signed"), this.message,
        this.heading("Base string"), this.base,
        this.heading("Signature"), this.signature,
        this.heading("Request"), labelled("Language", this.language), this.program,
        ...this.sender(),
      );
      this.root.append(form, new RefusedBox(this).form);
    }

    chooser() {
      const groups = Object.keys(versions).map((version) =>
        el("optgroup", { label: version }, ...Object.entries(operations).filter(([, one]) => one.version === version)
          .map(([name, one]) => el("option", { value: name }, `${one.title} (${one.method} ${one.path})`))));
      const select = el("select", { name: "operation", onchange: () => this.choose(select.value) }, ...groups);
      return labelled("Operation", select);
    }

    /** The same operation in another version, with all that was typed. */
    versionChooser(counterparts) {
      const options = Object.entries(counterparts).map(([version, name]) => el("option", { value: name }, version));
      const select = el("select", { name: "version", onchange: () => this.select(operations[select.value], this.typed()) }, ...options);
      select.value = counterparts[this.operation.version];
      return options.length > 1 ? [labelled("Version", select)] : [];
    }

    sender() {
      const send = el("button", { type: "button", onclick: () => this.send() }, "Send to the local sandbox");
      const start = location.protocol === "file:" ? [el("p", {}, "This page was opened from a file: start the sandbox with ", code(START), ".")] : [];
      return [this.heading("Send"), ...start, el("div", { class: "op-fields" }, labelled("Address of the sandbox", this.server), send), this.reply];
    }

    choose(name, typed = {}) {
      const sample = operations[name];
      const changed = this.operation?.version !== sample.version;
      const base = this.version?.base ?? "";
      this.operation = sample;
      this.version = versions[sample.version];
      if (this.address.value === base) this.address.value = this.version.base;
      this.counterparts.replaceChildren(...this.versionChooser(sample.counterparts ?? {}));
      this.path = new Map(Object.entries(sample.ids).map(([id, value]) => [id, input({ name: `path-${id}`, value })]));
      this.ids.replaceChildren(...[...this.path].map(([id, own]) => labelled(`${id}, in the path`, own)));
      this.query.value = writeQuery(sample.query);
      this.body.value = sample.body;
      this.bodyLabel.hidden = !sample.media;
      if (changed) this.ask();
      this.fill(typed);
      this.update();
    }

    /** What was typed over the example and the fresh values; nothing of the keys. */
    typed() {
      const { ids, query, body } = this.operation;
      const all = {
        query: [this.query.value, writeQuery(query)], body: [this.body.value, body],
        timestamp: [this.timestamp.value, this.renewed.timestamp], nonce: [this.nonce.value, this.renewed.nonce],
      };
      const changed = Object.entries(all).filter(([, [own, shown]]) => own !== shown).map(([name, [own]]) => [name, own]);
      const path = [...this.path].map(([id, own]) => [id, own.value === ids[id] ? "" : own.value]);
      return { ...Object.fromEntries(changed), ...(path.some(([, value]) => value) ? { path } : {}) };
    }

    /** Put in what was typed for a counterpart: an id by its name, or by its place if it has another name there. */
    fill({ path = [], ...typed }) {
      const own = [...this.path];
      for (const [at, [id, value]] of path.entries()) {
        const wanted = this.path.get(id) ?? (own.length === path.length ? own[at][1] : undefined);
        if (wanted && value) wanted.value = value;
      }
      for (const name of ["query", "body", "timestamp", "nonce"]) if (name in typed) this[name].value = typed[name];
    }

    /** The inputs that this scheme asks for. */
    ask() {
      const { value, credentials, settings, timestamp, nonce, signs_headers, token } = this.version;
      const before = new Map([...(this.credentials ?? []), ...(this.settings ?? [])].map(([name, own]) => [name, own.value]));
      this.scheme = readScheme(value);
      this.credentials = new Map(credentials.map((one) => [one.name, one.name === "token" ? this.token : input({
        name: hyphenated(one.name), value: before.get(one.name) ?? one.default, type: one.name.includes("secret") ? "password" : "text", placeholder: "it stays in this tab",
      })]));
      this.settings = new Map(settings.map((one) => [one.name, input({ name: `setting-${hyphenated(one.name)}`, value: before.get(one.name) ?? one.default })]));
      const asked = [...credentials.filter(({ name }) => name !== "token"), ...settings];
      const inputs = [...this.credentials].filter(([name]) => name !== "token").concat([...this.settings]);
      const rows = inputs.map(([name, own], at) => labelled(titled(name) + (asked[at].description ? `: ${asked[at].description}` : ""), own));
      this.keys.replaceChildren(...rows, ...(token || this.credentials.has("token") ? [labelled("Token", this.token)] : []));
      this.headersLabel.hidden = !signs_headers;
      this.timestampLabel.hidden = !timestamp;
      this.nonceLabel.hidden = !nonce;
      this.fresh.hidden = !timestamp && !nonce;
      this.renew();
    }

    renew() {
      const { timestamp, nonce } = this.version;
      const offset = Number(this.scheme.get("timestamp")?.get("offset_seconds")?.raw ?? 0);
      this.timestamp.value = timestamp ? writeMoment(timestamp, Date.now() + 1000 * offset, this.scheme.get("timestamp").get("zone")) : "";
      this.nonce.value = makeNonce(nonce);
      this.renewed = { timestamp: this.timestamp.value, nonce: this.nonce.value };
    }

    get secret() {
      return this.credentials.get("secret_key")?.value ?? "";
    }

    /** The credentials and settings that are filled in. */
    given() {
      const valuesOf = (inputs) => Object.fromEntries([...inputs].filter(([, own]) => own.value).map(([name, own]) => [name, own.value]));
      return { credentials: valuesOf(this.credentials), settings: valuesOf(this.settings) };
    }

    /** The names of the credentials and settings that are still to be filled in. */
    missing() {
      return this.required().filter((name) => !(this.credentials.get(name) ?? this.settings.get(name)).value).map((name) => name.replaceAll("_", " "));
    }
    required() {
      return [...this.version.credentials, ...this.version.settings].filter(({ required }) => required).map(({ name }) => name);
    }

    /** Choose an operation that was found in a pasted request. */
    select(operation, typed) {
      const [name] = Object.entries(operations).find(([, one]) => one === operation);
      const chooser = this.root.querySelector("[name=operation]");
      if (chooser) chooser.value = name;
      this.choose(name, typed);
    }

    /** The request before it is signed; throws SyntaxError for a body that is no JSON. */
    unsigned() {
      const { headers, token } = this.version;
      const { method, media, files } = this.operation;
      const base = this.address.value.replace(/\/$/, "");
      const path = this.operation.path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(this.path.get(name)?.value ?? ""));
      const query = linesOf(this.query.value, "=").map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
      const parameters = { path: new Map([...this.path].map(([name, own]) => [name, own.value])) };
      const members = media ? readBody(this.body.value) : new Map();
      const isForm = media.startsWith(MULTIPART);
      const boundary = `form-${this.nonce.value.replace(/[^A-Za-z0-9-]/g, "") || "boundary"}`.slice(0, 70);
      const body = isForm ? writeParts(boundary, [...members], Object.entries(files)) : this.body.value;
      if (isForm) parameters.body = members;
      const all = [
        ...headers, ...linesOf(this.headers.value, ":").map(([name, value]) => [name, value.trim()]),
        ...(token ? [[token.header, token.format.replace("{token}", this.token.value || "YOUR_API_TOKEN")]] : []),
        ...(media ? [["Content-Type", isForm ? `${MULTIPART}; boundary=${boundary}` : media]] : []),
      ];
      return requestOf(method, `${base}${path}${query ? `?${query}` : ""}`, all, media ? body : "", parameters);
    }

    /** The request, signed; of one that lacks a credential, all but the signature. */
    async sign(request = this.unsigned()) {
      const { timestamp } = this.version;
      const moment = timestamp ? readMoment(timestamp, this.timestamp.value, this.scheme.get("timestamp").get("zone")) : Date.now();
      if (moment === null) throw new SyntaxError(`the timestamp is not written as ${timestamp}`);
      const offset = 1000 * Number(this.scheme.get("timestamp")?.get("offset_seconds")?.raw ?? 0);
      const given = this.given();
      const absent = this.missing();
      const blank = Object.fromEntries([...this.version.credentials, ...this.version.settings].filter((one) => one.required).map(({ name }) => [name, ""]));
      return signRequest(this.scheme, request, {
        credentials: { ...blank, ...given.credentials },
        settings: { ...blank, ...given.settings },
        nowMs: moment - offset,
        timestamp: this.timestamp.value,
        nonce: this.nonce.value,
        signature: absent.length ? "SIGNATURE" : undefined,
      });
    }

    async update() {
      const turn = (this.turn = (this.turn ?? 0) + 1);
      try {
        const signed = await this.sign();
        const shown = await showMessage(this.scheme.get("message"), signed.context);
        if (turn !== this.turn) return; // something was typed meanwhile
        this.fault.textContent = "";
        this.message.replaceChildren(...shown);
        this.base.textContent = textOf(signed.message);
        const absent = this.missing();
        this.signature.textContent = absent.length ? `Fill in the ${absent.join(", the ")}.` : signed.signature;
        this.request = this.described(signed.request);
        this.program.textContent = LANGUAGES[this.language.value](this.request);
      } catch (error) {
        if (turn === this.turn) this.fault.textContent = `This cannot be signed yet: ${error.message}.`;
      }
    }

    described(request) {
      const { method, headers, body } = request;
      return { method, url: urlOf(request), headers, body: body.length ? textOf(body) : null };
    }

    /** Another moment and nonce in the place of those that were made here; what was typed stays. */
    refresh() {
      const shown = { timestamp: this.timestamp.value, nonce: this.nonce.value };
      const made = this.renewed;
      this.renew();
      for (const [name, value] of Object.entries(shown)) if (value !== made[name]) this[name].value = value;
    }

    async send() {
      this.refresh();
      await this.update();
      if (this.fault.textContent) return;
      const request = this.request;
      const own = new URL(request.url);
      const address = this.server.value.replace(/\/$/, "") + own.pathname + own.search;
      this.reply.textContent = "…";
      try {
        const response = await fetch(address, { method: request.method, headers: Object.fromEntries(request.headers), body: request.body ?? undefined, credentials: "omit" });
        this.reply.textContent = `${response.status}\n${await response.text()}`;
      } catch {
        this.reply.textContent = `No response. Start the sandbox with: ${START}`;
      }
    }
  }

  const benches = new WeakMap();
  globalThis.procwiseOpen = (root, typed) => {
    if (!root.dataset.ready) benches.set(root, new Workbench(root, typed));
    root.dataset.ready = "yes";
  };
  /** What was typed into the workbench of the page, to be carried to another page. */
  globalThis.procwiseTyped = (root) => benches.get(root)?.typed() ?? {};
})();
