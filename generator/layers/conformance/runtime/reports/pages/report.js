"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const cards = [...document.querySelectorAll(".card")];
  const words = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const operations = (card) => [...card.querySelectorAll("[data-operation]")].map((one) => one.dataset.operation);

  const fits = (card, wanted) =>
    (!wanted.operation || operations(card).includes(wanted.operation)) &&
    (!wanted.level || card.dataset.level === wanted.level) &&
    (!wanted.layer || card.dataset.layer === wanted.layer) &&
    wanted.words.every((word) => words.get(card).includes(word));

  const show = () => {
    const wanted = { words: at("search").value.toLowerCase().split(/\s+/).filter(Boolean) };
    for (const name of ["operation", "level", "layer"]) wanted[name] = at(name).value;
    for (const card of cards) card.hidden = !fits(card, wanted);
    at("shown").textContent = `${cards.filter((card) => !card.hidden).length} of ${cards.length} are shown.`;
  };

  const uncover = () => {
    const card = cards.find((one) => `#${one.id}` === location.hash);
    if (card?.hidden) {
      at("filters").reset();
      show();
      card.scrollIntoView();
    }
  };

  const select = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };

  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch { // no clipboard is there: the reader presses the keys
      select(text);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  for (const text of document.querySelectorAll("pre.copy")) {
    const button = document.createElement("button");
    const frame = document.createElement("div");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", () => copy(text, button));
    frame.className = "copied";
    text.replaceWith(frame);
    frame.append(text, button);
  }

  if (at("filters")) {
    at("filters").hidden = false;
    at("filters").addEventListener("input", show);
    at("filters").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", uncover);
    show();
  }
})();
