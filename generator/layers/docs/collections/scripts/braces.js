// JSON bodies are written without two braces side by side: what stands between them would be taken for a variable.
const spellBraces = (text) => text.replace(/\{(?=\{)/g, "\\u007b");
(() => {
  const { compactJson } = globalThis.procwiseTexts;
  globalThis.procwiseTexts.compactJson = (value) => spellBraces(compactJson(value));
})();
