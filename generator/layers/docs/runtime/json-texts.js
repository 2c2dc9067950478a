// A parameter whose text is JSON, written otherwise: the same data, and other characters. As the client's `explain` does it.
(() => {
  const { escapeAscii } = globalThis.procwiseTexts;
  const TOKEN =
    /[ \t\r\n]+|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|[{}[\],:]|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)/y;
  const ESCAPE =
    /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|\\./g;
  const OPENING = ["{", "["];
  const CLOSING = ["}", "]"];

  /** The tokens of JSON; none if it is not made of such tokens. */
  function split(text) {
    const tokens = [];
    for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (!found) return [];
      if (found[1]) tokens.push(found[1]);
    }
    return tokens;
  }
  const space = (text) => split(text).map((token) => ({ ",": ", ", ":": ": " })[token] ?? token).join("");
  const indent = (unit) => (text) => {
    const parts = [];
    let depth = 0;
    let before = "";
    for (const token of split(text)) {
      if (CLOSING.includes(token)) depth -= 1;
      const startsLine = OPENING.includes(before) !== CLOSING.includes(token) || before === ",";
      if (before && startsLine) parts.push(`\n${unit.repeat(Math.max(depth, 0))}`);
      parts.push(token === ":" ? ": " : token);
      if (OPENING.includes(token)) depth += 1;
      before = token;
    }
    return parts.join("");
  };
  const escapeInCapitals = (text) =>
    escapeAscii(text).replace(/\\u[0-9a-f]{4}/g, (found) => `\\u${found.slice(2).toUpperCase()}`);
  /** Escapes for what HTML would read as its own. */
  const escapeLikeGo = (text) => text.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
  /** Letters beyond ASCII in place of their escapes. */
  const writeLetters = (text) =>
    text.replace(ESCAPE, (found) => {
      const letter = found.startsWith("\\u") && found.length > 2 ? JSON.parse(`"${found}"`) : "";
      return letter > "\x7f" ? letter : found;
    });
  const escapeSlashes = (text) => text.replace(/\\.|\//g, (found) => (found === "/" ? "\\/" : found));
  const writeSlashes = (text) => text.replace(/\\./g, (found) => (found === "\\/" ? "/" : found));

  const same = (text) => text;
  const SPACINGS = [
    ["", same],
    ["without blanks between its parts", (text) => split(text).join("")],
    ["with a blank after each `:` and `,`", space],
    ["indented by 2 blanks", indent("  ")],
    ["indented by 4 blanks", indent("    ")],
    ["indented by tabs", indent("\t")],
  ];
  const LETTERS = [
    ["", same],
    ["with `\\u` and digits for letters beyond ASCII", escapeAscii],
    ["with `\\u` and capital digits for letters beyond ASCII", escapeInCapitals],
    ["with letters beyond ASCII where `\\u` and digits were sent", writeLetters],
  ];
  const SLASHES = [
    ["", same],
    ["with `\\/` for `/`", escapeSlashes],
    ["with `/` where `\\/` was sent", writeSlashes],
  ];

  /** The text after all changes; null if one of them changes nothing. */
  const joinChanges = (changes) => (text) => {
    let made = text;
    for (const change of changes) {
      const changed = change(made);
      if (changed === made) return null;
      made = changed;
    }
    return made;
  };

  /** Whether the text is made of the parts of a JSON object or list. */
  const isJson = (text) => OPENING.some((sign) => text.startsWith(sign)) && split(text).length > 0;
  /** How JSON is written otherwise, and what makes this text of another. */
  const jsonWays = () =>
    SPACINGS.flatMap((spacing) => LETTERS.flatMap((letters) => SLASHES.map((slashes) => [spacing, letters, slashes])))
      .map((chosen) => chosen.filter(([how]) => how))
      .filter((chosen) => chosen.length)
      .map((chosen) => [chosen.map(([how]) => how).join(" and "), joinChanges(chosen.map(([, change]) => change))]);

  globalThis.procwiseJsonTexts = { isJson, jsonWays, escapeInCapitals, escapeLikeGo };
})();
