// What was refused, compared with what the workbench signs; the mistake is named where it can be shown.
(() => {
  const { merge, digest, parseJson } = globalThis.procwiseSigning;
  const { describe, findCause, findCauseOfText, findDifference } = globalThis.procwiseMistakes;
  const { findCauseOfRequest, messageOf } = globalThis.procwiseRequestMistakes;
  const { readRequest, requestOfCurl, readPairs, readBody, route } = globalThis.procwiseRequests;
  const { rebuildContext, findUnfitField } = globalThis.procwiseClaims;
  const { signatureOf } = globalThis.procwiseSigner;
  const { pairsIn, mediaType } = globalThis.procwiseRequest;
  const { el, textOf } = globalThis.procwiseShown;
  const { versions, operations, usual } = globalThis.procwiseWorkbench;

  const FORM = "application/x-www-form-urlencoded";
  const FITS =
    "The signature fits these parameters and this key. If it is refused, the timestamp is too old, the nonce was used, or the server has other parameters.";

  const VARIABLE = /\$\{?[A-Za-z_]\w*\}?|%[A-Za-z_]{2,}%/;
  const NO_VALUES = "stands where its value was sent. Paste the line that was sent, with values: put `echo` before `curl`, or run it with `set -x`.";
  const JSON_AS_FORM = "curl sends this JSON as a form, which a server reads as one long name: add -H 'Content-Type: application/json'";

  class RefusedBox {
    constructor(bench) {
      this.bench = bench;
      this.pasted = el("textarea", { autocomplete: "off", spellcheck: "false", autocapitalize: "off", rows: 5, name: "pasted" });
      this.verdict = el("div", { class: "op-verdict", role: "status" });
      this.form = el("form", { class: "op-check", onsubmit: (event) => { event.preventDefault(); this.check(); } },
        bench.heading("Refused?"),
        el("label", {}, el("span", {}, "Paste the base string, the signature, the whole curl line or the HTTP request that was refused"), this.pasted),
        el("button", { type: "submit" }, "Find the mistake"), this.verdict);
    }

    async check() {
      const pasted = this.pasted.value.trim();
      this.verdict.replaceChildren();
      try {
        const request = readRequest(pasted);
        if (!pasted) this.say("Paste something first.");
        else if (request) await this.checkCurl(request);
        else if (/^[0-9a-fA-F]{32,128}$/.test(pasted) || /^[A-Za-z0-9+/_-]{22,86}={0,2}$/.test(pasted)) await this.checkSignature(pasted);
        else if (this.bench.version.scheme && /^\s*[{[]/.test(pasted)) await this.checkJson(pasted);
        else await this.checkText(this.pasted.value.replace(/\n$/, ""));
      } catch (error) {
        this.say(`This cannot be read: ${error.message}.`);
      }
    }

    async checkCurl(curl) {
      const { url, method, body, form } = curl;
      const { pathname, search } = new URL(url, this.bench.version.base);
      const all = Object.values(operations);
      const own = all.filter(({ version }) => version === this.bench.operation.version);
      const found = this.delivery() ?? route(own, method, pathname) ?? route(all, method, pathname);
      if (!found) return this.say(`No operation is called by ${method} ${pathname}.`);
      const { scheme, names } = versions[found.operation.version];
      if (!scheme) return this.judgeRequest(curl, found);
      const places = { path: found.ids, query: new Map(readPairs(search.slice(1))), body: form.size ? form : readBody(body) };
      const params = merge(scheme, places);
      const signature = params.get(scheme.signature_parameter);
      if (!signature) return this.say("The request has no signature.");
      const [variable] = VARIABLE.exec(signature) ?? [];
      if (variable) return this.say(`${variable} ${NO_VALUES}`);
      const overridden = Object.values(places).flatMap((place) => [...place]).filter(([name, value]) => params.has(name) && params.get(name) !== value);
      params.delete(scheme.signature_parameter);
      const list = (place) => [...places[place].keys()].filter((name) => name !== scheme.signature_parameter);
      const request = describe(scheme, params, this.bench.secret, {
        path: list("path"), query: list("query"), body: list("body"), overridden, token: this.bench.token.value, names,
      });
      return this.judge(request, signature);
    }

    /** The delivery that is chosen: it goes to any address. */
    delivery() {
      const { operation } = this.bench;
      return versions[operation.version].is_delivery ? { operation, ids: new Map() } : undefined;
    }

    /** A request that is signed as a whole. */
    async judgeRequest(curl, { operation, ids }) {
      if (this.bench.operation.version !== operation.version) this.bench.select(operation);
      const sent = requestOfCurl(curl, ids);
      if (!curl.isJson && /^\s*\{/.test(curl.body ?? "") && mediaType(sent) === FORM) return this.name(JSON_AS_FORM);
      const { context, signatures } = rebuildContext(this.bench.scheme, sent, this.bench.given());
      const absent = this.bench.required().filter((name) => !(name in context.credentials) && !(name in context.settings));
      if (absent.length) return this.say(`Fill in the ${absent.map((name) => name.replaceAll("_", " ")).join(", the ")} above: it stays in this tab.`);
      const unfit = await findUnfitField(context, sent);
      const isRight = signatures.includes(await signatureOf(context));
      const cause = isRight ? "" : await findCauseOfRequest(context, signatures);
      if (unfit) this.say(`${unfit} does not fit the request.`);
      if (cause) this.name(cause);
      else if (!isRight) this.say("None of the usual mistakes makes this signature.");
      else if (!unfit) this.say(FITS);
      this.verdict.append(el("p", {}, "What is signed of this request:"), el("pre", { tabindex: "0" }, await messageOf(context)));
    }

    /** What the workbench signs, for the catalogue of mistakes. */
    async described() {
      const { context } = await this.bench.sign();
      const { scheme, names } = this.bench.version;
      const places = Object.fromEntries(["path", "query", "body"].map((place) => [place, new Map(pairsIn(context.request, place))]));
      const list = (place) => [...places[place].keys()];
      const options = { path: list("path"), query: list("query"), body: list("body"), token: this.bench.token.value, names };
      return describe(scheme, merge(scheme, places), this.bench.secret, options);
    }

    async checkSignature(signature) {
      if (this.bench.version.scheme) return this.judge(await this.described(), signature);
      const signed = await this.bench.sign();
      const absent = this.bench.missing();
      if (absent.length) return this.say(`Fill in the ${absent.join(", the ")} above: it stays in this tab.`);
      if (signed.signature === signature) return this.say(FITS);
      const cause = await findCauseOfRequest(signed.context, signature);
      if (cause) return this.name(cause);
      return this.say("This is not the signature of the request above. Paste the base string that was signed: where it differs is shown.");
    }

    /** The mistake by which a whole request has this message. */
    async causeOfMessage(pasted) {
      return findCauseOfRequest((await this.bench.sign()).context, pasted, messageOf);
    }

    async judge(request, signature) {
      if (!this.bench.secret) return this.say("To find out what was signed, fill in the parameters and the secret key above: they stay in this tab.");
      const cause = await findCause(request, signature);
      if (cause) this.name(cause);
      else if ((await digest(request.scheme, request.base, request.key)) === signature) {
        this.say(FITS);
      } else this.list();
      this.verdict.append(el("p", {}, "The base string of these parameters:"), el("pre", { tabindex: "0" }, request.base));
    }

    /** A response of the sandbox, which says what it signed; other JSON is no base string. */
    async checkJson(text) {
      const explanation = parseJson(text).get?.("explanation");
      const said = explanation instanceof Map ? explanation : new Map();
      if (said.get("usual_causes")) this.say(`The sandbox says: ${said.get("cause")}.`);
      else if (said.get("cause")) this.name(said.get("cause"));
      if (said.get("base_string")) return this.verdict.append(el("p", {}, "The sandbox signed:"), el("pre", { tabindex: "0" }, said.get("base_string")));
      return this.say("This is JSON, and no base string. Put a body into the field of the request, or paste the whole curl line or HTTP request.");
    }

    /** Timestamp and nonce as a pasted base string has them: the fresh ones of this page would be a difference that says nothing. */
    takeMoment(pasted) {
      const { scheme } = this.bench.version;
      if (!scheme) return;
      for (const [name, field] of [[scheme.timestamp_parameter, this.bench.timestamp], [scheme.nonce_parameter, this.bench.nonce]]) {
        const [, value] = new RegExp(`(?:^|[^\\w])${name}=([\\w-]+)`).exec(pasted) ?? [];
        if (value) field.value = value;
      }
      this.bench.update();
    }

    async checkText(pasted) {
      this.takeMoment(pasted);
      const correct = textOf((await this.bench.sign()).message);
      const { at, sentence } = findDifference(correct, pasted);
      this.say(sentence);
      if (at < 0) return;
      const cause = this.bench.version.scheme ? findCauseOfText(await this.described(), pasted) : await this.causeOfMessage(pasted);
      if (cause) this.name(cause);
      for (const [name, text] of [["The correct base string", correct], ["Your base string", pasted]]) {
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

  globalThis.procwiseRefused = { RefusedBox };
})();
