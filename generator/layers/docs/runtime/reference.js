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
    row.scrollIntoView();
  }

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.(".op-anchor");
    if (anchor) navigator.clipboard?.writeText(anchor.href).catch(() => {});
    const version = event.target.closest?.(".op-versions a");
    if (version) version.hash = location.hash;
  });
  addEventListener("hashchange", reveal);
  if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", reveal);
  else document$.subscribe(reveal);
})();
