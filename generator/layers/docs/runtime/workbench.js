// The signing workbench: a request is signed while it is typed, and a refused one is compared. Nothing is sent or stored.
(() => {
  const { parseJson, pairsOf, join, merge, digest, Num } = globalThis.procwiseSigning;
  const { describe, findCause, findCauseOfText, findDifference } = globalThis.procwiseMistakes;
  const { LANGUAGES, readCurl, readPairs, readBody, route } = globalThis.procwiseRequests;
  const { versions, operations, usual } = globalThis.procwiseWorkbench;

  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  const labelled = (label, input) => el("label", {}, el("span", {}, label), input);
  const input = (attributes) => el("input", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", ...attributes });
  const area = (attributes) => el("textarea", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", ...attributes });
  const code = (text) => el("code", {}, text);

  const START = `procwise-sandbox --cors ${globalThis.origin}`; // the origin of a file is null

  const RULES = [
    [(value) => value === null, "null: the empty text"],
    [(value) => typeof value === "string", "a text: as it is, not encoded"],
    [(value) => typeof value === "boolean", "a boolean: true or false, in small letters"],
    [(value) => value instanceof Num && value.whole, "a whole number: its digits"],
    [(value) => value instanceof Num, "a fraction: its shortest digits, with one behind the point at least"],
    [Array.isArray, "a list: in brackets, separated by a comma and a blank, texts in quotation marks, without nulls"],
    [() => true, "an object: as Ruby prints it"],
  ];
  const ruleOf = (value) => RULES.find(([fits]) => fits(value))[1];

  class Workbench {
    constructor(root) {
      this.root = root;
      this.path = new Map();
      this.key = input({ type: "password", name: "secret-key", placeholder: "it stays in this tab" });
      this.token = input({ name: "token" });
      this.timestamp = input({ inputmode: "numeric", name: "timestamp" });
      this.nonce = input({ name: "nonce" });
      this.query = area({ rows: 3, name: "query" });
      this.body = area({ rows: 8, name: "body" });
      this.ids = el("div", { class: "op-fields" });
      this.values = el("ol", { class: "op-canonical" });
      this.base = el("pre", { class: "op-base", tabindex: "0" });
      this.signature = el("output", { class: "op-signature" });
      this.fault = el("p", { class: "op-fault", role: "status" });
      this.language = el("select", { name: "language" }, ...Object.keys(LANGUAGES).map((name) => el("option", {}, name)));
      this.program = el("pre", { class: "op-program", tabindex: "0" });
      this.pasted = area({ rows: 5, name: "pasted" });
      this.verdict = el("div", { class: "op-verdict", role: "status" });
      this.server = input({ name: "server", value: "http://127.0.0.1:8080" });
      this.reply = el("pre", { class: "op-reply", tabindex: "0", role: "status" });
      this.render();
      this.choose(root.dataset.operation || Object.keys(operations)[0]);
    }

    render() {
      const renew = el("button", { type: "button", onclick: () => { this.renew(); this.update(); } }, "New timestamp and nonce");
      const form = el("form", { class: "op-bench", oninput: () => this.update(), onsubmit: (event) => event.preventDefault() },
        ...(this.root.dataset.operation ? [] : [this.chooser()]),
        el("p", {}, "Fill in the request. It is signed in this page while you type; nothing is sent or stored."),
        this.ids,
        labelled("Query, one name=value a line", this.query),
        (this.bodyLabel = labelled("Body, as JSON without files", this.body)),
        el("div", { class: "op-fields" }, labelled("Timestamp", this.timestamp), labelled("Nonce", this.nonce), renew),
        el("div", { class: "op-fields" }, labelled("Secret key", this.key), labelled("Token", this.token)),
        this.fault,
        el("h4", {}, "Signed parameters"), (this.order = el("p")), this.values,
        el("h4", {}, "Base string"), this.base,
        el("h4", {}, "Signature"), this.signature,
        el("h4", {}, "Request"), labelled("Language", this.language), this.program,
        ...this.sender(),
      );
      const check = el("form", { class: "op-check", onsubmit: (event) => { event.preventDefault(); this.check(); } },
        el("h4", {}, "Refused?"),
        labelled("Paste the base string, the signature or the whole curl line that was refused", this.pasted),
        el("button", { type: "submit" }, "Find the mistake"), this.verdict);
      this.root.append(form, check);
    }

    chooser() {
      const groups = Object.keys(versions).map((version) =>
        el("optgroup", { label: version }, ...Object.entries(operations).filter(([, one]) => one.version === version)
          .map(([name, one]) => el("option", { value: name }, `${one.title} (${one.method} ${one.path})`))));
      const select = el("select", { name: "operation", onchange: () => this.choose(select.value) }, ...groups);
      return labelled("Operation", select);
    }

    sender() {
      const send = el("button", { type: "button", onclick: () => this.send() }, "Send to the local sandbox");
      const start = location.protocol === "file:" ? [el("p", {}, "This page was opened from a file: start the sandbox with ", code(START), ".")] : [];
      return [el("h4", {}, "Send"), ...start, el("div", { class: "op-fields" }, labelled("Address of the sandbox", this.server), send), this.reply];
    }

    choose(name) {
      this.operation = operations[name];
      this.version = versions[this.operation.version];
      const sample = this.operation;
      this.path = new Map(Object.entries(sample.ids).map(([id, value]) => [id, input({ name: `path-${id}`, value })]));
      this.ids.replaceChildren(...[...this.path].map(([id, own]) => labelled(`${id}, in the path`, own)));
      this.query.value = Object.entries(sample.query).map((pair) => pair.join("=")).join("\n");
      this.body.value = sample.body;
      this.bodyLabel.hidden = !sample.media;
      const { scheme } = this.version;
      this.order.textContent = `Every parameter but ${scheme.exclude.join(", ") || "none"}, in the order ${scheme.order}, joined by ${JSON.stringify(scheme.separator)}:`;
      if (!this.nonce.value) this.renew();
      this.update();
    }

    renew() {
      this.timestamp.value = String(this.version.scheme.timestamp_unit === "s" ? Math.floor(Date.now() / 1000) : Date.now());
      this.nonce.value = String(crypto.getRandomValues(new Uint32Array(1))[0]);
    }

    /** The parameters by place; throws SyntaxError for a body that is no JSON. */
    places() {
      const { scheme } = this.version;
      const stamps = [[scheme.timestamp_parameter, new Num(this.timestamp.value || "0")], [scheme.nonce_parameter, this.nonce.value]];
      const lines = this.query.value.split("\n").filter((line) => line.includes("="));
      const query = lines.map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1)]);
      const body = this.operation.media ? [...readBody(this.body.value)] : [];
      const inBody = scheme.send === "body";
      return {
        path: new Map([...this.path].map(([name, own]) => [name, own.value])),
        query: new Map(inBody ? query : [...query, ...stamps]),
        body: new Map(inBody ? [...body, ...stamps] : body),
      };
    }

    async update() {
      const { scheme } = this.version;
      let places;
      try {
        if (!/^\d+$/.test(this.timestamp.value)) throw new SyntaxError("the timestamp is no whole number");
        places = this.places();
      } catch (error) {
        this.fault.textContent = `This cannot be signed yet: ${error.message}.`;
        return;
      }
      this.fault.textContent = "";
      const params = merge(scheme, places);
      const pairs = pairsOf(scheme, params);
      this.values.replaceChildren(...pairs.map(([name, text]) => {
        const place = Object.keys(places).find((one) => places[one].has(name));
        return el("li", {}, code(name), " = ", code(text), el("small", {}, ` from the ${place}; ${ruleOf(params.get(name))}`));
      }));
      const base = join(scheme, pairs);
      this.base.textContent = base;
      const turn = (this.turn = (this.turn ?? 0) + 1);
      const signature = this.key.value ? await digest(scheme, base, this.key.value) : "";
      if (turn !== this.turn) return; // something was typed meanwhile
      this.signature.textContent = signature || "Fill in the secret key.";
      this.request = this.signed(places, signature || "SIGNATURE");
      this.program.textContent = LANGUAGES[this.language.value](this.request);
    }

    signed(places, signature) {
      const { scheme, base, headers, token } = this.version;
      const sent = { query: [...places.query], body: new Map(places.body) };
      if (scheme.send === "body") sent.body.set(scheme.signature_parameter, signature);
      else sent.query.push([scheme.signature_parameter, signature]);
      const text = (value) => (value instanceof Num ? value.raw : String(value ?? ""));
      const path = this.operation.path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(places.path.get(name) ?? ""));
      const query = sent.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(text(value))}`).join("&");
      const all = [...headers, [token.header, token.format.replace("{token}", this.token.value || "YOUR_API_TOKEN")]];
      const body = this.operation.media && scheme.send === "query" ? this.body.value : null;
      const address = `${base}${path}${query ? `?${query}` : ""}`;
      return { method: this.operation.method, url: address, headers: body === null ? all : [...all, ["Content-Type", this.operation.media]], body };
    }

    async send() {
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

    async check() {
      const pasted = this.pasted.value.trim();
      this.verdict.replaceChildren();
      try {
        if (!pasted) this.say("Paste something first.");
        else if (/^curl\s/.test(pasted)) await this.checkCurl(pasted);
        else if (/^[0-9a-fA-F]{32,128}$/.test(pasted) || /^[A-Za-z0-9+/_-]{22,86}={0,2}$/.test(pasted)) await this.checkSignature(pasted);
        else await this.checkText(this.pasted.value.replace(/\n$/, ""));
      } catch (error) {
        this.say(`This cannot be read: ${error.message}.`);
      }
    }

    async checkCurl(line) {
      const { url, method, body } = readCurl(line);
      const { pathname, search } = new URL(url, this.version.base);
      const found = route(Object.values(operations), method, pathname);
      if (!found) return this.say(`No operation is called by ${method} ${pathname}.`);
      const { scheme, names } = versions[found.operation.version];
      const places = { path: found.ids, query: new Map(readPairs(search.slice(1))), body: readBody(body) };
      const params = merge(scheme, places);
      const signature = params.get(scheme.signature_parameter);
      if (!signature) return this.say("The request has no signature.");
      const overridden = Object.values(places).flatMap((place) => [...place]).filter(([name, value]) => params.has(name) && params.get(name) !== value);
      params.delete(scheme.signature_parameter);
      const list = (place) => [...places[place].keys()].filter((name) => name !== scheme.signature_parameter);
      const request = describe(scheme, params, this.key.value, {
        path: list("path"), query: list("query"), body: list("body"), overridden, token: this.token.value, names,
      });
      return this.judge(request, signature);
    }

    described() {
      const places = this.places();
      const { scheme, names } = this.version;
      const list = (place) => [...places[place].keys()];
      const options = { path: list("path"), query: list("query"), body: list("body"), token: this.token.value, names };
      return describe(scheme, merge(scheme, places), this.key.value, options);
    }

    checkSignature(signature) {
      return this.judge(this.described(), signature);
    }

    async judge(request, signature) {
      if (!this.key.value) return this.say("To find out what was signed, fill in the parameters and the secret key above: they stay in this tab.");
      const cause = await findCause(request, signature);
      if (cause) this.name(cause);
      else if ((await digest(request.scheme, request.base, request.key)) === signature) {
        this.say("The signature fits these parameters and this key. If it is refused, the timestamp is too old, the nonce was used, or the server has other parameters.");
      } else this.list();
      this.verdict.append(el("p", {}, "The base string of these parameters:"), el("pre", { tabindex: "0" }, request.base));
    }

    async checkText(theirs) {
      const request = this.described();
      const { at, sentence } = findDifference(request.base, theirs);
      this.say(sentence);
      if (at < 0) return;
      const cause = findCauseOfText(request, theirs);
      if (cause) this.name(cause);
      for (const [name, text] of [["Expected", request.base], ["Pasted", theirs]]) {
        const chars = Array.from(text);
        const mark = el("mark", {}, chars[at] ?? "end");
        this.verdict.append(el("p", {}, `${name}:`), el("pre", { tabindex: "0" }, chars.slice(0, at).join(""), mark, chars.slice(at + 1).join("")));
      }
    }

    say(text) {
      this.verdict.append(el("p", {}, text));
    }

    name(cause) {
      this.verdict.append(el("p", {}, "The mistake: ", el("strong", { class: "op-cause" }, cause), "."));
    }

    list() {
      this.say("No single mistake makes this signature. What it usually is:");
      this.verdict.append(el("ul", {}, ...usual.map((cause) => el("li", {}, cause))));
    }
  }

  globalThis.procwiseOpen = (root) => {
    if (root.dataset.ready) return;
    root.dataset.ready = "yes";
    new Workbench(root);
  };
})();
