// How a message is shown: its parts or its parameters, each with what became of it.
(() => {
  const { Num } = globalThis.procwiseTexts;
  const { evaluate, pairsOf } = globalThis.procwiseSigner;
  const { pairsIn } = globalThis.procwiseRequest;
  const { decodeUtf8, hex } = globalThis.procwiseBytes;

  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  const code = (text) => el("code", {}, text);

  const RUBY_RULES = [
    [(value) => value === null, "null: the empty text"],
    [(value) => typeof value === "string", "a text: as it is, not encoded"],
    [(value) => typeof value === "boolean", "a boolean: true or false, in small letters"],
    [(value) => value instanceof Num && value.whole, "a whole number: its digits"],
    [(value) => value instanceof Num, "a fraction: its shortest digits, with one behind the point at least"],
    [Array.isArray, "a list: in brackets, separated by a comma and a blank, texts in quotation marks, without nulls"],
    [() => true, "an object: as Ruby prints it"],
  ];
  const ruleOf = (value) => RUBY_RULES.find(([fits]) => fits(value))[1];

  /** Bytes as text; as hexadecimal digits, if they are no text. */
  function textOf(value) {
    if (typeof value === "string") return value;
    let isText = true;
    const text = decodeUtf8(value, () => { isText = false; return ""; });
    return isText ? text : `hex:${hex(value)}`;
  }

  const EMPTY = { drop: ", only with a value", name: ", by their names alone without a value" };
  const ORDERS = {
    "as-sent": "in the order sent",
    "name-bytes": "sorted by their names, byte by byte",
    "name-codepoints": "sorted by their names, code point by code point",
    "name-lower": "sorted by their names in small letters",
    "pair-bytes": "sorted by name and value, byte by byte",
    "value-bytes": "sorted by their values, byte by byte",
  };
  const quoted = (text) => JSON.stringify(text);
  const wordOf = (step) => (step instanceof Map ? [...step].map(([name, value]) => `${name} ${quoted(value.raw ?? value)}`)[0] : step);
  const placeOf = (place) => (place instanceof Map ? [...place.keys()].join(", ") : place);
  const joined = (text) => (text ? `joined by ${quoted(text)}` : "put together");
  const isSet = (part) => part instanceof Map && part.has("parameters");
  const isGroup = (part) => part instanceof Map && part.has("parts");

  /** A part in one line. */
  function describe(part) {
    if (typeof part === "string") return part;
    const before = part.has("before") ? `, with ${quoted(part.get("before"))} before it unless it is empty` : "";
    const steps = before + (part.has("as") ? `, then ${part.get("as").map(wordOf).join(", ")}` : "");
    if (isSet(part)) {
      const left = (part.get("exclude") ?? []).join(", ");
      const order = part.get("order") ?? "as-sent";
      const places = part.get("parameters").map(placeOf).join(", ");
      return `the parameters (${places})${left ? ` except ${left}` : ""}${EMPTY[part.get("empty")] ?? ""}, ${ORDERS[order]}, ${joined(part.get("separator") ?? "&")}${steps}`;
    }
    if (isGroup(part)) return `these parts, ${joined(part.get("join") ?? "")}${steps}`;
    if (part.has("clock")) {
      const offset = part.get("offset_seconds")?.raw;
      return `the moment as ${part.get("clock")}${offset ? `, ${offset} seconds added` : ""}${steps}`;
    }
    return (part.get("from") ?? `the text ${quoted(part.get("text"))}`) + steps;
  }

  /** The message, part by part. */
  async function showMessage(part, context) {
    const heading = el("p", {}, `${describe(part)}:`.replace(/^./, (first) => first.toUpperCase()));
    if (isSet(part)) return [heading, el("ol", { class: "op-canonical" }, ...(await showPairs(part, context)))];
    const items = isGroup(part) ? part.get("parts") : [part];
    return [heading, el("ol", { class: "op-canonical" }, ...(await each(items, (item) => showPart(item, context))))];
  }
  async function showPart(part, context) {
    const value = textOf(await evaluate(part, context));
    const inner = isSet(part) ? await showPairs(part, context)
      : isGroup(part) ? await each(part.get("parts"), (one) => showPart(one, context)) : [];
    return el("li", {}, code(value), el("small", {}, ` ${describe(part)}`), ...(inner.length ? [el("ol", {}, ...inner)] : []));
  }
  async function showPairs(part, context) {
    const places = part.get("parameters").filter((place) => typeof place === "string" && place !== "headers" && place !== "authorization");
    return (await pairsOf(part, context)).map(([name, text]) => {
      const place = places.find((one) => pairsIn(context.request, one).some(([own]) => own === name));
      const value = place && pairsIn(context.request, place).find(([own]) => own === name)[1];
      const rule = place && part.get("values") === "ruby-text" ? `; ${ruleOf(value)}` : "";
      return el("li", {}, code(name), " = ", code(text), ...(place ? [el("small", {}, ` from the ${place}${rule}`)] : []));
    });
  }
  async function each(items, make) {
    const made = [];
    for (const item of items) made.push(await make(item));
    return made;
  }

  globalThis.procwiseShown = { el, code, textOf, showMessage };
})();
