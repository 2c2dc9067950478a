// What Material leaves unsaid to screen readers and out of reach of the keyboard.
function mend() {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
  document.querySelector(".md-progress[role=progressbar]")?.setAttribute("aria-label", "Loading");
  for (const block of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) block.tabIndex = 0;
}
if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", mend);
else document$.subscribe(mend);

// Material loads each page into the one that is open (`navigation.instant`). A move within a page is the browser's: Material would load that page anew.
function keepMovesWithinPages() {
  let page = location.pathname;
  location$.subscribe(({ pathname }) => { page = pathname; });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const within = link?.hash && link.origin === location.origin && link.pathname === page;
    if (within || (link && event.shiftKey)) link.target ||= "_self"; // Material leaves links with a target alone
  }, true);
  // Material notes late where the page was scrolled to; once the address is that of the next page, that would be written into its entry.
  let isLeaving = false;
  globalThis.followHistory = (event) => {
    isLeaving ||= location.pathname !== page;
    if (location.pathname !== page) return;
    event.stopImmediatePropagation();
    if (history.state?.y !== undefined) scrollTo(0, history.state.y);
  };
  const { pushState, replaceState } = history;
  history.pushState = (...entry) => {
    isLeaving = true;
    pushState.apply(history, entry);
  };
  history.replaceState = (...entry) => {
    if (!isLeaving) replaceState.apply(history, entry);
  };
  let pages = 0;
  document$.subscribe(() => {
    isLeaving = false;
    const heading = pages++ && !location.hash && document.querySelector(".md-content h1"); // results of the search have headings too
    if (!heading) return;
    heading.tabIndex = -1; // a screen reader says where one is, and the tab key goes on from there
    heading.focus({ preventScroll: true });
  });
}
if (typeof location$ !== "undefined") keepMovesWithinPages();
