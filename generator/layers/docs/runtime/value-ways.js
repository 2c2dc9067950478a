// Texts and lists as programs write them before they sign: escaped, quoted, decoded, joined otherwise. As the client's `explain` does it.
(() => {
  const { dumpJson, compactJson } = globalThis.procwiseTexts;
  const { escapeInCapitals, escapeLikeGo } = globalThis.procwiseJsonTexts;
  const { encodeUtf8 } = globalThis.procwiseBytes;

  const BASIC = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  const QUOTED = { ...BASIC, '"': "&quot;" };
  const LATIN =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 " +
    "ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml " +
    "ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig " +
    "ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml " +
    "yacute thorn yuml";
  const NAMED = Object.fromEntries(LATIN.split(" ").map((name, at) => [String.fromCharCode(160 + at), `&${name};`]));
  const BEYOND_ASCII = /[^\x00-\x7f]/gu;

  const pad = (number, length) => number.toString(16).padStart(length, "0");
  const replaceBy = (texts) => (text) => Array.from(text, (letter) => texts[letter] ?? letter).join("");
  const referBy = (write) => (text) => text.replace(BEYOND_ASCII, (letter) => `&#${write(letter.codePointAt(0))};`);
  const escapeCodePoints = (text) =>
    text.replace(BEYOND_ASCII, (letter) => {
      const code = letter.codePointAt(0);
      return code < 0x100 ? `\\x${pad(code, 2)}` : code < 0x10000 ? `\\u${pad(code, 4)}` : `\\U${pad(code, 8)}`;
    });
  const escapeBytes = (text) => text.replace(BEYOND_ASCII, (letter) => [...encodeUtf8(letter)].map((byte) => `\\x${pad(byte, 2)}`).join(""));
  const escapeUnits = (text) =>
    text.replace(/[^A-Za-z0-9@*_+\-./]/g, (unit) => {
      const code = unit.charCodeAt(0);
      return (code < 0x100 ? `%${pad(code, 2)}` : `%u${pad(code, 4)}`).replace(/[a-f]/g, (digit) => digit.toUpperCase());
    });
  const decode = (text) =>
    [["&quot;", '"'], ["&gt;", ">"], ["&lt;", "<"], ["&#39;", "'"], ["&amp;", "&"]].reduce((found, [entity, letter]) => found.replaceAll(entity, letter), text);

  /** What to say of each way, and what makes the wrong text of the right one. */
  function textWays() {
    const letters = (how) => `{names} was signed with ${how} for letters beyond ASCII; sign the letters themselves`;
    const entities = "{names} was signed with entities of HTML, such as `&amp;` or `&#233;`; sign the text itself";
    const quotes = "{names} was signed in quotation marks; sign the text without them";
    const slashes = "{names} was signed with backslashes before quotation marks; sign the text itself";
    const ways = [
      [letters("`\\u` and capital digits"), escapeInCapitals],
      [letters("`\\x` and digits"), escapeCodePoints],
      [letters("the bytes of UTF-8, such as `\\xc3`,"), escapeBytes],
      ["{names} was signed as JavaScript's `escape` writes it, such as `%u20AC`; sign the raw text", escapeUnits],
      ...listEntities().map((texts) => [entities, replaceBy(texts)]),
    ];
    for (const write of [String, (code) => `x${pad(code, 0)}`, (code) => `x${pad(code, 0).toUpperCase()}`]) {
      for (const texts of [{}, { ...QUOTED, "'": "&#39;" }]) {
        ways.push([entities, (text) => referBy(write)(replaceBy(texts)(text))]);
      }
    }
    ways.push(["{names} was signed without the entities of HTML that were sent, such as `&amp;`; sign what you send", decode]);
    ways.push([quotes, (text) => `"${text}"`], [quotes, (text) => `'${text}'`]);
    for (const marks of ["\"'\\", '"\\', "'\\"]) {
      ways.push([slashes, replaceBy(Object.fromEntries([...marks].map((mark) => [mark, `\\${mark}`])))]);
    }
    return ways;
  }
  function listEntities() {
    const apostrophes = ["&#39;", "&#x27;", "&#039;", "&apos;"].map((apostrophe) => ({ ...QUOTED, "'": apostrophe }));
    return [BASIC, QUOTED, ...apostrophes, { ...QUOTED, ...NAMED }, { ...QUOTED, "'": "&#039;", ...NAMED }];
  }

  const NAMES = { " ": "a blank", ";": "a semicolon", "; ": "a semicolon", "|": "`|`", "\n": "a line break", "": "nothing", ",": "a comma", ", ": "a comma" };
  const JOINERS = [",", ", ", ";", "|", " "];
  /** How a list was signed, and what writes it so; `print` makes text of an item. */
  function listWays(print) {
    const wrap = (start, end, joiner, mark) => (items) => start + items.map((item) => mark + print(item) + mark).join(joiner) + end;
    const between = (joiner) => `with ${NAMES[joiner]} between its items`;
    const ways = [" ", ";", "; ", "|", "\n", ""].map((joiner) => [between(joiner), wrap("", "", joiner, "")]);
    for (const [[start, end], brackets] of [["[]", "brackets"], ["()", "parentheses"], ["{}", "braces"]]) {
      for (const joiner of JOINERS) {
        for (const mark of ["", "'", '"']) {
          ways.push([`in ${brackets}, ${between(joiner)}${mark ? ", each in quotation marks" : ""}`, wrap(start, end, joiner, mark)]);
        }
      }
    }
    for (const mark of ["'", '"']) {
      for (const joiner of JOINERS) ways.push([`${between(joiner)}, each in quotation marks`, wrap("", "", joiner, mark)]);
    }
    ways.push(["as JSON", (items) => escapeInCapitals(compactJson(items))], ["as JSON", (items) => escapeInCapitals(dumpJson(items))]);
    ways.push(["as Go writes JSON", (items) => escapeLikeGo(compactJson(items))]);
    for (const printed of ["System.String[]", "System.Collections.Generic.List`1[System.String]"]) ways.push(["as C# prints it", () => printed]);
    ways.push(["with its first item alone", (items) => (items.length ? print(items[0]) : "")]);
    ways.push(["with its last item alone", (items) => (items.length ? print(items[items.length - 1]) : "")]);
    return ways;
  }

  const MOST_BLANKS = 6;
  const MOST_CHOICES = 256;
  function* combinations(items, count, start = 0) {
    if (count === 0) yield [];
    else for (let i = start; i < items.length; i += 1) for (const rest of combinations(items, count - 1, i + 1)) yield [items[i], ...rest];
  }
  function* limit(items, most) {
    let taken = 0;
    if (most > 0) for (const item of items) {
      yield item;
      if ((taken += 1) >= most) return;
    }
  }
  /** The text with some of its `old` as `made`, but not all: every choice of few; of many, each one and all but one. */
  function* replaceSome(text, old, made) {
    const pieces = text.split(old);
    const places = [...pieces.keys()].slice(0, -1);
    const few = Array.from({ length: Math.max(0, places.length - 1) }, (_, at) => at + 1);
    for (const size of places.length <= MOST_BLANKS ? few : [1, places.length - 1]) {
      for (const chosen of combinations(places, size)) {
        yield pieces[0] + places.map((at) => (chosen.includes(at) ? made : old) + pieces[at + 1]).join("");
      }
    }
  }
  /** A query or a form with some of its blanks written otherwise than they are sent. */
  function mixBlanks(text) {
    const found = new Set([...replaceSome(text, "%20", "+"), ...replaceSome(text, "+", "%20")]);
    if (text.includes("+") && text.includes("%20")) { // both are blanks: every other choice of the two
      const plain = text.replaceAll("+", "%20");
      for (const one of [plain.replaceAll("%20", "+"), plain, ...limit(replaceSome(plain, "%20", "+"), MOST_CHOICES)]) found.add(one);
    }
    return [...limit([...found].filter((one) => one !== text), MOST_CHOICES)];
  }

  globalThis.procwiseValueWays = { textWays, listWays, replaceSome, mixBlanks, limit, MOST_CHOICES };
})();
