// Links to single rows, and the way from one version of a page to the other.
(() => {
  const byHash = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const rest = /^\d{3}(\..+)$/.exec(id)?.[1]; // a response of several statuses has one list of members
    return document.getElementById(id) ?? (rest && [...document.querySelectorAll(".op-row[id]")].find((row) => row.id.slice(3) === rest));
  };

  function reveal() {
    const row = location.hash && byHash();
    if (!row || !row.closest(".op")) return;
    for (let above = row; above; above = above.parentElement) if (above.tagName === "DETAILS") above.open = true;
    const side = row.closest(".op-side");
    if (side && getComputedStyle(side).position === "sticky") {
      scrollTo(0, 0); // the column has its own scroll bar, and goes along
      side.scrollTop = row.offsetTop - side.offsetTop;
    } else row.scrollIntoView();
  }

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.(".op-anchor");
    if (anchor) navigator.clipboard?.writeText(anchor.href).catch(() => {});
    const version = event.target.closest?.(".op-versions a");
    if (version) version.hash = location.hash;
  });

  // The workbench is loaded when it is first opened, as classic scripts that work from a file too.
  const here = document.currentScript.src;
  const SCRIPTS = [
    "vendor/js-md5", "webcrypto", "bytes", "texts", "json-texts", "transforms", "moments", "request", "evaluator", "claims", "nonces",
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
  const open = async (root) => {
    loaded ??= SCRIPTS.reduce((before, name) => before.then(() => load(`${name}.js`)), Promise.resolve());
    await loaded;
    globalThis.procwiseOpen(root);
  };

  function mount() {
    for (const root of document.querySelectorAll(".op-workbench")) {
      if (root.tagName !== "DETAILS" || root.open) open(root);
      else root.addEventListener("toggle", () => root.open && open(root));
    }
    reveal();
  }
  addEventListener("hashchange", reveal);
  if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", mount);
  else document$.subscribe(mount);
})();
