// Links to single rows, and the way from one version of a page to the other.
(() => {
  // Behind the place stands what was typed into the workbench of the page before; no key is among it.
  const TYPED = "&typed=";
  const placeOf = (hash) => hash.slice(1).split(TYPED)[0];
  const byHash = () => {
    const id = decodeURIComponent(placeOf(location.hash));
    const rest = /^\d{3}(\..+)$/.exec(id)?.[1]; // a response of several statuses has one list of members
    return document.getElementById(id) ?? (rest && [...document.querySelectorAll(".op-row[id]")].find((row) => row.id.slice(3) === rest));
  };

  /** Shows the row of the address, or the place that was left: Material notes with each entry of the history how far it was scrolled. */
  function reveal(entry) {
    const row = location.hash && byHash();
    if (!row || !row.closest(".op")) return;
    row.closest(".op").classList.add("op-whole"); // what is not laid out yet would push the row away
    for (let above = row; above; above = above.parentElement) if (above.tagName === "DETAILS") above.open = true;
    const side = row.closest(".op-side");
    const sticky = side && getComputedStyle(side).position === "sticky"; // the column has its own scroll bar, and goes along
    if (sticky) side.scrollTop = row.offsetTop - side.offsetTop;
    if (entry?.y > 0) scrollTo(0, entry.y);
    else if (sticky) scrollTo(0, 0);
    else row.scrollIntoView();
  }

  function writeTyped() {
    const root = document.querySelector(".op-workbench[data-ready]");
    const typed = root ? globalThis.procwiseTyped(root) : {};
    return Object.keys(typed).length ? TYPED + encodeURIComponent(JSON.stringify(typed)) : "";
  }
  const isText = (value) => typeof value === "string";
  const isPath = (value) => Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText));
  /** What the page before has carried over; it is taken out of the address, so that no history keeps it. */
  function takeTyped() {
    const [place, text] = location.hash.slice(1).split(TYPED);
    if (text === undefined) return undefined;
    history.replaceState(history.state, "", place ? `#${place}` : location.pathname + location.search);
    try {
      const named = Object.entries(JSON.parse(decodeURIComponent(text)));
      return Object.fromEntries(named.filter(([name, value]) => (name === "path" ? isPath(value) : isText(value))));
    } catch {
      return undefined;
    }
  }

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.(".op-anchor");
    if (anchor) navigator.clipboard?.writeText(anchor.href).catch(() => {});
    const version = event.target.closest?.(".op-versions a");
    if (version) version.hash = placeOf(location.hash) + writeTyped();
  }, true); // before Material, which takes the address of a link to load its page into this one

  // The workbench is loaded when it is first opened, as classic scripts that work from a file too.
  const here = document.currentScript.src;
  const SCRIPTS = [
    "vendor/js-md5", "webcrypto", "bytes", "texts", "json-texts", "value-ways", "transforms", "moments", "request", "evaluator", "claims", "nonces",
    "signing", "mistakes", "request-bodies", "request-lines", "request-writings", "request-mistakes", "requests", "programs", "workbench-data", "shown", "refused",
    "workbench",
  ];
  let loaded;
  const load = (name) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: new URL(name, here), onload: done, onerror: failed });
      document.head.append(script);
    });
  const open = async (root, typed) => {
    loaded ??= SCRIPTS.reduce((before, name) => before.then(() => load(`${name}.js`)), Promise.resolve());
    await loaded;
    globalThis.procwiseOpen(root, typed);
  };

  const left = new Map(); // the workbench of each page that was loaded into this one, with what was typed: for the way back
  function mount() {
    const typed = takeTyped();
    for (const root of document.querySelectorAll(".op-workbench")) mountWorkbench(root, typed);
    reveal(history.state);
  }
  function mountWorkbench(root, typed) {
    const before = left.get(location.pathname);
    if (before && history.state) return root.replaceWith(before);
    left.set(location.pathname, root);
    if (root.tagName === "DETAILS") root.addEventListener("toggle", () => root.open && open(root));
    if (typed && root.tagName === "DETAILS") {
      open(root, typed);
      root.open = true;
    } else if (root.tagName !== "DETAILS" || root.open) open(root);
  }
  let noted; // when the address changed: until `hashchange`, Material may note the place of the row before in the entry of this one
  addEventListener("popstate", ({ state }) => { noted = state; }, true);
  addEventListener("hashchange", () => reveal(noted));
  if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", mount);
  else document$.subscribe(mount);
})();
