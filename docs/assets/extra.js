// What Material leaves unsaid to screen readers and out of reach of the keyboard.
function mend() {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
  document.querySelector(".md-progress[role=progressbar]")?.setAttribute("aria-label", "Loading");
  for (const block of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) block.tabIndex = 0;
}
if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", mend);
else document$.subscribe(mend);
