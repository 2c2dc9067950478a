// Every visible text whose contrast with what lies behind it is below what WCAG 2 AA asks.
() => {
  const parts = (text) => text.match(/[\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const linear = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const above = (element) => (element ? [element, ...above(element.parentElement)] : []);
  const behind = (element) =>
    above(element).reverse().reduce((below, e) => over(parts(getComputedStyle(e).backgroundColor), below), [255, 255, 255]);
  const opacity = (element) => above(element).reduce((product, e) => product * getComputedStyle(e).opacity, 1);

  const contrast = (element) => {
    const back = behind(element);
    const [r, g, b, a = 1] = parts(getComputedStyle(element).color);
    const [one, other] = [light(over([r, g, b, a * opacity(element)], back)), light(back)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const asked = ({ fontSize, fontWeight }) => (parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24) ? 3 : 4.5);

  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    const seen = element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    if (!text || !seen || element.closest("script, style, svg")) continue;
    const ratio = contrast(element);
    if (ratio < asked(getComputedStyle(element))) faint.push([text.slice(0, 40), ratio.toFixed(2), element.className || element.tagName]);
  }
  return faint;
};
